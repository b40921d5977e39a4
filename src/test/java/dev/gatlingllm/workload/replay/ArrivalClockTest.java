package dev.gatlingllm.workload.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.workload.Shard;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class ArrivalClockTest {

  /** Close to where {@link System#nanoTime()} wraps, which must not matter. */
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10);

  private LongUnaryOperator clock(boolean loop) {
    return new Arrivals(new long[] {0, 100, 300}, loop, Shard.WHOLE).clock(now::get);
  }

  @Test
  void countsFromTheFirstQuestion() {
    LongUnaryOperator clock = clock(false);

    assertThat(clock.applyAsLong(0)).isEqualTo(Long.MAX_VALUE - 10);
    now.addAndGet(50);
    assertThat(clock.applyAsLong(1)).isEqualTo(Long.MAX_VALUE - 10 + 100);
    assertThat(clock.applyAsLong(2)).isEqualTo(Long.MAX_VALUE - 10 + 300);
  }

  @Test
  void isDueAtOnceAfterTheEndOfTheTrace() {
    LongUnaryOperator clock = clock(false);
    clock.applyAsLong(0);
    now.addAndGet(7_000);

    assertThat(clock.applyAsLong(3)).isEqualTo(now.get());
  }

  @Test
  void startsOverWithALoopedTrace() {
    LongUnaryOperator clock = clock(true);

    assertThat(clock.applyAsLong(4) - clock.applyAsLong(0)).isEqualTo(300 + 150 + 100);
  }
}
