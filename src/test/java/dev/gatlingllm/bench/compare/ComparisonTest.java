package dev.gatlingllm.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.bench.compare.Difference.Verdict;
import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.JmhJson;
import dev.gatlingllm.bench.result.ResultReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {

  private static final Judge JUDGE = new Judge(0.999, 0);
  private static final double[] SLOW = {400, 404, 398, 402, 401, 399};
  private static final double[] FAST = {300, 304, 298, 302, 301, 299};

  @TempDir Path folder;

  private List<BenchmarkScores> file(JmhJson json) {
    return ResultReader.read(json.write(folder.resolve("results.json")));
  }

  private List<BenchmarkScores> primary(String unit, double[]... forks) {
    return file(new JmhJson().benchmark("a.B", "users", "8").primary(unit, forks));
  }

  private static ResultComparison compare(List<BenchmarkScores> before, List<BenchmarkScores> now) {
    return compare(before, now, JUDGE);
  }

  private static ResultComparison compare(
      List<BenchmarkScores> before, List<BenchmarkScores> now, Judge judge) {
    return ResultComparison.of(before, now, judge, name -> true);
  }

  private static Difference only(ResultComparison comparison) {
    assertThat(comparison.rows()).hasSize(1);
    assertThat(comparison.rows().get(0).differences()).hasSize(1);
    return comparison.rows().get(0).differences().get(0);
  }

  @Test
  void shorterTimesAreBetter() {
    assertThat(only(compare(primary("ms", SLOW), primary("ms", FAST))).verdict())
        .isEqualTo(Verdict.BETTER);
    assertThat(only(compare(primary("ms", FAST), primary("ms", SLOW))).verdict())
        .isEqualTo(Verdict.WORSE);
  }

  @Test
  void higherRatesAreBetter() {
    assertThat(only(compare(primary("tokens/s", FAST), primary("tokens/s", SLOW))).verdict())
        .isEqualTo(Verdict.BETTER);
    assertThat(only(compare(primary("tokens/s", SLOW), primary("tokens/s", FAST))).verdict())
        .isEqualTo(Verdict.WORSE);
  }

  @Test
  void intervalCoversAllIterationsOfAllForks() {
    Difference difference =
        only(
            compare(
                primary("ms", new double[] {1, 2}, new double[] {3, 4}),
                primary("ms", new double[] {2, 4}, new double[] {6, 8})));

    // variances 5/3 and 20/3 of 4 values each: se² = 25/12, ν = 625/144 / (25/432 + 400/432) =
    // 4.41,
    // for which t at 99.9 % lies between the tables' 8.610 (4) and 6.869 (5)
    assertThat(difference.absolute()).isCloseTo(2.5, within(1e-12));
    double halfWidth = difference.interval().high() - 2.5;
    assertThat(halfWidth / Math.sqrt(25.0 / 12)).isBetween(6.869, 8.610);
    assertThat(difference.percent()).isCloseTo(100, within(1e-9));
    assertThat(difference.percentInterval().high())
        .isCloseTo(100 * difference.interval().high() / 2.5, within(1e-9));
    assertThat(difference.verdict()).isEqualTo(Verdict.NO_DIFFERENCE);
  }

  @Test
  void ignoresDifferencesBelowTheThreshold() {
    Judge lenient = new Judge(0.999, 40);

    assertThat(only(compare(primary("ms", SLOW), primary("ms", FAST), lenient)).verdict())
        .isEqualTo(Verdict.TOO_SMALL);
    assertThat(
            only(compare(primary("ms", SLOW), primary("ms", FAST), new Judge(0.999, 20))).verdict())
        .isEqualTo(Verdict.BETTER);
  }

  @Test
  void judgesAChangeFromZeroWithoutPercentage() {
    JmhJson none = new JmhJson().benchmark("a.B").primary("ms", FAST);
    none.secondary("failures", "#", new double[] {0, 0, 0});
    JmhJson some = new JmhJson().benchmark("a.B").primary("ms", FAST);
    some.secondary("failures", "#", new double[] {2, 2, 2});

    ResultComparison comparison = compare(file(none), file(some), new Judge(0.999, 50));

    Difference failures = comparison.rows().get(0).differences().get(1);
    assertThat(failures.percent()).isNaN();
    assertThat(failures.verdict()).isEqualTo(Verdict.WORSE);
    assertThat(failures.change()).isEqualTo("+2");
    assertThat(failures.range()).isEqualTo("2 to 2");
  }

  @Test
  void clientMetricsDoNotFailTheGate() {
    JmhJson before = new JmhJson().benchmark("a.B").primary("ms", FAST);
    before.secondary("clientCpuPercent", "%", new double[] {10, 11, 12});
    JmhJson now = new JmhJson().benchmark("a.B").primary("ms", FAST);
    now.secondary("clientCpuPercent", "%", new double[] {90, 91, 92});

    ResultComparison comparison = compare(file(before), file(now));

    assertThat(comparison.rows().get(0).differences().get(1).verdict())
        .isEqualTo(Verdict.DIFFERENT);
    assertThat(comparison.passes()).isTrue();
  }

  @Test
  void doesNotJudgeTooFewIterationsWithAValue() {
    double nan = Double.NaN;

    assertThat(
            only(compare(
                    primary("ms", new double[] {nan, 400, 404, nan, 398, 401, 402}),
                    primary("ms", FAST)))
                .verdict())
        .isEqualTo(Verdict.BETTER);
    Difference tooFew = only(compare(primary("ms", new double[] {nan, 1, 2}), primary("ms", FAST)));
    assertThat(tooFew.verdict()).isEqualTo(Verdict.NOT_JUDGED);
    assertThat(tooFew.reason()).contains("fewer than 3 iterations");
  }

  @Test
  void doesNotCompareDifferentUnits() {
    Difference difference = only(compare(primary("ms", FAST), primary("us", SLOW)));

    assertThat(difference.verdict()).isEqualTo(Verdict.NOT_JUDGED);
    assertThat(difference.reason()).isEqualTo("units differ: ms and us");
  }

  @Test
  void listsWhatOnlyOneSideHas() {
    JmhJson before = new JmhJson().benchmark("a.B", "users", "1").primary("ms", FAST);
    before.secondary("tpot", "ms", FAST).benchmark("a.Gone").primary("ms", FAST);
    JmhJson now = new JmhJson().benchmark("a.B", "users", "1").primary("ms", FAST);
    now.secondary("icl", "ms", FAST).benchmark("a.B", "users", "2").primary("ms", FAST);

    assertThat(compare(file(before), file(now)).missing())
        .containsExactly(
            "icl of B (users=1) is in the new file only",
            "tpot of B (users=1) is in the old file only",
            "B (users=2) is in the new file only",
            "Gone is in the old file only");
  }

  @Test
  void warnsOfASideWithOneFork() {
    assertThat(compare(primary("ms", SLOW, SLOW), primary("ms", FAST, FAST)).warnings()).isEmpty();
    assertThat(compare(primary("ms", SLOW, SLOW), primary("ms", FAST)).warnings())
        .singleElement()
        .asString()
        .contains("a single fork");
  }

  @Test
  void equalBenchmarksDifferAtTheStatedRate() {
    Random random = new Random(6);
    int alarms = 0;
    int runs = 4_000;
    for (int run = 0; run < runs; run++) {
      double[] before = random.doubles(10).map(any -> 300 + 30 * random.nextGaussian()).toArray();
      double[] now = random.doubles(10).map(any -> 300 + 30 * random.nextGaussian()).toArray();
      Verdict verdict = only(compare(primary("ms", before), primary("ms", now))).verdict();
      alarms += verdict == Verdict.NO_DIFFERENCE ? 0 : 1;
    }
    // 4 are expected; 13 or more come once in 4,000 times
    assertThat(alarms).isBetween(1, 12);
  }
}
