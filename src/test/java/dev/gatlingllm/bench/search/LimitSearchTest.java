package dev.gatlingllm.bench.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.metrics.Figure.Direction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitSearchTest {

  private static final SearchObjectives OBJECTIVES = SearchObjectives.parse("ttft p95 < 800ms");

  private final List<Point> judged = new ArrayList<>();

  private SearchResult search(String axis, SimulatedLoad server) {
    return LimitSearch.run(SearchAxis.parse(axis), OBJECTIVES, server, judged::add);
  }

  private static double limit(SearchResult result) {
    return result.limit().orElseThrow().value();
  }

  private static double next(SearchResult result) {
    return result.next().orElseThrow().value();
  }

  /** 100 + 4 x stays below 800 for x below 175. */
  private static double law(double load) {
    return 100 + 4 * load;
  }

  @ParameterizedTest
  @ValueSource(strings = {"users=1..512", "users=512..1", "users=100..200", "users=170..180"})
  void findsTheLimitWithinOneStepFromBothSides(String axis) {
    SearchResult result = search(axis, SimulatedLoad.of(1, 0, LimitSearchTest::law));

    assertThat(limit(result)).isLessThan(175);
    assertThat(next(result)).isGreaterThanOrEqualTo(175);
    assertThat(next(result) / limit(result)).isLessThanOrEqualTo(1 + SearchAxis.STEP);
    assertThat(result.isComplete()).isTrue();
    assertThat(result.points())
        .hasSizeLessThanOrEqualTo(LimitSearch.maxPoints(SearchAxis.parse(axis)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"users=1..16", "users=16..1"})
  void separatesSmallWholeNumbers(String axis) {
    SearchResult result = search(axis, SimulatedLoad.of(1, 0, load -> 100 + 100 * load));

    assertThat(limit(result)).isEqualTo(6);
    assertThat(next(result)).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rate=0.5..64", "rate=64..0.5"})
  void searchesFractionsOfRates(String axis) {
    // an open queue: 1 / (10 − rate) seconds, below 800 ms for rates below 8.75
    SearchResult result =
        search(axis, SimulatedLoad.of(1, 0, rate -> rate < 10 ? 1000 / (10 - rate) : 60_000));

    assertThat(limit(result)).isLessThan(8.75);
    assertThat(next(result)).isGreaterThanOrEqualTo(8.75);
    assertThat(next(result) / limit(result)).isLessThanOrEqualTo(1 + SearchAxis.STEP);
  }

  @Test
  void doublesAndThenBisectsByRatio() {
    SimulatedLoad server = SimulatedLoad.of(1, 0, LimitSearchTest::law);

    search("users=1..512", server);

    assertThat(server.asked)
        .startsWith(1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 181.0, 152.0);
  }

  @Test
  void rarelyOverstatesTheLimitOfANoisyServer() {
    int overstated = 0;
    int understated = 0;
    for (int seed = 0; seed < 200; seed++) {
      SearchResult result =
          search(
              seed % 2 == 0 ? "users=1..512" : "users=512..1",
              SimulatedLoad.of(seed, 0.05, LimitSearchTest::law));
      overstated += limit(result) >= 175 ? 1 : 0;
      // with 15 iterations an error of 5 % still leaves 4 % on either side in the dark
      understated += limit(result) < 175 / 1.15 ? 1 : 0;
    }
    // a load at the very limit is called sustained once in 200 looks; few looks are as close
    assertThat(overstated).isLessThanOrEqualTo(4);
    assertThat(understated).isLessThanOrEqualTo(4);
  }

  @Test
  void measuresUndecidedLoadsAgain() {
    SimulatedLoad server = SimulatedLoad.of(3, 0.2, load -> load < 64 ? 100 : 800);

    SearchResult result = search("users=32..64", server);

    Point border = result.points().get(1);
    assertThat(border.value()).isEqualTo(64);
    assertThat(border.verdict()).isEqualTo(SearchVerdict.UNDECIDED);
    assertThat(border.iterations()).isEqualTo(LimitSearch.MAX_ROUNDS * SimulatedLoad.ITERATIONS);
    assertThat(server.asked).startsWith(32.0, 64.0, 64.0, 64.0);
    assertThat(judged.stream().filter(point -> point.value() == 64)).hasSize(3);
    assertThat(limit(result)).isEqualTo(61);
    assertThat(result.summary())
        .startsWith("61 users met every objective. 64 users could not be decided: ttft·p95")
        .contains("required: ttft·p95 < 800 ms");
  }

  @Test
  void saysThatTheLimitMayBeAboveTheRange() {
    SearchResult climbed = search("users=1..100", SimulatedLoad.of(1, 0.01, load -> 10));
    SearchResult descended = search("users=100..1", SimulatedLoad.of(1, 0.01, load -> 10));

    assertThat(climbed.summary())
        .isEqualTo(
            "100 users met every objective; this is the largest load searched, and the limit may"
                + " lie above.");
    assertThat(descended.summary()).isEqualTo(climbed.summary());
    assertThat(descended.points()).hasSize(1);
  }

  @Test
  void saysThatNoLoadIsSustained() {
    SearchResult climbed = search("users=4..100", SimulatedLoad.of(1, 0.01, load -> 5000));
    SearchResult descended = search("users=100..4", SimulatedLoad.of(1, 0.01, load -> 5000));

    assertThat(climbed.limit()).isEmpty();
    assertThat(climbed.points()).hasSize(1);
    assertThat(climbed.summary())
        .startsWith("No load was shown to meet every objective. 4 users did not: ");
    assertThat(descended.summary())
        .startsWith("No load was shown to meet every objective. 4 users did not: ");
  }

  @Test
  void rejectsALoadWithTooManyFailures() {
    SimulatedLoad server = SimulatedLoad.of(1, 0.01, load -> 10).failing(load -> load > 40 ? 2 : 1);

    SearchResult result = search("users=1..64", server);

    assertThat(limit(result)).isEqualTo(40);
    assertThat(result.summary()).contains("failures 2 %, required: failures <= 1 %");
  }

  @Test
  void doesNotTrustAGrowingQueue() {
    // a queue that grows with every iteration, and would miss the limit in the long run
    SimulatedLoad server = SimulatedLoad.building(1, (load, i) -> load > 20 ? 100 + 40 * i : 100);

    SearchResult result = search("users=5..40", server);

    assertThat(limit(result)).isEqualTo(20);
    assertThat(next(result)).isEqualTo(21);
    assertThat(result.summary()).contains("still getting worse");
  }

  @Test
  void keepsItsPointsIfMeasuringFails() {
    SearchResult result =
        search("users=1..512", SimulatedLoad.of(1, 0, LimitSearchTest::law).dyingAt(100));

    assertThat(result.isComplete()).isFalse();
    assertThat(limit(result)).isEqualTo(64);
    assertThat(result.summary())
        .isEqualTo(
            "64 users met every objective. The search stopped early: users=128 could not be"
                + " measured: the fork ended with 2.");
  }

  @Test
  void saysThatAMetricWasNotMeasured() {
    SearchResult result =
        LimitSearch.run(
            SearchAxis.parse("users=1..8"),
            SearchObjectives.parse("tpot < 50ms"),
            SimulatedLoad.of(1, 0, load -> 1),
            judged::add);

    assertThat(result.summary())
        .isEqualTo(
            "No load was shown to meet every objective. 1 user could not be decided: tpot – (not"
                + " measured), required: tpot < 50 ms.");
  }

  /** A server that hangs for a whole round gives no value of any metric but counts and rates. */
  @Test
  void sustainsNoLoadOfWhichARoundHasNoValues() {
    Iterator<List<Double>> rounds =
        List.of(List.of(10.0, 90.0, 10.0), List.<Double>of(), Collections.nCopies(30, 10.0))
            .iterator();
    LimitSearch.Load load =
        value -> {
          List<Double> tpot = rounds.next();
          List<MetricScores> metrics = new ArrayList<>();
          for (String count : List.of("outputTokensPerSecond", "requests", "failures")) {
            double each = tpot.isEmpty() || count.equals("failures") ? 0 : 100;
            metrics.add(
                new MetricScores(
                    count, "#", Direction.NEITHER, List.of(Collections.nCopies(3, each))));
          }
          if (!tpot.isEmpty()) {
            metrics.add(new MetricScores("tpot", "ms", Direction.LOWER_IS_BETTER, List.of(tpot)));
          }
          return new BenchmarkScores(new BenchmarkScores.Key("a.B", "thrpt", Map.of()), metrics);
        };

    SearchResult result =
        LimitSearch.run(
            SearchAxis.parse("users=1..8"),
            SearchObjectives.parse("tpot < 50ms"),
            load,
            judged::add);

    assertThat(result.limit()).isEmpty();
    assertThat(judged.get(2).checks())
        .extracting(Point.Check::note)
        .containsExactly(
            "not measured",
            "nothing came in 3 of the iterations: the server hangs, or -r is too short");
  }

  @Test
  void judgesTimesInAnyUnitAndRatesPerSecond() {
    SearchObjectives objectives =
        SearchObjectives.parse("ttft p95 < 800ms & requestsPerSecond > 5");
    BenchmarkScores others =
        new BenchmarkScores(
            new BenchmarkScores.Key("a.B", "avgt", Map.of()),
            List.of(
                new MetricScores(
                    "ttft·p95", "s", Direction.LOWER_IS_BETTER, List.of(List.of(0.1, 0.1, 0.1))),
                new MetricScores(
                    "requestsPerSecond",
                    "requests/ms",
                    Direction.HIGHER_IS_BETTER,
                    List.of(List.of(9.0)))));

    Point point = Point.judged(1, others, objectives, 0.99);

    assertThat(point.checks().get(0).mean()).isCloseTo(100, within(1e-9));
    assertThat(point.checks().get(0).verdict()).isEqualTo(SearchVerdict.SUSTAINED);
    assertThat(point.checks().get(1).note()).isEqualTo("measured in requests/ms by -tu");
    assertThat(point.checks().get(2).note()).isEqualTo("no request ended");
    assertThat(point.verdict()).isEqualTo(SearchVerdict.UNDECIDED);
  }

  @Test
  void decidesByFailuresAloneIfAllRequestsFail() {
    BenchmarkScores failing =
        new BenchmarkScores(
            new BenchmarkScores.Key("a.B", "avgt", Map.of()),
            List.of(
                new MetricScores("requests", "requests", Direction.NEITHER, List.of(List.of(9.0))),
                new MetricScores(
                    "failures", "requests", Direction.LOWER_IS_BETTER, List.of(List.of(9.0)))));

    assertThat(Point.judged(1, failing, OBJECTIVES, 0.99).verdict())
        .isEqualTo(SearchVerdict.NOT_SUSTAINED);
  }
}
