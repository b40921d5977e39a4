package dev.gatlingllm.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.server.EngineProfile;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the engine under load, in virtual time, with queueing theory and its formula. */
class QueueingTest {

  private static final long MILLI = 1_000_000;

  /** One sequence at a time, 10 ms for a response of one token. */
  private static final EngineSettings ONE_SERVER =
      EngineProfile.INSTANT.settings().toBuilder()
          .stepBase(Duration.ofMillis(10))
          .maxNumSeqs(1)
          .prefixCaching(false)
          .build();

  /** 10 ms per step and 1 ms per sequence. */
  private static final EngineSettings BATCH =
      EngineProfile.INSTANT.settings().toBuilder()
          .stepBase(Duration.ofMillis(10))
          .stepPerSequence(Duration.ofMillis(1))
          .maxNumSeqs(16)
          .prefixCaching(false)
          .build();

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.6, 0.8})
  void poissonArrivalsWaitAsInMD1(double utilization) {
    VirtualLoad load = new VirtualLoad(ONE_SERVER);
    Random random = new Random(1);
    long nanos = 0;
    for (int i = 0; i < 200_000; i++) {
      nanos += Math.round(-Math.log(1 - random.nextDouble()) * 10 * MILLI / utilization);
      load.send(nanos, 1, 1);
    }
    load.run();

    // Pollaczek–Khinchine formula for a constant service time
    double waiting = 10 * utilization / (2 * (1 - utilization));
    assertThat(load.meanQueueMillis()).isCloseTo(waiting, within(0.03 * waiting));
    assertThat(load.meanFirstTokenMillis()).isCloseTo(waiting + 10, within(0.03 * (waiting + 10)));
  }

  @Test
  void regularArrivalsBelowCapacityDoNotWait() {
    VirtualLoad load = new VirtualLoad(ONE_SERVER);
    for (int i = 0; i < 1_000; i++) {
      load.send(i * 10 * MILLI, 1, 1);
    }
    load.run();

    assertThat(load.meanQueueMillis()).isZero();
  }

  @Test
  void regularArrivalsAboveCapacityWaitLongerAndLonger() {
    VirtualLoad load = new VirtualLoad(ONE_SERVER);
    for (int i = 0; i < 1_001; i++) {
      load.send(i * 8 * MILLI, 1, 1);
    }
    load.run();

    // each waits 2 ms longer than the previous one
    assertThat(load.meanQueueMillis()).isCloseTo(1_000, within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 16})
  void throughputGrowsWithBatchSize(int users) {
    VirtualLoad load = new VirtualLoad(BATCH);
    load.keep(users, 200, 50);
    load.run();

    double stepMillis = 10 + users;
    assertThat(load.tokensPerSecond())
        .isCloseTo(users * 1e3 / stepMillis, within(0.03 * users * 1e3 / stepMillis));
    assertThat(load.meanQueueMillis()).isLessThan(stepMillis);
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 64})
  void fullBatchLimitsThroughputAndDelaysFirstToken(int users) {
    VirtualLoad load = new VirtualLoad(BATCH);
    load.keep(users, 200, 50);
    load.run();

    double most = 16 * 1e3 / 26;
    assertThat(load.tokensPerSecond()).isCloseTo(most, within(0.03 * most));
    // Little's law: the number in the system divided by the throughput is the time in the system;
    // 49 steps of it come after the first token
    double stayMillis = users * 50 / most * 1e3;
    double firstToken = stayMillis - 49 * 26;
    assertThat(load.meanFirstTokenMillis()).isCloseTo(firstToken, within(0.06 * firstToken));
  }

  @Test
  void chunkedPrefillDelaysOthersLess() {
    assertThat(longestGapMillis(4_096)).isCloseTo(10 + 409.6, within(1.0));
    assertThat(longestGapMillis(128)).isCloseTo(10 + 12.8, within(1.0));
  }

  /** Returns the gap between two tokens while a prompt of 4,095 tokens is prefilled at 10,000/s. */
  private static double longestGapMillis(int tokensPerStep) {
    VirtualLoad load =
        new VirtualLoad(
            EngineProfile.INSTANT.settings().toBuilder()
                .stepBase(Duration.ofMillis(10))
                .prefillTokensPerSecond(10_000)
                .maxNumSeqs(16)
                .maxNumBatchedTokens(tokensPerStep)
                .build());
    load.send(0, 1, 100);
    load.send(55 * MILLI, 4_095, 1);
    load.run();
    return load.longestGapMillis();
  }
}
