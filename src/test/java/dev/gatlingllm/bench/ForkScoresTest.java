package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withPrecision;

import dev.gatlingllm.bench.result.PercentileSamples;
import dev.gatlingllm.metrics.ClientHealth;
import dev.gatlingllm.metrics.Deployment;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.Response.Status;
import dev.gatlingllm.metrics.ResponseBuilder;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.metrics.TokenRecorder;
import dev.gatlingllm.metrics.Window;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ForkScoresTest {

  private static class Benchmark {}

  private static final Conditions CONDITIONS =
      Conditions.of(
          Benchmark.class,
          BenchOptions.parse(
              "-wi 0 -i 2 -r 10s -metric"
                  + " ttft·p95,ttfo·p95,tpot·p95,e2e·p95,icl·p95,ttft·max,ttft,clientLag·max,server.preemptions,requests,failures,drainRequests"));

  /** A response of one token, times in milliseconds since the start of the run. */
  private static ResponseBuilder response(long written, long token, long end) {
    return ResponseBuilder.to("chat", "turn", 1)
        .times(written, nanos(written), nanos(end))
        .chunks(nanos(token));
  }

  private static long nanos(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }

  private static ForkScores scores(Response... responses) {
    return scores(new TreeMap<>(), responses);
  }

  private static ForkScores scores(SortedMap<Integer, ClientHealth> client, Response... responses) {
    Window window = Window.ofIterations(CONDITIONS.warmups(), CONDITIONS.measured());
    try (TokenRecorder recorder =
        TokenRecorder.start(window, Objectives.NONE, Deployment.UNKNOWN, List.of())) {
      recorder.begin(0, 0);
      Arrays.stream(responses).forEach(recorder::record);
      RunSummary run = recorder.summary();
      return ForkScores.of(CONDITIONS, run, client, null, Map.of(), List.of(), List.of());
    }
  }

  private static Response leftWithoutAToken(long written, long left) {
    return ResponseBuilder.to("chat", "turn", 2)
        .times(written, nanos(written), nanos(left))
        .status(Status.ABANDONED)
        .build();
  }

  private static PercentileSamples ttft(ForkScores fork) {
    return ForkScores.samples(ScoreUnits.metric("ttft·p95"), List.of(fork)).orElseThrow();
  }

  @Test
  void keepsTheSamplesOfEachIterationForPercentiles() {
    ForkScores fork =
        scores(
            response(1_000, 1_100, 2_000).build(),
            response(2_000, 2_300, 3_000).build(),
            response(12_000, 12_200, 13_000).build());

    assertThat(ttft(fork).byIteration()).hasSize(1);
    assertThat(ttft(fork).iterations().map(i -> i.total())).containsExactly(2L, 1L);
    assertThat(ttft(fork).unfinished().get(0).total()).isZero();
    assertThat(ForkScores.samples(ScoreUnits.metric("ttft"), List.of(fork))).isEmpty();
    assertThat(ForkScores.samples(ScoreUnits.metric("clientLag·p99"), List.of(fork))).isEmpty();
  }

  /** The load ends after 20 s. */
  @Test
  void countsWhatEndedAfterTheLoad() {
    ForkScores fork =
        scores(
            response(1_000, 1_100, 2_000).build(),
            response(12_000, 12_100, 13_000).failure("reset", null).build(),
            response(14_000, 14_100, 26_000).build(),
            response(14_000, 14_100, 27_000).failure("reset", null).build(),
            response(14_000, 14_100, 28_000).build());

    assertThat(fork.values(ScoreUnits.metric("requests"))).containsExactly(1.0, 1.0);
    assertThat(fork.values(ScoreUnits.metric("failures"))).containsExactly(0.0, 2.0);
    assertThat(fork.values(ScoreUnits.metric("drainRequests"))).containsExactly(0.0, 3.0);
  }

  @Test
  void keepsHowLongRequestsHadWaitedWhenTheLoadEnded() {
    ForkScores fork =
        scores(response(1_000, 1_100, 2_000).build(), response(14_000, 25_000, 26_000).build());

    assertThat(ttft(fork).unfinished().get(0).ends()).containsExactly(6_000);
    assertThat(ttft(fork).count()).isEqualTo(1);
  }

  @Test
  void keepsHowLongRequestsHadWaitedWhenTheirUsersLeft() {
    ForkScores fork =
        scores(response(1_000, 1_100, 2_000).build(), leftWithoutAToken(2_000, 5_000));

    assertThat(ttft(fork).unfinished().get(0).ends()).containsExactly(3_000);
  }

  @Test
  void keepsHowOldRequestsWereThatHadNotEndedWhenTheLoadOrTheirUserDid() {
    ForkScores fork =
        scores(
            response(1_000, 1_100, 2_000).build(),
            response(14_000, 14_100, 26_000).build(),
            response(19_000, 19_100, 21_000).status(Status.CUT).build(),
            response(12_000, 12_100, 14_500).status(Status.ABANDONED).build());

    PercentileSamples e2e =
        ForkScores.samples(ScoreUnits.metric("e2e·p95"), List.of(fork)).orElseThrow();
    assertThat(e2e.unfinished().get(0).ends())
        .as("ends of buckets")
        .containsExactly(new double[] {1_000, 2_500, 6_000}, withPrecision(3.0));
    assertThat(e2e.count()).isEqualTo(1);
  }

  @Test
  void keepsHowLongGapsHadLastedThatHadNotEndedWhenTheLoadDid() {
    ForkScores fork =
        scores(
            ResponseBuilder.to("chat", "turn", 1)
                .times(1_000, nanos(1_000), nanos(2_000))
                .chunks(nanos(1_100), nanos(2_000))
                .build(),
            response(14_000, 14_500, 26_000).build());

    PercentileSamples icl =
        ForkScores.samples(ScoreUnits.metric("icl·p95"), List.of(fork)).orElseThrow();
    assertThat(icl.unfinished().get(0).ends()).containsExactly(5_500);
    assertThat(icl.count()).isEqualTo(1);
  }

  @Test
  void keepsWhatUsersHadSeenWhoLeft() {
    ForkScores fork =
        scores(
            response(1_000, 1_100, 2_000).build(),
            ResponseBuilder.to("chat", "turn", 1)
                .times(12_000, nanos(12_000), nanos(14_500))
                .chunks(nanos(12_100), nanos(12_600), nanos(13_100), nanos(14_500))
                .output(4, OutputTokensSource.USAGE)
                .status(Status.ABANDONED)
                .build());

    assertThat(unfinished(fork, "ttfo·p95")).containsExactly(new double[] {2_500}, precision());
    assertThat(unfinished(fork, "tpot·p95")).containsExactly(new double[] {800}, precision());
  }

  private static double[] unfinished(ForkScores fork, String metric) {
    return ForkScores.samples(ScoreUnits.metric(metric), List.of(fork))
        .orElseThrow()
        .unfinished()
        .get(0)
        .ends();
  }

  /** Ends of buckets. */
  private static Offset<Double> precision() {
    return withPrecision(3.0);
  }

  @Test
  void aRateIsZeroInAnIterationInWhichRequestsOnlyWait() {
    ForkScores fork =
        scores(response(1_000, 1_100, 2_000).build(), response(8_000, 25_000, 26_000).build());

    assertThat(fork.values(ScoreUnits.metric("outputTokensPerSecond"))).containsExactly(0.1, 0.0);
    assertThat(fork.values(ScoreUnits.metric("responsesPerSecond"))).containsExactly(0.1, 0.0);
    assertThat(fork.values(ScoreUnits.metric("server.preemptions")))
        .as("a count that only the server knows")
        .containsOnly(Double.NaN);
  }

  @Test
  void aRateThatNobodyKnowsIsNotZeroInAnIterationInWhichNothingHappens() {
    ForkScores fork = scores(response(1_000, 1_100, 2_000).build());

    assertThat(fork.values(ScoreUnits.metric("outputTokensPerSecond"))).containsExactly(0.1, 0.0);
    assertThat(fork.values(ScoreUnits.metric("outputTokensPerSecondPerGpu")))
        .as("llm.gpus is not set")
        .containsOnly(Double.NaN);
  }

  @Test
  void countsRequestsWithoutATokenByTheirAge() {
    ForkScores fork =
        scores(
            response(1_000, 1_100, 2_000).build(),
            response(2_000, 25_000, 26_000).build(),
            response(14_000, 14_050, 15_000).build());

    assertThat(fork.values(ScoreUnits.metric("ttft·max"))).containsExactly(8_000.0, 18_000.0);
    assertThat(fork.values(ScoreUnits.metric("ttft"))).containsExactly(100.0, 9_025.0);
  }

  @Test
  void countsYoungRequestsInNoMean() {
    ForkScores fork =
        scores(response(14_000, 14_300, 15_000).build(), response(19_900, 20_200, 21_000).build());

    assertThat(fork.values(ScoreUnits.metric("ttft"))).containsExactly(Double.NaN, 300.0);
  }

  /** Ages of a few seconds would meet limits of more than that, whatever is still to come. */
  @Test
  void anIterationInWhichNothingCameHasNoValue() {
    ForkScores fork =
        scores(response(1_000, 1_100, 2_000).build(), response(14_000, 25_000, 26_000).build());

    assertThat(fork.values(ScoreUnits.metric("ttft·max"))).containsExactly(100.0, Double.NaN);
    assertThat(fork.values(ScoreUnits.metric("ttft"))).containsExactly(100.0, Double.NaN);
  }

  @Test
  void countsUsersWhoLeftWithoutATokenInMeans() {
    ForkScores fork =
        scores(
            response(1_000, 1_100, 2_000).build(),
            leftWithoutAToken(2_000, 5_000),
            response(14_000, 14_300, 15_000).build());

    assertThat(fork.values(ScoreUnits.metric("ttft"))).containsExactly(1_550.0, 300.0);
  }

  @Test
  void hasTheGreatestLagOfTheLoadGenerator() {
    Summary lag = new Summary(1, 7, 0, 7, 7, 7, 7, 7, 7, 7, 7);
    SortedMap<Integer, ClientHealth> client = new TreeMap<>();
    client.put(2, new ClientHealth(lag, lag, null, null));
    ForkScores fork = scores(client, response(14_000, 14_300, 15_000).build());

    assertThat(fork.values(ScoreUnits.metric("clientLag·max"))).containsExactly(Double.NaN, 7.0);
  }

  @Test
  void countsFailuresAfterTheEndOfTheLoadInItsLastIteration() {
    ForkScores fork =
        scores(
            response(1_000, 1_100, 2_000).build(),
            response(14_000, 14_100, 15_000).build(),
            response(16_000, 16_100, 80_000).failure("stalled", null).build());

    assertThat(fork.values(ScoreUnits.metric("failures"))).containsExactly(0.0, 1.0);
  }
}
