package dev.gatlingllm.benchmarks;

import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Records on a thread of its own what a client uses while it is measured, and knows when that is
 * over. Time counts from the first response, however long the machine took to start. Any thread may
 * call any method.
 */
final class ClientWatcher {

  private final Load load;
  private final Path folder;
  private final CountDownLatch firstResponse = new CountDownLatch(1);
  private volatile boolean over;

  ClientWatcher(Load load, Path folder) {
    this.load = load;
    this.folder = folder;
    Thread thread = new Thread(this::watch, "benchmark-watcher");
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    try {
      firstResponse.await();
      // not earlier: what Gatling created at its start is garbage by now
      long idle = memory();
      CompilerThreads compilers = new CompilerThreads();
      List<Long> compiling = new ArrayList<>(List.of(compilers.nanos()));
      watch(load.warmUpSeconds(), compilers, compiling);
      Usage begin = Usage.now(compilers);
      watch(load.seconds(), compilers, compiling);
      Usage end = Usage.now(compilers);
      // not earlier: collecting stops the streams for a moment
      new ClientNotes(begin, end, idle, memory(), compiling).write(folder);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      over = true;
    }
  }

  private static void watch(int seconds, CompilerThreads compilers, List<Long> compiling)
      throws InterruptedException {
    long begin = System.nanoTime();
    for (int second = 1; second <= seconds; second++) {
      TimeUnit.NANOSECONDS.sleep(begin + TimeUnit.SECONDS.toNanos(second) - System.nanoTime());
      compiling.add(compilers.nanos());
    }
  }

  /** Records the end of a response. */
  void answered() {
    firstResponse.countDown();
  }

  /** Returns whether the streams may end. */
  boolean isOver() {
    return over;
  }

  /** Returns the bytes in use after a collection, without the benchmark's own. */
  private static long memory() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory()
        - runtime.freeMemory()
        + PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory()
        - ArrivalsFile.keptBytes();
  }
}
