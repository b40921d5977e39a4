package dev.gatlingllm.prompt;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
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
 * <p>All texts together take at most a quarter of the largest heap, and of the memory that the
 * process may have outside of it, which connections need, too; what exceeds this stays on the heap.
 * Memory is released when a text is garbage.
 */
public final class OffHeap {

  /** From so many bytes on, sending a text where it is costs less than copying it. */
  static final int LARGE_BYTES = 16 << 10;

  private static final OffHeap OF_PROCESS = new OffHeap(maxMemory() / 4);

  private final AtomicLong left;
  private final ReferenceQueue<ByteBuffer> garbage = new ReferenceQueue<>();
  private final Set<Kept> kept = ConcurrentHashMap.newKeySet();

  /**
   * @param limit most bytes outside of the heap
   */
  OffHeap(long limit) {
    this.left = new AtomicLong(limit);
  }

  private static long maxMemory() {
    long heap = Runtime.getRuntime().maxMemory();
    long outside = maxDirectMemory();
    return outside > 0 ? Math.min(heap, outside) : heap;
  }

  /** Returns -XX:MaxDirectMemorySize, or 0 where it is not set: then it is as much as the heap. */
  private static long maxDirectMemory() {
    try {
      HotSpotDiagnosticMXBean machine =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return machine == null
          ? 0
          : Long.parseLong(machine.getVMOption("MaxDirectMemorySize").getValue());
    } catch (IllegalArgumentException unknownOption) {
      return 0;
    }
  }

  /** Tells when a buffer is garbage, and has its own size as long. */
  private static final class Kept extends PhantomReference<ByteBuffer> {
    private final int bytes;

    Kept(ByteBuffer buffer, ReferenceQueue<ByteBuffer> garbage) {
      super(buffer, garbage);
      this.bytes = buffer.capacity();
    }
  }

  /**
   * Returns a buffer with the given bytes, a direct one if they are many. Neither bytes nor buffer
   * may be changed later, nor the buffer's position and limit: many threads have it.
   */
  public static ByteBuffer keep(byte[] bytes) {
    return OF_PROCESS.kept(bytes);
  }

  ByteBuffer kept(byte[] bytes) {
    return bytes.length < LARGE_BYTES || !reserve(bytes.length)
        ? ByteBuffer.wrap(bytes)
        : direct(bytes);
  }

  private boolean reserve(int bytes) {
    for (Reference<?> collected; (collected = garbage.poll()) != null; ) {
      kept.remove(collected);
      left.addAndGet(((Kept) collected).bytes);
    }
    boolean isReserved = left.addAndGet(-bytes) >= 0;
    if (!isReserved) {
      left.addAndGet(bytes);
    }
    return isReserved;
  }

  private ByteBuffer direct(byte[] bytes) {
    try {
      ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
      kept.add(new Kept(buffer, garbage));
      return buffer;
    } catch (OutOfMemoryError limited) {
      // -XX:MaxDirectMemorySize is lower; do not try again
      left.addAndGet(Long.MIN_VALUE / 2);
      return ByteBuffer.wrap(bytes);
    }
  }
}
