package dev.gatlingllm.prompt;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps large texts outside of the heap: sockets send them from where they are, without a copy, and
 * no garbage collection moves them. Small texts stay on the heap, because copying them costs less
 * than referring to them. Any thread may call.
 *
 * <p>All texts together take at most a quarter of the largest heap; what exceeds this stays on the
 * heap. Memory is released when a text is garbage.
 */
public final class OffHeap {

  /** From so many bytes on, sending a text where it is costs less than copying it. */
  static final int LARGE_BYTES = 16 << 10;

  private static final AtomicLong LEFT = new AtomicLong(Runtime.getRuntime().maxMemory() / 4);
  private static final ReferenceQueue<ByteBuffer> GARBAGE = new ReferenceQueue<>();
  private static final Set<Kept> KEPT = ConcurrentHashMap.newKeySet();

  private OffHeap() {}

  /** Tells when a buffer is garbage, and has its own size as long. */
  private static final class Kept extends PhantomReference<ByteBuffer> {
    private final int bytes;

    Kept(ByteBuffer buffer) {
      super(buffer, GARBAGE);
      this.bytes = buffer.capacity();
    }
  }

  /**
   * Returns a buffer with the given bytes, a direct one if they are many. Neither bytes nor buffer
   * may be changed later, nor the buffer's position and limit: many threads have it.
   */
  public static ByteBuffer keep(byte[] bytes) {
    return bytes.length < LARGE_BYTES || !reserve(bytes.length)
        ? ByteBuffer.wrap(bytes)
        : direct(bytes);
  }

  private static boolean reserve(int bytes) {
    for (Reference<?> garbage; (garbage = GARBAGE.poll()) != null; ) {
      Kept kept = (Kept) garbage;
      KEPT.remove(kept);
      LEFT.addAndGet(kept.bytes);
    }
    boolean isReserved = LEFT.addAndGet(-bytes) >= 0;
    if (!isReserved) {
      LEFT.addAndGet(bytes);
    }
    return isReserved;
  }

  private static ByteBuffer direct(byte[] bytes) {
    try {
      ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
      KEPT.add(new Kept(buffer));
      return buffer;
    } catch (OutOfMemoryError limited) {
      // -XX:MaxDirectMemorySize is lower; do not try again
      LEFT.addAndGet(Long.MIN_VALUE / 2);
      return ByteBuffer.wrap(bytes);
    }
  }
}
