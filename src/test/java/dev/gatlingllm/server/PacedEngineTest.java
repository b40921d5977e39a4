package dev.gatlingllm.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PacedEngineTest {

  private static final long MILLI = 1_000_000;
  private static final long RECEIVED = -5_000 * MILLI;

  private final FakeClock clock = new FakeClock(RECEIVED);
  private final List<Long> times = new ArrayList<>();
  private int cached = -1;
  private boolean finished;

  @Test
  void theFirstTokenComesAfterOverheadAndPrefillAndTheOthersAtThePace() {
    run(engine(pace(0)), 1000, 4, 0);

    assertThat(times).containsExactly(120L, 130L, 140L, 150L);
    assertThat(finished).isTrue();
  }

  @Test
  void whatIsCachedNeedsNoPrefill() {
    Engine engine = engine(pace(0));
    run(engine, 1000, 1, 0);
    times.clear();
    engine
        .prepare(new Engine.Job(new int[1000], new int[1], clock.nanoTime(), 42))
        .start(clock, listener(i -> {}));
    clock.runUntilIdle(0);

    assertThat(cached).isEqualTo(992);
    assertThat(times).containsExactly(120L + 20); // and 8 tokens, 0.8 ms
  }

  @Test
  void beingLateDoesNotAddUp() {
    run(engine(pace(0)), 1000, 100, 3 * MILLI);

    assertThat(times.get(99)).isEqualTo(120 + 99 * 10 + 3);
  }

  @Test
  void aRequestThatWasReadForLongStartsLateInsteadOfInABurst() {
    clock.at(RECEIVED + 500 * MILLI, () -> {});
    clock.runUntilIdle(0);
    run(engine(pace(0)), 1000, 3, 0);

    assertThat(times).containsExactly(500L, 510L, 520L);
  }

  @Test
  void jitterMovesTokensWithinItsShareAndKeepsTheirOrder() {
    run(engine(pace(0.5)), 1000, 200, 0);

    assertThat(times).isSorted();
    assertThat(times.get(0)).isEqualTo(120);
    assertThat(IntStream.range(0, 200).mapToObj(i -> times.get(i) - 120 - i * 10L))
        .allSatisfy(deviation -> assertThat(deviation).isBetween(-5L, 5L))
        .anySatisfy(deviation -> assertThat(deviation).isLessThan(-2))
        .anySatisfy(deviation -> assertThat(deviation).isGreaterThan(2));
  }

  @Test
  void aCancelledGenerationSaysNoMore() {
    Generation generation =
        engine(pace(0)).prepare(new Engine.Job(new int[10], new int[5], RECEIVED, 1));
    generation.start(clock, listener(i -> generation.cancel()));
    clock.runUntilIdle(0);

    assertThat(times).hasSize(1);
    assertThat(finished).isFalse();
  }

  private static Pace pace(double jitter) {
    return new Pace(Duration.ofMillis(20), 10_000, Duration.ofMillis(10), jitter);
  }

  private static Engine engine(Pace pace) {
    return new PacedEngine(pace, new PrefixCache(1000), 16);
  }

  private void run(Engine engine, int promptTokens, int replyTokens, long lateness) {
    Engine.Job job = new Engine.Job(new int[promptTokens], new int[replyTokens], RECEIVED, 42);
    engine.prepare(job).start(clock, listener(i -> {}));
    clock.runUntilIdle(lateness);
  }

  private long millis() {
    return Math.floorDiv(clock.nanoTime() - RECEIVED, MILLI);
  }

  private Generation.Listener listener(IntConsumer onToken) {
    return new Generation.Listener() {
      @Override
      public void admitted(int cachedTokens) {
        cached = cachedTokens;
      }

      @Override
      public void token(int index) {
        assertThat(index).isEqualTo(times.size());
        times.add(millis());
        onToken.accept(index);
      }

      @Override
      public void finished() {
        finished = true;
      }
    };
  }
}
