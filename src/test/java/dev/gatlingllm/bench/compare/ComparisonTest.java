package dev.gatlingllm.bench.compare;

import static dev.gatlingllm.bench.result.JmhJson.forks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.bench.compare.Difference.Verdict;
import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.JmhJson;
import dev.gatlingllm.bench.result.ResultReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {

  private static final Judge JUDGE = new Judge(0.999, 0, 20);
  private static final double[][] SLOW = forks(400, 404, 398, 402, 401, 399);
  private static final double[][] FAST = forks(300, 304, 298, 302, 301, 299);

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

  @ParameterizedTest
  @CsvSource({"ms, BETTER, WORSE", "tokens/s, WORSE, BETTER"})
  void shorterTimesAndHigherRatesAreBetter(String unit, Verdict ofLess, Verdict ofMore) {
    assertThat(only(compare(primary(unit, SLOW), primary(unit, FAST))).verdict()).isEqualTo(ofLess);
    assertThat(only(compare(primary(unit, FAST), primary(unit, SLOW))).verdict()).isEqualTo(ofMore);
  }

  /** Where nothing was good, a good request costs more than any known one. */
  @Test
  void takesCostsOfWhichAnIterationHasNoneForLowerBounds() {
    double[][] cheap = {{300, Double.NaN}, {298, 302}, {301, 299}, {300, 300}};
    double[][] dear = {{400, Double.NaN}, {398, 402}, {401, 399}, {400, 400}};
    double[][] noneGood = {{300, 301}, {298, 302}, {301, 299}, {Double.NaN, Double.NaN}};

    assertThat(only(compare(primary("$", FAST), primary("$", dear))).verdict())
        .isEqualTo(Verdict.WORSE);
    assertThat(only(compare(primary("$", SLOW), primary("$", cheap))).conclusion())
        .isEqualTo("inconclusive: new iterations or forks without a value: 1");
    assertThat(only(compare(primary("$", cheap), primary("$", SLOW))).conclusion())
        .isEqualTo("inconclusive: old iterations or forks without a value: 1");
    assertThat(only(compare(primary("$", cheap), primary("$", cheap))).verdict())
        .isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(only(compare(primary("$", noneGood), primary("$", SLOW))).verdict())
        .isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(only(compare(primary("$", dear), primary("$", FAST))).verdict())
        .isEqualTo(Verdict.BETTER);
  }

  /** What a fork that failed would have cost is not known to be more. */
  @Test
  void comparesCostsAlsoIfAnOldForkFailed() {
    double[][] three = {{300, 301}, {298, 302}, {301, 299}};
    List<BenchmarkScores> failed =
        file(new JmhJson().benchmark("a.B", "users", "8").planned(4).primary("$", three));

    assertThat(only(compare(failed, primary("$", SLOW))).verdict()).isEqualTo(Verdict.WORSE);
    assertThat(failed.get(0).primary().missing()).isEqualTo(2);
    assertThat(failed.get(0).primary().iterations()).isEqualTo(8);
    assertThat(failed.get(0).primary().score()).isEqualTo(300.17, within(0.01));
  }

  private static List<BenchmarkScores> with(
      List<BenchmarkScores> scores, Map<String, String> settings) {
    return scores.stream()
        .map(one -> new BenchmarkScores(one.key(), one.metrics(), one.notes(), settings))
        .toList();
  }

  /** With more tokens a chunk, the gaps are longer although tokens come faster. */
  @Test
  void saysThatChunksHaveOtherNumbersOfTokens() {
    List<BenchmarkScores> one = withTokensPerChunk(1.0);
    List<BenchmarkScores> several = withTokensPerChunk(2.5);

    assertThat(compare(one, several).warnings())
        .containsExactly(
            "B (users=8): tokens per chunk are 1 in the old file, and 2.5 in the new one, so"
                + " ICL is not of the same thing; compare TPOT.");
    assertThat(compare(one, withTokensPerChunk(1.05)).warnings()).isEmpty();
    assertThat(compare(primary("ms", SLOW), several).warnings()).isEmpty();
    assertThat(ResultComparison.of(one, several, JUDGE, name -> !name.startsWith("icl")).warnings())
        .as("no gaps are compared")
        .isEmpty();
  }

  private List<BenchmarkScores> withTokensPerChunk(double tokens) {
    return file(
        new JmhJson()
            .benchmark("a.B", "users", "8")
            .primary("ms", SLOW)
            .secondary("icl·p50", "ms", forks(20, 21, 20))
            .secondary("tokensPerChunk", "tokens", forks(tokens, tokens, tokens)));
  }

  @Test
  void namesSettingsThatDiffer() {
    List<BenchmarkScores> before =
        with(
            primary("ms", SLOW),
            Map.of("turns", "3", "outputTokens", "64", "temperature", "0.7", "-cache", "fresh"));
    List<BenchmarkScores> now =
        with(
            primary("ms", FAST),
            Map.of("turns", "3", "outputTokens", "128", "extraBody", "{}", "-cache", "keep"));

    assertThat(compare(before, now).warnings())
        .containsExactlyInAnyOrder(
            "The settings differ: -cache is fresh in the old file, and keep in the new one.",
            "The settings differ: llm.outputTokens is 64 in the old file, and 128 in the new one.",
            "The settings differ: llm.extraBody is not set in the old file, and {} in the new one.",
            "The settings differ: llm.temperature is 0.7 in the old file, and not set in the new"
                + " one.");
    assertThat(compare(primary("ms", SLOW), now).warnings()).isEmpty();
  }

  @Test
  void intervalIsThatOfTheMeansOfForks() {
    Difference difference =
        only(
            compare(
                primary("ms", new double[] {0, 2}, new double[] {1, 3}, new double[] {4, 2}),
                primary("ms", new double[] {9, 3}, new double[] {7, 9}, new double[] {11, 9})));

    // means 1, 2, 3 and 6, 8, 10: se² = (1 + 4) / 3, ν = (5/3)² / (1/9/2 + 16/9/2) = 2.94, for
    // which t at 99.9 % lies between the tables' 31.60 (2) and 12.92 (3)
    assertThat(difference.absolute()).isCloseTo(6, within(1e-12));
    double halfWidth = difference.interval().high() - 6;
    assertThat(halfWidth / Math.sqrt(5.0 / 3)).isBetween(12.92, 31.60);
    assertThat(difference.percent()).isCloseTo(300, within(1e-9));
    assertThat(difference.percentInterval().high())
        .isCloseTo(100 * difference.interval().high() / 2, within(1e-9));
    assertThat(difference.percentInterval().low()).as("a time cannot fall further").isEqualTo(-100);
    assertThat(difference.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(difference.conclusion())
        .startsWith("inconclusive: a difference of -100.0 to +")
        .endsWith(" % may be there");
  }

  @Test
  void ignoresDifferencesBelowTheThreshold() {
    Judge lenient = new Judge(0.999, 40, 20);

    assertThat(only(compare(primary("ms", SLOW), primary("ms", FAST), lenient)).verdict())
        .isEqualTo(Verdict.TOO_SMALL);
    assertThat(
            only(compare(primary("ms", SLOW), primary("ms", FAST), new Judge(0.999, 20, 20)))
                .verdict())
        .isEqualTo(Verdict.BETTER);
  }

  @Test
  void judgesAChangeFromZeroWithoutPercentage() {
    JmhJson none = new JmhJson().benchmark("a.B").primary("ms", FAST);
    none.secondary("failures", "#", forks(0, 0, 0));
    JmhJson some = new JmhJson().benchmark("a.B").primary("ms", FAST);
    some.secondary("failures", "#", forks(2, 2, 2));

    ResultComparison comparison = compare(file(none), file(some), new Judge(0.999, 50, 20));

    Difference failures = comparison.rows().get(0).differences().get(1);
    assertThat(failures.percent()).isNaN();
    assertThat(failures.verdict()).isEqualTo(Verdict.WORSE);
    assertThat(failures.change()).isEqualTo("+2");
    assertThat(failures.range()).isEqualTo("2 to 2");
  }

  @Test
  void countsWhatCanFailTheGateWhereItSaysHowManyComparisonsCannotTell() {
    JmhJson noisy = new JmhJson().benchmark("a.B").primary("ms", forks(60, 140, 95, 115, 90));
    noisy.secondary("inputTokensPerSecond", "tokens/s", forks(60, 140, 95, 115, 90));

    assertThat(compare(file(noisy), file(noisy)).headline()).contains("1 of 1 comparison");
  }

  @Test
  void showsNoDifferenceOnlyIfALargeOneIsExcluded() {
    List<BenchmarkScores> steady = primary("ms", forks(100, 101, 99, 100, 101));
    List<BenchmarkScores> noisy = primary("ms", forks(60, 140, 95, 115, 90));

    ResultComparison narrow = compare(steady, primary("ms", forks(101, 100, 99, 101, 100)));
    ResultComparison wide = compare(steady, noisy);

    assertThat(only(narrow).verdict()).isEqualTo(Verdict.NO_DIFFERENCE);
    assertThat(narrow.headline()).isEqualTo("No benchmark is shown to be worse");
    assertThat(only(wide).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(wide.headline())
        .isEqualTo(
            "Inconclusive: no benchmark is shown to be worse, but 1 of 1 comparison that can"
                + " fail the gate cannot tell");
    assertThat(only(compare(steady, noisy, new Judge(0.999, 0, 500))).verdict())
        .isEqualTo(Verdict.NO_DIFFERENCE);
  }

  @Test
  void clientMetricsDoNotFailTheGate() {
    JmhJson before = new JmhJson().benchmark("a.B").primary("ms", FAST);
    before.secondary("clientCpuPercent", "%", forks(10, 11, 12));
    JmhJson now = new JmhJson().benchmark("a.B").primary("ms", FAST);
    now.secondary("clientCpuPercent", "%", forks(90, 91, 92));

    ResultComparison comparison = compare(file(before), file(now));

    assertThat(comparison.rows().get(0).differences().get(1).verdict())
        .isEqualTo(Verdict.DIFFERENT);
    assertThat(comparison.passes()).isTrue();
  }

  /** Iterations of one fork share its start: many of them do not make up for few forks. */
  @Test
  void isInconclusiveWithFewerThanThreeForks() {
    double nan = Double.NaN;
    double[] many = {300, 304, 298, 302, 301, 299, 300, 304, 298, 302};

    for (List<BenchmarkScores> few :
        List.of(
            primary("ms", many),
            primary("ms", many, many),
            primary("ms", many, many, new double[] {nan, nan}))) {
      for (Difference difference :
          List.of(
              only(compare(few, primary("ms", SLOW))), only(compare(primary("ms", SLOW), few)))) {
        assertThat(difference.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(difference.isJudged()).isFalse();
        assertThat(difference.reason()).isEqualTo("fewer than 3 forks with a value");
      }
    }
    assertThat(
            only(compare(
                    primary("ms", many, new double[] {nan, 299}, new double[] {303, nan}),
                    primary("ms", SLOW)))
                .verdict())
        .isEqualTo(Verdict.WORSE);
  }

  /** What a server answered before it hung may be as good as ever, and there is little load. */
  @ParameterizedTest
  @CsvSource({"300, INCONCLUSIVE", "200, INCONCLUSIVE", "400, WORSE"})
  void showsNothingGoodOfASideThatLacksValues(double value, Verdict verdict) {
    double[] hung = {value, value + 1, Double.NaN, Double.NaN};

    Difference difference = only(compare(primary("ms", FAST), primary("ms", hung, hung, hung)));

    assertThat(difference.verdict()).isEqualTo(verdict);
    assertThat(difference.reason())
        .isEqualTo(verdict == Verdict.WORSE ? "" : "new iterations or forks without a value: 6");
  }

  /** As many responses end in each fork where users go in step, a group of them more or not. */
  @ParameterizedTest
  @CsvSource({
    "responses/s, 10, 10, INCONCLUSIVE",
    "requests/s, 10, 8, INCONCLUSIVE",
    "responses/s, 10, 7, WORSE",
    "tokens/s, 10, 9, WORSE",
    "%, 100, 100, NO_DIFFERENCE"
  })
  void knowsNoErrorOfRatesThatAreTheSameInAllForks(
      String unit, double before, double now, Verdict verdict) {
    double[][] was = {{before, before}, {before, before}, {before, before}};
    double[][] is = {{now, now}, {now, now}, {now, now}};

    assertThat(only(compare(primary(unit, was), primary(unit, is))).verdict()).isEqualTo(verdict);
  }

  @Test
  void doesNotCompareDifferentUnits() {
    Difference difference = only(compare(primary("ms", FAST), primary("us", SLOW)));

    assertThat(difference.verdict()).isEqualTo(Verdict.NOT_JUDGED);
    assertThat(difference.reason()).isEqualTo("units differ: ms and us");
  }

  @Test
  void doesNotCompareCountsOfIterationsOfOtherLengths() {
    List<BenchmarkScores> shorter = failures("10 s", FAST);
    List<BenchmarkScores> longer = failures("30 s", SLOW);

    assertThat(only(compare(longer, shorter)).conclusion())
        .isEqualTo("not judged: units differ: requests/30 s and requests/10 s");
    assertThat(only(compare(longer, failures("30 s", FAST))).verdict()).isEqualTo(Verdict.BETTER);
  }

  private List<BenchmarkScores> failures(String time, double[]... forks) {
    return file(
        new JmhJson().benchmark("a.B").time(time).primary("requests", forks).figure("failures"));
  }

  @Test
  void doesNotCompareScoresOfDifferentFigures() {
    List<BenchmarkScores> ttft =
        file(new JmhJson().benchmark("a.B").primary("ms", FAST).figure("ttft·p50"));
    List<BenchmarkScores> e2e =
        file(new JmhJson().benchmark("a.B").primary("ms", SLOW).figure("e2e·p50"));
    List<BenchmarkScores> unnamed = file(new JmhJson().benchmark("a.B").primary("ms", SLOW));

    assertThat(only(compare(ttft, e2e)).conclusion())
        .isEqualTo("not judged: figures differ: ttft·p50 and e2e·p50");
    assertThat(only(compare(ttft, unnamed)).verdict()).isEqualTo(Verdict.WORSE);
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
}
