package dev.gatlingllm.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatlingllm.server.EngineProfile;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class EngineTest {

  private static final long MILLI = 1_000_000;
  private static final long BEGINNING = -5_000 * MILLI;

  /** An overhead of 20 ms, 10 ms per step, and 100 ms per 1,000 prompt tokens. */
  private static final EngineSettings LAW =
      EngineProfile.PLEASANT.settings().toBuilder()
          .overhead(Duration.ofMillis(20))
          .stepBase(Duration.ofMillis(10))
          .stepPerSequence(Duration.ZERO)
          .prefillTokensPerSecond(10_000)
          .jitter(0)
          .build();

  private final FakeClock clock = new FakeClock(BEGINNING);

  @Test
  void timesTokensByOverheadPrefillAndSteps() {
    RecordingListener listening = start(engine(LAW), 1000, 4);
    clock.runUntilIdle(0);

    assertThat(listening.admitted).isEqualTo(20);
    assertThat(listening.prefillStarted).isEqualTo(20);
    assertThat(listening.prefillEnded).isEqualTo(130);
    assertThat(listening.told).containsExactly(130L, 140L, 150L, 160L);
    assertThat(listening.finished).isTrue();
  }

  @Test
  void cachedTokensNeedNoPrefill() {
    Engine engine = engine(LAW);
    start(engine, 1000, 1);
    clock.runUntilIdle(0);
    RecordingListener second = start(engine, 1000, 1);
    clock.runUntilIdle(0);

    assertThat(second.cached).isEqualTo(992);
    // one step and 0.8 ms for 8 tokens
    assertThat(second.prefillEnded - second.admitted).isEqualTo(10);
  }

  @Test
  void delaysDoNotAddUp() {
    RecordingListener listening = start(engine(LAW), 1000, 100);
    clock.runUntilIdle(3 * MILLI);

    assertThat(listening.dues.get(99)).isEqualTo(130 + 99 * 10);
    assertThat(listening.told.get(99)).isEqualTo(130 + 99 * 10 + 3);
  }

  @Test
  void catchesUpOnOneStepAtMost() {
    RecordingListener listening = start(engine(LAW), 1000, 5);
    clock.runUntilIdle(500 * MILLI);

    // at 520 ms, the prompt's step of 110 ms is over, and the next two began at 410 and 510 ms
    assertThat(listening.told).containsExactly(520L, 520L, 520L, 1030L, 1030L);
  }

  @Test
  void slowlyReadRequestArrivesLate() {
    clock.at(BEGINNING + 500 * MILLI, () -> {});
    clock.runUntilIdle(0);
    RecordingListener listening = start(engine(LAW), 1000, 3, BEGINNING);
    clock.runUntilIdle(0);

    assertThat(listening.admitted).isEqualTo(500);
    assertThat(listening.told).containsExactly(610L, 620L, 630L);
  }

  @Test
  void jitterStaysWithinItsFraction() {
    RecordingListener listening = start(engine(LAW.toBuilder().jitter(0.5).build()), 1000, 200);
    clock.runUntilIdle(0);

    List<Long> dues = listening.dues;
    assertThat(IntStream.range(1, 200).mapToObj(i -> dues.get(i) - dues.get(i - 1)))
        .allSatisfy(step -> assertThat(step).isBetween(4L, 16L))
        .anySatisfy(step -> assertThat(step).isLessThan(7))
        .anySatisfy(step -> assertThat(step).isGreaterThan(13));
  }

  @Test
  void servesSequencesOfAStepInTurn() {
    Engine engine = engine(LAW.toBuilder().stepPerSequence(Duration.ofMillis(5)).build());
    RecordingListener first = start(engine, 16, 2);
    RecordingListener second = start(engine, 16, 2);
    clock.runUntilIdle(0);

    // the first alone in a step of 10 + 1.6 + 5 ms, then both
    assertThat(first.dues).containsExactly(36L, 53L);
    assertThat(second.dues).containsExactly(58L, 73L);
  }

  @Test
  void deliversTokensOfZeroTimeStepsTogether() {
    RecordingListener listening = start(engine(EngineProfile.INSTANT.settings()), 100, 1000);
    clock.runUntilIdle(0);

    assertThat(listening.told).hasSize(1000).containsOnly(0L);
    assertThat(listening.finished).isTrue();
  }

  @Test
  void sharesBlocksWithinOneStep() {
    Engine engine = engine(LAW);
    start(engine, 10, 2);
    RecordingListener first = start(engine, 64, 4);
    RecordingListener second = start(engine, 64, 4);
    clock.runUntilIdle(0);

    // 64 tokens for the first and 16, the last block, for the second, in the same step
    assertThat(second.cached).isEqualTo(48);
    assertThat(first.prefillEnded - first.prefillStarted).isEqualTo(10 + 8);
    assertThat(second.prefillEnded).isEqualTo(first.prefillEnded);
  }

  @Test
  void cancelStopsEventsAndReleasesBlocks() {
    Engine engine = engine(LAW.toBuilder().maxNumSeqs(1).build());
    Generation[] generation = new Generation[1];
    RecordingListener cancelled =
        new RecordingListener(clock) {
          @Override
          public void tokens(int count, long dueNanos) {
            super.tokens(count, dueNanos);
            generation[0].cancel();
          }
        };
    generation[0] = engine.prepare(job(10, 1_000, clock.nanoTime()), "model");
    generation[0].start(ImmediateEventExecutor.INSTANCE, cancelled);
    RecordingListener next = start(engine, 10, 2);
    clock.runUntilIdle(0);

    assertThat(cancelled.told).hasSize(1);
    assertThat(cancelled.finished).isFalse();
    // the next sequence starts one step later
    assertThat(next.dues.get(0)).isLessThan(70);
  }

  @Test
  void logsListenerFailureAndContinuesOthers() {
    var logger = (Logger) LoggerFactory.getLogger(Generation.class);
    var logged = new ListAppender<ILoggingEvent>();
    logged.start();
    logger.addAppender(logged);
    logger.setAdditive(false);
    Engine engine = engine(LAW);
    engine
        .prepare(job(10, 5, clock.nanoTime()), "model")
        .start(
            ImmediateEventExecutor.INSTANCE,
            new RecordingListener(clock) {
              @Override
              public void tokens(int count, long dueNanos) {
                throw new IllegalStateException("a mishap");
              }
            });
    RecordingListener other = start(engine, 10, 5);
    clock.runUntilIdle(0);
    logger.detachAppender(logged);
    logger.setAdditive(true);

    assertThat(other.finished).isTrue();
    assertThat(logged.list)
        .singleElement()
        .satisfies(
            event -> assertThat(event.getThrowableProxy().getMessage()).isEqualTo("a mishap"));
  }

  @Test
  void rejectsJobThatCanNeverRun() {
    Engine engine = engine(LAW.toBuilder().kvBlocks(4).build());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> engine.prepare(job(60, 5, 0), "model"))
        .withMessageContaining("kv-blocks must be at least 5");
  }

  private Engine engine(EngineSettings settings) {
    return new Engine(settings, clock, 42, EngineMetrics.llamaCpp());
  }

  private RecordingListener start(Engine engine, int promptTokens, int replyTokens) {
    return start(engine, promptTokens, replyTokens, clock.nanoTime());
  }

  private RecordingListener start(
      Engine engine, int promptTokens, int replyTokens, long receivedNanos) {
    RecordingListener listening = new RecordingListener(clock);
    engine
        .prepare(job(promptTokens, replyTokens, receivedNanos), "model")
        .start(ImmediateEventExecutor.INSTANCE, listening);
    return listening;
  }

  private static Engine.Job job(int promptTokens, int replyTokens, long receivedNanos) {
    return new Engine.Job(
        new int[promptTokens], new int[replyTokens], Engine.End.LENGTH, receivedNanos);
  }
}
