package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventLoopLagTest {

  private static final int PATIENCE_SECONDS = 60;

  @Test
  void measuresEachLoopOnItsOwnThread() throws InterruptedException {
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    Set<Integer> numbers = ConcurrentHashMap.newKeySet();
    AtomicLong least = new AtomicLong(Long.MAX_VALUE);
    CountDownLatch bothLoops = new CountDownLatch(2);
    CountDownLatch ran = new CountDownLatch(20);
    try {
      EventLoopLag.watch(
          loops,
          (loop, due, at) -> {
            if (threads.add(Thread.currentThread())) {
              numbers.add(loop);
              bothLoops.countDown();
            }
            least.accumulateAndGet(at - due, Math::min);
            ran.countDown();
          });
      assertThat(bothLoops.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(ran.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      loops.shutdownGracefully(0, PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    assertThat(loops.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS))
        .as("the watch does not keep the loops alive")
        .isTrue();
    assertThat(threads).hasSize(2);
    assertThat(numbers).containsExactlyInAnyOrder(0, 1);
    assertThat(least.get()).isNotNegative();
  }
}
