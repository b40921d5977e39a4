package dev.gatlingllm.workload.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.workload.Shard;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class ArrivalClockTest {

  /** Close to where {@link System#nanoTime()} wraps, which must not matter. */
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10);

  private LongUnaryOperator clock(boolean loop) {
    return new Arrivals(new long[] {0, 100, 300}, loop, Shard.WHOLE).clock(now::get, () -> 0);
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
  void shardsAreDueAtTheTimesOfOneLoadGenerator() {
    long[] nanos = {0, 250_000_000, 1_400_000_000, 1_410_000_000, 2_000_000_000};
    LongUnaryOperator whole = new Arrivals(nanos, true, Shard.WHOLE).clock(() -> 7, () -> 0);
    for (int index = 1; index <= 3; index++) {
      Shard shard = new Shard(index, 3);
      Arrivals own = new Arrivals(nanos, true, shard);
      long first = own.burstNanos(0, Duration.ofSeconds(9));
      LongUnaryOperator clock = own.clock(() -> 7 + first, () -> first);

      for (int user = 0; user < 6; user++) {
        assertThat(clock.applyAsLong(user)).isEqualTo(whole.applyAsLong(shard.conversation(user)));
      }
    }
  }

  @Test
  void startsOverWithALoopedTrace() {
    LongUnaryOperator clock = clock(true);

    assertThat(clock.applyAsLong(4) - clock.applyAsLong(0)).isEqualTo(300 + 150 + 100);
  }
}
