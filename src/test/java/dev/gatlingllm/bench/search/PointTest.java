package dev.gatlingllm.bench.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.ForkNote;
import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.bench.result.PercentileSamples;
import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.Figure.Direction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Judges what a server shows that hangs, waits, or was measured too briefly. */
class PointTest {

  private static final Buckets NONE = Buckets.pooled(List.of());

  private static Buckets samples(int count, double value) {
    return new Buckets(new double[] {value}, new long[] {count}, count);
  }

  private static Buckets samples(int count, double value, int others, double other) {
    return Buckets.pooled(List.of(samples(count, value), samples(others, other)));
  }

  private static Point.Check check(List<Buckets> iterations, Buckets waiting) {
    PercentileSamples samples = new PercentileSamples(95, List.of(iterations), List.of(waiting));
    return judged(
        new MetricScores("ttft·p95", "ms", Direction.LOWER_IS_BETTER, samples.scores())
            .with(samples),
        "ttft p95 < 800ms");
  }

  private static Point.Check judged(MetricScores metric, String objective) {
    BenchmarkScores scores =
        new BenchmarkScores(new BenchmarkScores.Key("a.B", "avgt", Map.of()), List.of(metric));
    return Point.judged(1, scores, SearchObjectives.parse(objective), 0.99).checks().get(0);
  }

  @Test
  void sustainsALoadOfWhichTheWholeIntervalMeetsTheLimit() {
    Point.Check check = check(List.of(samples(300, 400), samples(300, 500)), NONE);

    assertThat(check.verdict()).isEqualTo(SearchVerdict.SUSTAINED);
    assertThat(check).hasToString("ttft·p95 500 ms (500 to 500)");
  }

  /** Responses from before the server hung are good, and nothing has timed out yet. */
  @Test
  void doesNotSustainAServerThatStopsAnswering() {
    Point.Check check = check(List.of(samples(400, 400), samples(400, 410), NONE, NONE), NONE);

    assertThat(check.verdict()).isEqualTo(SearchVerdict.UNDECIDED);
    assertThat(check.note()).isEqualTo("2 of 4 iterations have no value");
  }

  /** The iterations of a fork are alike, so that many of them do not show what a mean may be. */
  @Test
  void judgesAMeanByForksWhereTheseDifferByMore() {
    MetricScores forks =
        new MetricScores(
            "ttft",
            "ms",
            Direction.LOWER_IS_BETTER,
            List.of(
                List.of(700.0, 701.0, 699.0, 700.0, 700.0),
                List.of(780.0, 781.0, 779.0, 780.0, 780.0),
                List.of(790.0, 791.0, 789.0, 790.0, 790.0)));

    assertThat(forks.mean() + forks.error(0.99)).isLessThan(800);
    assertThat(judged(forks, "ttft < 800ms").verdict()).isEqualTo(SearchVerdict.UNDECIDED);
    assertThat(judged(forks, "ttft < 1100ms").verdict()).isEqualTo(SearchVerdict.SUSTAINED);
  }

  /**
   * Responses that users left after a time would have taken as long as others of that age, if any
   * ended.
   */
  @ParameterizedTest
  @CsvSource({
    "e2e p95, 300, SUSTAINED, ''",
    "e2e p95, 500, UNDECIDED, 60 of 660 were left by their users: search by goodput",
    "e2e p50, 500, SUSTAINED, ''",
    "e2e p50, 900, SUSTAINED, ''",
    "ntpot p50, 0, UNDECIDED, 60 of 660 were left by their users: search by goodput",
    "ttft p95, 0, SUSTAINED, ''",
  })
  void takesResponsesOfUsersWhoLeftForAsLongAsOthers(
      String metric, double age, SearchVerdict verdict, String note) {
    Buckets left = age > 0 ? samples(60, age) : NONE;
    Point.Check check =
        withLeavers(percentile(metric, left, samples(600, 400)), 60, metric + " < 800ms");

    assertThat(check.verdict()).isEqualTo(verdict);
    assertThat(check.note()).isEqualTo(note);
  }

  /** A tenth of the users leave after 2 s, and half of the responses take as long or longer. */
  @Test
  void countsEachLeaverAsOneOfThoseThatTookLonger() {
    Buckets ended = samples(500, 1_000, 450, 3_000);
    Point.Check check =
        withLeavers(percentile("e2e p50", samples(50, 2_000), ended), 50, "e2e p50 < 2s");

    assertThat(check.mean()).as("between 1 s and 3 s").isEqualTo(2_000);
    assertThat(check.interval().low()).isEqualTo(1_000);
    assertThat(check.interval().high()).isEqualTo(3_000);
    assertThat(check.verdict()).isEqualTo(SearchVerdict.UNDECIDED);
  }

  /** Those who left by chance saw the same as others, so that they change no percentile. */
  @Test
  void takesTheTimePerTokenThatLeaversSawForASample() {
    Buckets others = samples(570, 30, 30, 55);
    Point.Check alone = withLeavers(percentile("tpot p95", NONE, others), 0, "tpot p95 < 50ms");
    Point.Check check = withLeavers(percentile("tpot p95", others, others), 600, "tpot p95 < 50ms");

    assertThat(check.mean()).isEqualTo(alone.mean());
    assertThat(check.verdict()).isEqualTo(SearchVerdict.UNDECIDED);
    assertThat(
            withLeavers(percentile("tpot p95", samples(600, 30), others), 600, "tpot p95 < 50ms")
                .verdict())
        .as("30 of 1,200 missed it")
        .isEqualTo(SearchVerdict.SUSTAINED);
  }

  /** All users of a model that reasons for long are waiting for output when the load ends. */
  @ParameterizedTest
  @CsvSource({"ttfo p95, SUSTAINED", "ttft p95, UNDECIDED"})
  void takesRequestsThatReasonAtTheEndForAsLongAsOthers(String metric, SearchVerdict verdict) {
    MetricScores scores = percentile(metric, samples(64, 200), samples(600, 400));

    assertThat(judged(scores, metric + " < 800ms").verdict()).isEqualTo(verdict);
  }

  /** All left after longer than the limit, and few or none ended. */
  @ParameterizedTest
  @CsvSource({"0", "5", "40"})
  void doesNotSustainALoadOfWhichAllAreOlderThanTheLimit(int ended) {
    Buckets others = ended == 0 ? NONE : samples(ended, 3_000);
    MetricScores e2e = percentile("e2e p95", samples(600, 2_000), others);

    assertThat(withLeavers(e2e, 600, "e2e p95 < 1s").verdict())
        .isEqualTo(SearchVerdict.NOT_SUSTAINED);
  }

  @Test
  void saysThatUsersLeftWhereLatencyRises() {
    Buckets[] rising = {
      samples(150, 100), samples(150, 150), samples(150, 200), samples(150, 250), samples(150, 300)
    };
    String objective = "e2e p95 < 800ms";

    assertThat(withLeavers(percentile("e2e p95", NONE, rising), 0, objective).note())
        .isEqualTo("still getting worse");
    assertThat(withLeavers(percentile("e2e p95", samples(60, 400), rising), 60, objective).note())
        .startsWith("60 of 660 were left");
  }

  /** A user who left saw a pace. */
  @ParameterizedTest
  @CsvSource({"40, SUSTAINED", "90, NOT_SUSTAINED"})
  void judgesTimePerTokenByThatWhichLeaversSaw(double seen, SearchVerdict verdict) {
    MetricScores tpot = percentile("tpot p95", samples(60, seen), samples(600, 30));

    assertThat(withLeavers(tpot, 60, "tpot p95 < 60ms").verdict()).isEqualTo(verdict);
  }

  private static MetricScores percentile(String metric, Buckets unfinished, Buckets... iterations) {
    PercentileSamples samples =
        new PercentileSamples(
            metric.endsWith("95") ? 95 : 50, List.of(List.of(iterations)), List.of(unfinished));
    return new MetricScores(
            metric.replace(' ', '·'), "ms", Direction.LOWER_IS_BETTER, samples.scores())
        .with(samples);
  }

  @Test
  void doubtsAMeanOfThoseWhoStayed() {
    MetricScores e2e =
        new MetricScores(
            "e2e", "ms", Direction.LOWER_IS_BETTER, List.of(List.of(41.0, 40.0, 41.0, 40.0, 41.0)));

    assertThat(withLeavers(e2e, 6, "e2e < 60ms").verdict()).isEqualTo(SearchVerdict.SUSTAINED);
    assertThat(withLeavers(e2e, 60, "e2e < 60ms").verdict()).isEqualTo(SearchVerdict.UNDECIDED);
    assertThat(withLeavers(e2e, 60, "e2e < 30ms").verdict()).isEqualTo(SearchVerdict.NOT_SUSTAINED);
  }

  /** Judges a metric of 600 requests that ended, beside those whose users left. */
  private static Point.Check withLeavers(MetricScores metric, int left, String objective) {
    BenchmarkScores scores =
        new BenchmarkScores(
            new BenchmarkScores.Key("a.B", "avgt", Map.of()),
            List.of(metric, count("requests", 600), count("abandoned", left)));
    return Point.judged(1, scores, SearchObjectives.parse(objective), 0.99).checks().get(0);
  }

  private static MetricScores count(String label, double value) {
    return new MetricScores(
        label, "requests", Direction.HIGHER_IS_BETTER, List.of(List.of(value / 2, value / 2)));
  }

  /** An open load of conversations becomes more than was measured; in one of many, by chance. */
  @ParameterizedTest
  @CsvSource({"1, 1, UNDECIDED", "2, 1, UNDECIDED", "3, 1, SUSTAINED", "3, 0, SUSTAINED"})
  void doesNotSustainALoadThatWasStillGrowing(int forks, int grown, SearchVerdict verdict) {
    List<Double> fork = List.of(41.0, 40.0, 41.0, 40.0, 41.0);
    MetricScores tpot =
        new MetricScores("tpot", "ms", Direction.LOWER_IS_BETTER, Collections.nCopies(forks, fork));
    ForkNote note = new ForkNote(ForkNote.Kind.BUILDING_UP, "The load was still growing.");
    BenchmarkScores scores =
        new BenchmarkScores(
            new BenchmarkScores.Key("a.B", "avgt", Map.of()),
            List.of(tpot),
            Collections.nCopies(grown, note),
            Map.of());

    Point point = Point.judged(16, scores, SearchObjectives.parse("tpot < 60ms"), 0.99);

    assertThat(point.checks().get(0).verdict()).isEqualTo(verdict);
    assertThat(point.checks().get(0).note().equals("the load was still growing"))
        .isEqualTo(verdict == SearchVerdict.UNDECIDED);
    assertThat(point.warnings().toString().contains("were measured too early. The load"))
        .isEqualTo(grown > 0);
  }

  /** Tokens of those that are served come as fast as ever. */
  @Test
  void doesNotSustainAQueueThatNoObjectiveIsAbout() {
    MetricScores tpot =
        new MetricScores(
            "tpot",
            "ms",
            Direction.LOWER_IS_BETTER,
            List.of(List.of(41.0, 40.0, 41.0, 40.0, 41.0)));
    MetricScores ttft =
        new MetricScores(
            "ttft",
            "ms",
            Direction.LOWER_IS_BETTER,
            List.of(List.of(1_000.0, 3_100.0, 5_000.0, 7_100.0, 9_000.0)));
    BenchmarkScores scores =
        new BenchmarkScores(new BenchmarkScores.Key("a.B", "avgt", Map.of()), List.of(tpot, ttft));

    Point point = Point.judged(16, scores, SearchObjectives.parse("tpot < 60ms"), 0.99);
    assertThat(point.checks().get(0).verdict()).isEqualTo(SearchVerdict.UNDECIDED);
    assertThat(point.checks().get(0).note()).isEqualTo("TTFT still getting worse");

    point = Point.judged(16, scores, SearchObjectives.parse("tpot < 60ms & ttft < 20s"), 0.99);
    assertThat(point.checks().get(0).verdict())
        .as("an objective of its own is judged by itself")
        .isEqualTo(SearchVerdict.SUSTAINED);
    point = Point.judged(16, scores, SearchObjectives.parse("tpot < 30ms"), 0.99);
    assertThat(point.checks().get(0).verdict()).isEqualTo(SearchVerdict.NOT_SUSTAINED);
  }

  @ParameterizedTest
  @CsvSource({
    "tpot < 14ms, SUSTAINED",
    "tpot < 13ms, UNDECIDED",
    "outputTokensPerSecond > 60tokens/s, UNDECIDED",
    "outputTokensPerSecond > 20tokens/s, SUSTAINED",
  })
  void ignoresAChangeThatIsFarFromTheLimit(String objective, SearchVerdict verdict) {
    boolean isTime = objective.startsWith("tpot");
    List<Double> values =
        isTime ? List.of(5.0, 5.1, 5.2, 5.3, 5.4) : List.of(104.0, 103.0, 102.0, 101.0, 100.0);
    MetricScores metric =
        new MetricScores(
            objective.split(" ")[0],
            isTime ? "ms" : "tokens/s",
            isTime ? Direction.LOWER_IS_BETTER : Direction.HIGHER_IS_BETTER,
            List.of(values));

    assertThat(judged(metric, objective).verdict()).isEqualTo(verdict);
  }

  /** TTFT rises little until all slots of the server are busy, and by far after that. */
  @ParameterizedTest
  @CsvSource({"1.9, SUSTAINED", "2.1, UNDECIDED"})
  void doubtsAChangeByAFifthHoweverFarFromTheLimit(double step, SearchVerdict verdict) {
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      values.add(40 + step * (i - 2));
    }
    MetricScores metric =
        new MetricScores("ttft", "ms", Direction.LOWER_IS_BETTER, List.of(values));

    assertThat(judged(metric, "ttft < 2s").verdict()).isEqualTo(verdict);
  }

  /** One slow request is enough, in whatever iteration, and the mean of these hides it. */
  @Test
  void judgesAMaximumByTheGreatestOfAnyIteration() {
    List<Double> iterations = new ArrayList<>(Collections.nCopies(14, 500.0));
    iterations.add(3_000.0);
    MetricScores metric =
        new MetricScores("ttft·max", "ms", Direction.LOWER_IS_BETTER, List.of(iterations));

    assertThat(judged(metric, "ttft max < 2s").verdict()).isEqualTo(SearchVerdict.NOT_SUSTAINED);
    assertThat(judged(metric, "ttft max < 2s")).hasToString("ttft·max 3000 ms (3000 to 3000)");
    assertThat(judged(metric, "ttft max < 4s").verdict()).isEqualTo(SearchVerdict.SUSTAINED);
  }

  /** If 97 % of requests are good, one load in five of 50 requests has only good ones. */
  @ParameterizedTest
  @CsvSource({
    "goodput >= 99%, goodputPercent, requests, 10, UNDECIDED, too few requests: 50",
    "goodput >= 99%, goodputPercent, requests, 200, SUSTAINED, ''",
    "invalidJsonPercent < 1%, invalidJsonPercent, jsonResponses, 10, UNDECIDED, too few requests:"
        + " 50",
    "invalidJsonPercent < 1%, invalidJsonPercent, jsonResponses, 200, SUSTAINED, ''",
    "conversationSuccess >= 99%, conversationSuccessPercent, completedConversations, 10, UNDECIDED,"
        + " too few conversations: 50",
    "conversationSuccess >= 99%, conversationSuccessPercent, completedConversations, 200,"
        + " SUSTAINED, ''"
  })
  void doesNotSustainAShareThatFewShow(
      String objective,
      String share,
      String count,
      double counted,
      SearchVerdict verdict,
      String note) {
    double best = objective.contains("<") ? 0 : 100;
    List<List<Double>> all = List.of(Collections.nCopies(5, best));
    BenchmarkScores scores =
        new BenchmarkScores(
            new BenchmarkScores.Key("a.B", "avgt", Map.of()),
            List.of(
                new MetricScores(share, "%", Direction.HIGHER_IS_BETTER, all),
                new MetricScores(
                    count,
                    "requests",
                    Direction.NEITHER,
                    List.of(Collections.nCopies(5, counted)))));

    Point.Check check =
        Point.judged(1, scores, SearchObjectives.parse(objective), 0.99).checks().get(0);
    assertThat(check.verdict()).isEqualTo(verdict);
    assertThat(check.note()).isEqualTo(note);
    assertThat(check.mean()).isEqualTo(best);
  }

  @Test
  void doesNotSustainARateThatIterationsAreMissingOf() {
    MetricScores mean =
        new MetricScores(
            "tpot",
            "ms",
            Direction.LOWER_IS_BETTER,
            List.of(List.of(4.0, 4.1, 4.0, Double.NaN, Double.NaN)));

    Point.Check check = judged(mean, "tpot < 50ms");

    assertThat(check.verdict()).isEqualTo(SearchVerdict.UNDECIDED);
    assertThat(check.note()).isEqualTo("2 of 5 iterations have no value");
  }

  /** The cost of an iteration without a good request is infinite, and the mean a lower bound. */
  @Test
  void saysThatAMeanOfCostsLacksAnIteration() {
    MetricScores cost =
        new MetricScores(
            "costPerThousandGoodRequests",
            "$",
            Direction.LOWER_IS_BETTER,
            List.of(List.of(4.0, 4.1, 4.0, 4.2, Double.NaN)));

    Point.Check missed = judged(cost, "costPerThousandGoodRequests < 3");
    assertThat(missed.verdict()).isEqualTo(SearchVerdict.NOT_SUSTAINED);
    assertThat(missed.toString()).endsWith(" $ (1 of 5 iterations have no value)");
    assertThat(judged(cost, "costPerThousandGoodRequests < 9").verdict())
        .isEqualTo(SearchVerdict.UNDECIDED);
  }

  /** Requests that hang have not failed, and a mean rate has the iterations from before. */
  @ParameterizedTest
  @CsvSource({
    "0, UNDECIDED, 'nothing came in 1 of the iterations: the server hangs, or -r is too short'",
    "NaN, UNDECIDED, 'nothing came in 1 of the iterations: the server hangs, or -r is too short'",
    "500, SUSTAINED, ''"
  })
  void doesNotSustainALoadOfWhichNothingComesAtTheEnd(
      double tokens, SearchVerdict verdict, String note) {
    BenchmarkScores scores =
        new BenchmarkScores(
            new BenchmarkScores.Key("a.B", "avgt", Map.of()),
            List.of(
                count("outputTokensPerSecond", 500, 500, 500, tokens),
                count("requests", 100, 100, 100, 0),
                count("failures", 0, 0, 0, 0)));

    Point point = Point.judged(1, scores, SearchObjectives.parse("failures <= 1%"), 0.99);

    assertThat(point.verdict()).isEqualTo(verdict);
    assertThat(point.checks().get(0).note()).isEqualTo(note);
  }

  /** Of 34 that ended in the load, 3 failed, and 2 of 16 after it. */
  @ParameterizedTest
  @CsvSource({"failures <= 10%, SUSTAINED", "failures < 10%, NOT_SUSTAINED"})
  void judgesFailuresOfAllThatEnded(String objective, SearchVerdict verdict) {
    BenchmarkScores scores =
        new BenchmarkScores(
            new BenchmarkScores.Key("a.B", "avgt", Map.of()),
            List.of(
                count("requests", 10, 12, 12),
                count("drainRequests", 0, 0, 16),
                count("failures", 1, 1, 3)));

    Point.Check check =
        Point.judged(1, scores, SearchObjectives.parse(objective), 0.99).checks().get(0);
    assertThat(check.mean()).isEqualTo(10);
    assertThat(check.verdict()).isEqualTo(verdict);
  }

  private static MetricScores count(String name, double... iterations) {
    return new MetricScores(
        name, "#", Direction.NEITHER, List.of(DoubleStream.of(iterations).boxed().toList()));
  }

  @Test
  void countsWaitingRequestsAgainstTheServer() {
    List<Buckets> fast = List.of(samples(300, 400), samples(300, 400));

    Point.Check many = check(fast, samples(100, 5_000));
    assertThat(many.verdict()).isEqualTo(SearchVerdict.NOT_SUSTAINED);
    // the end that decides is shown, although the other one is not bounded
    assertThat(many).hasToString("ttft·p95 5000 ms (5000 to ∞)");
    // nobody knows how long those will still wait that have just come
    assertThat(check(fast, samples(100, 10)).verdict()).isEqualTo(SearchVerdict.UNDECIDED);
    assertThat(check(fast, samples(3, 5_000)).verdict()).isEqualTo(SearchVerdict.SUSTAINED);
  }

  /** Young requests are under way in any load, but old ones show that responses take too long. */
  @Test
  void countsOldRequestsThatHaveNotEndedAgainstTheServer() {
    for (String figure : List.of("e2e", "icl", "itl")) {
      assertThat(unfinished(figure, samples(100, 300)).verdict())
          .isEqualTo(SearchVerdict.SUSTAINED);
      assertThat(unfinished(figure, samples(100, 5_000)).verdict())
          .isEqualTo(SearchVerdict.NOT_SUSTAINED);
    }
  }

  private static Point.Check unfinished(String figure, Buckets underWay) {
    PercentileSamples samples =
        new PercentileSamples(
            95, List.of(List.of(samples(300, 400), samples(300, 500))), List.of(underWay));
    return judged(
        new MetricScores(figure + "·p95", "ms", Direction.LOWER_IS_BETTER, samples.scores())
            .with(samples),
        figure + " p95 < 800ms");
  }

  @Test
  void decidesOnlyWithSamplesEnough() {
    Point.Check few = check(List.of(samples(40, 400), samples(40, 400)), NONE);
    Point.Check enough = check(List.of(samples(60, 400), samples(60, 400)), NONE);

    assertThat(few.verdict()).isEqualTo(SearchVerdict.UNDECIDED);
    assertThat(few)
        .hasToString("ttft·p95 400 ms (400 to ∞) (too few samples: 80, and it takes 100)");
    assertThat(enough.verdict()).isEqualTo(SearchVerdict.SUSTAINED);
    assertThat(check(List.of(samples(5, 900)), NONE).verdict())
        .isEqualTo(SearchVerdict.NOT_SUSTAINED);
  }

  /** 3 % of the samples miss the limit, but they came in one of five iterations. */
  @Test
  void trustsIterationsThatDifferLess() {
    Buckets steady = new Buckets(new double[] {400, 900}, new long[] {194, 6}, 200);
    Buckets slow = new Buckets(new double[] {400, 900}, new long[] {170, 30}, 200);
    Buckets fast = samples(200, 400);

    Point.Check even = check(List.of(steady, steady, steady, steady, steady), NONE);
    Point.Check uneven = check(List.of(fast, slow, fast, fast, fast), NONE);

    assertThat(even.verdict()).isEqualTo(SearchVerdict.SUSTAINED);
    assertThat(even.mean()).isCloseTo(uneven.mean(), within(1e-9));
    assertThat(uneven.verdict()).isEqualTo(SearchVerdict.UNDECIDED);
  }
}
