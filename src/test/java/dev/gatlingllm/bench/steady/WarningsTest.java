package dev.gatlingllm.bench.steady;

import static dev.gatlingllm.bench.steady.Series.fork;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.bench.steady.Warnings.Warning;
import dev.gatlingllm.metrics.Figure.Direction;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarningsTest {

  private static final double[] FLAT = {100, 102, 99, 101, 98};
  private static final double[] FLAT_TOO = {99, 101, 102, 98, 100};

  private static List<Warning> about(MetricScores... metrics) {
    return Warnings.about(Series.benchmark(metrics), 0.999);
  }

  private static Warning only(List<Warning> warnings) {
    assertThat(warnings).hasSize(1);
    return warnings.get(0);
  }

  @Test
  void doesNotWarnOfSteadyForksThatAgree() {
    assertThat(about(Series.of("score", FLAT, FLAT_TOO))).isEmpty();
  }

  @Test
  void warnsOfADriftInPercentOfTheScore() {
    double[] rising = fork(6, i -> 100 + 10 * i + i % 2);

    Warning warning = only(about(Series.of("score", rising)));

    assertThat(warning.metric()).isEqualTo("score");
    assertThat(warning.text())
        .startsWith("it rises by 40.")
        .contains("99.9 % interval", "warm up for longer (-wi, -w)");
  }

  @Test
  void ignoresSmallDrifts() {
    assertThat(about(Series.of("score", fork(6, i -> 1000 + i)))).isEmpty();
  }

  @Test
  void warnsOfForksThatDiffer() {
    double[] slower = {140, 142, 139, 141, 138};

    assertThat(only(about(Series.of("score", FLAT, slower))).text())
        .contains("means from 100 ms to 140 ms", "use more forks (-f)");
  }

  @Test
  void warnsOnceOfThePrimaryMetricUnderItsOwnName() {
    double[] rising = fork(6, i -> 100 + 10 * i + i % 2);

    assertThat(about(Series.of("score", rising), Series.of("ttft·p50", rising))).hasSize(1);
  }

  @Test
  void ignoresDriftsOfMetricsWithoutDirection() {
    MetricScores load =
        new MetricScores(
            "gc.alloc.rate", "MB/sec", Direction.NEITHER, List.of(List.of(1.0, 2.0, 3.0, 4.0)));

    assertThat(about(Series.of("score", FLAT), load)).isEmpty();
  }

  @Test
  void warnsOfIterationsWithoutAValue() {
    assertThat(only(about(Series.of("score", new double[] {100, Double.NaN, 101, 99}))).text())
        .isEqualTo(
            "iterations or forks without a value: 1; make them longer (-r), if no fork failed.");
  }

  @ParameterizedTest
  @CsvSource({
    "clientLag·p99, 10, 42, event loops ran late",
    "clientCpuPercent, 90, 97, machine was busy",
    "sendDelay·p99, 100, 250, sent late",
    "failures, 0, 3, successful responses only"
  })
  void warnsOfALoadGeneratorAtItsLimit(String name, double limit, double above, String words) {
    double[] within = {limit, limit, limit};
    double[] one = {limit, above, limit};

    assertThat(about(Series.of("score", FLAT), metric(name, within))).isEmpty();
    Warning warning = only(about(Series.of("score", FLAT), metric(name, one)));
    assertThat(warning.metric()).isEqualTo(name);
    assertThat(warning.text()).contains("in 1 of 3 iterations", words);
  }

  @Test
  void aServerThatFailsDoesNotMakeTheLoadGeneratorLate() {
    assertThat(Warnings.isClientLate(Series.benchmark(metric("failures", 0, 3, 0)))).isFalse();
    assertThat(Warnings.isClientLate(Series.benchmark(metric("clientLag·p99", 5, 30)))).isTrue();
  }

  private static MetricScores metric(String name, double... values) {
    return new MetricScores(name, "ms", Direction.NEITHER, Series.of(name, values).forks());
  }

  /** Three groups of the same spread: F = 9.3 on 2 and 15 degrees, as Wikipedia works it out. */
  @Test
  void agreesWithAPublishedAnalysisOfVariance() {
    ForkSpread spread =
        ForkSpread.of(
            Series.of(
                "score",
                new double[] {6, 8, 4, 5, 3, 4},
                new double[] {8, 12, 9, 11, 6, 8},
                new double[] {13, 9, 11, 8, 7, 12}));

    assertThat(spread.chance()).isCloseTo(0.0024, within(5e-5));
    assertThat(spread.means().low()).isEqualTo(5);
    assertThat(spread.means().high()).isEqualTo(10);
  }

  @Test
  void oneForkAloneDoesNotDiffer() {
    assertThat(ForkSpread.of(Series.of("score", FLAT)).chance()).isEqualTo(1);
    assertThat(ForkSpread.of(Series.of("score", FLAT, new double[] {})).chance()).isEqualTo(1);
  }

  @Test
  void anyDifferenceCountsIfIterationsAreConstant() {
    assertThat(ForkSpread.of(Series.of("score", new double[] {1, 1}, new double[] {2, 2})).chance())
        .isZero();
    assertThat(ForkSpread.of(Series.of("score", new double[] {1, 1}, new double[] {1, 1})).chance())
        .isEqualTo(1);
  }

  @Test
  void warnsOfEqualForksAtTheStatedRate() {
    Random random = new Random(13);
    int alarms = 0;
    int runs = 20_000;
    for (int run = 0; run < runs; run++) {
      double[] one = fork(5, i -> 300 + 30 * random.nextGaussian());
      double[] other = fork(5, i -> 300 + 30 * random.nextGaussian());
      alarms += ForkSpread.of(Series.of("ttft", one, other)).chance() < 0.001 ? 1 : 0;
    }
    assertThat(alarms).isBetween(6, 42);
  }
}
