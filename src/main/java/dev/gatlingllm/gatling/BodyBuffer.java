package dev.gatlingllm.gatling;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.DelegatingHandle;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.util.UncheckedBooleanSupplier;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.function.BooleanSupplier;

/**
 * Reads bodies into one buffer for all connections of an event loop, while nobody keeps it. All
 * else is read as the connection did before.
 */
@SuppressWarnings("deprecation") // Netty itself has no other handle yet
final class BodyBuffer implements RecvByteBufAllocator {

  private static final int BYTES = 64 * 1024;

  private static final FastThreadLocal<ByteBuf> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected void onRemoval(ByteBuf buffer) {
          buffer.release();
        }
      };

  private final RecvByteBufAllocator usual;
  private final BooleanSupplier readsBody;

  /**
   * Creates an allocator for one connection.
   *
   * @param usual its own
   * @param readsBody whether what is read next is copied at once
   */
  BodyBuffer(RecvByteBufAllocator usual, BooleanSupplier readsBody) {
    this.usual = usual;
    this.readsBody = readsBody;
  }

  @Override
  public Handle newHandle() {
    return new BufferHandle(usual.newHandle());
  }

  private final class BufferHandle extends DelegatingHandle implements ExtendedHandle {

    BufferHandle(Handle usual) {
      super(usual);
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return readsBody.getAsBoolean() ? shared(allocator) : super.allocate(allocator);
    }

    private ByteBuf shared(ByteBufAllocator allocator) {
      ByteBuf buffer = OF_THREAD.getIfExists();
      if (buffer == null || buffer.refCnt() > 1) {
        ByteBuf free = allocator.ioBuffer(BYTES);
        OF_THREAD.set(free);
        if (buffer != null) {
          buffer.release();
        }
        buffer = free;
      }
      return buffer.clear().retain();
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
      return ((ExtendedHandle) delegate()).continueReading(maybeMoreData);
    }
  }
}
