package dev.gatlingllm.bench.steady;

import static dev.gatlingllm.bench.steady.Series.fork;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.bench.result.Better;
import dev.gatlingllm.bench.result.MetricScores;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoubtsTest {

  private static final double[] FLAT = {100, 102, 99, 101, 98};
  private static final double[] FLAT_TOO = {99, 101, 102, 98, 100};

  private static List<Doubt> about(MetricScores... metrics) {
    return Doubts.about(Series.benchmark(metrics), 0.999);
  }

  private static Doubt only(List<Doubt> doubts) {
    assertThat(doubts).hasSize(1);
    return doubts.get(0);
  }

  @Test
  void nothingIsWrongWithSteadyForksThatAgree() {
    assertThat(about(Series.of("score", FLAT, FLAT_TOO))).isEmpty();
  }

  @Test
  void aDriftIsSaidInPercentOfTheScore() {
    double[] rising = fork(6, i -> 100 + 10 * i + i % 2);

    Doubt doubt = only(about(Series.of("score", rising)));

    assertThat(doubt.metric()).isEqualTo("score");
    assertThat(doubt.words())
        .startsWith("it rises by 40.")
        .contains("99.9 % interval", "warm up for longer (-wi, -w)");
  }

  @Test
  void aDriftThatHarmsNobodyIsNotSaid() {
    assertThat(about(Series.of("score", fork(6, i -> 1000 + i)))).isEmpty();
  }

  @Test
  void forksThatDisagreeAreSaid() {
    double[] slower = {140, 142, 139, 141, 138};

    assertThat(only(about(Series.of("score", FLAT, slower))).words())
        .contains("means from 100 ms to 140 ms", "use more forks (-f)");
  }

  @Test
  void aMetricThatIsThePrimaryAgainIsDoubtedOnce() {
    double[] rising = fork(6, i -> 100 + 10 * i + i % 2);

    assertThat(about(Series.of("score", rising), Series.of("ttft·p50", rising))).hasSize(1);
  }

  @Test
  void whatHasNoBetterAndNoWorseMayDrift() {
    MetricScores load =
        new MetricScores(
            "gc.alloc.rate", "MB/sec", Better.NEITHER, List.of(List.of(1.0, 2.0, 3.0, 4.0)));

    assertThat(about(Series.of("score", FLAT), load)).isEmpty();
  }

  @Test
  void iterationsWithoutAValueAreSaid() {
    assertThat(only(about(Series.of("score", new double[] {100, Double.NaN, 101, 99}))).words())
        .isEqualTo("1 of 4 iterations have no value; make them longer (-r).");
  }

  @ParameterizedTest
  @CsvSource({
    "clientLag·p99, 10, 42, event loops ran late",
    "clientCpuPercent, 90, 97, machine was busy",
    "scheduleDelay·p99, 100, 250, written late",
    "failures, 0, 3, good replies alone"
  })
  void aLoadGeneratorAtItsLimitIsSaid(String name, double limit, double above, String words) {
    double[] within = {limit, limit, limit};
    double[] one = {limit, above, limit};

    assertThat(about(Series.of("score", FLAT), metric(name, within))).isEmpty();
    Doubt doubt = only(about(Series.of("score", FLAT), metric(name, one)));
    assertThat(doubt.metric()).isEqualTo(name);
    assertThat(doubt.words()).contains("in 1 of 3 iterations", words);
  }

  private static MetricScores metric(String name, double... values) {
    return new MetricScores(name, "ms", Better.NEITHER, Series.of(name, values).forks());
  }

  /** Three groups of the same spread: F = 9.3 on 2 and 15 degrees, as Wikipedia works it out. */
  @Test
  void varianceIsAnalysedAsInThePublishedExample() {
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
  void oneForkHasNothingToDisagreeWith() {
    assertThat(ForkSpread.of(Series.of("score", FLAT)).chance()).isEqualTo(1);
    assertThat(ForkSpread.of(Series.of("score", FLAT, new double[] {})).chance()).isEqualTo(1);
  }

  @Test
  void withoutSpreadWithinForksAnyDifferenceIsOne() {
    assertThat(ForkSpread.of(Series.of("score", new double[] {1, 1}, new double[] {2, 2})).chance())
        .isZero();
    assertThat(ForkSpread.of(Series.of("score", new double[] {1, 1}, new double[] {1, 1})).chance())
        .isEqualTo(1);
  }

  @Test
  void forksThatAreAlikeAreDoubtedAtTheStatedRate() {
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
