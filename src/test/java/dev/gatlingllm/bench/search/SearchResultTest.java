package dev.gatlingllm.bench.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.Interval;
import java.util.List;
import org.junit.jupiter.api.Test;

class SearchResultTest {

  private static final SearchObjectives OBJECTIVES = SearchObjectives.parse("ttft p95 < 800ms");

  private static Point point(double users, SearchVerdict verdict, boolean clientLate) {
    return point(users, verdict, clientLate, false);
  }

  private static Point point(
      double users, SearchVerdict verdict, boolean clientLate, boolean cacheWarm) {
    Point.Check check =
        new Point.Check(OBJECTIVES.all().get(0), 700, Interval.around(700, 9), verdict, "");
    return new Point(
        users, 3, List.of(check), List.of(), 100 * users, clientLate, cacheWarm, false, List.of());
  }

  private static Point ofTwoLoads(Point one) {
    return new Point(
        one.value(),
        one.iterations(),
        one.checks(),
        one.warnings(),
        one.outputTokensPerSecond(),
        false,
        false,
        true,
        List.of());
  }

  private static SearchResult result(boolean lateBelow, boolean lateAbove) {
    return result(lateBelow, lateAbove, "");
  }

  private static SearchResult result(boolean lateBelow, boolean lateAbove, String failure) {
    return new SearchResult(
        SearchAxis.parse("users=1..16"),
        OBJECTIVES,
        0.99,
        List.of(
            point(1, SearchVerdict.SUSTAINED, true),
            point(4, SearchVerdict.SUSTAINED, lateBelow),
            point(8, SearchVerdict.NOT_SUSTAINED, lateAbove)),
        failure);
  }

  @Test
  void saysWhatTheServerGivesAtItsLimit() {
    SearchResult result = result(false, false);

    assertThat(result.isTrusted()).isTrue();
    assertThat(result.summary())
        .isEqualTo(
            "4 users met every objective, at 400 output tokens/s. 8 users did not: ttft·p95 700 ms"
                + " (691 to 709), required: ttft·p95 < 800 ms.");
    assertThat(result.broke()).map(Point::value).contains(8.0);
  }

  @Test
  void doubtsALimitAtWhichTheLoadGeneratorWasLate() {
    assertThat(result(true, true).isTrusted()).isFalse();
    assertThat(result(true, true).summary())
        .endsWith("The load generator was late at 4 users and 8 users: the limit may be its own.");
    assertThat(result(false, true).isTrusted()).isFalse();
  }

  /** A second search at the same server sends the same prompts. */
  @Test
  void doubtsALimitWithAWarmCache() {
    SearchResult warm =
        new SearchResult(
            SearchAxis.parse("users=4..16"),
            OBJECTIVES,
            0.99,
            List.of(
                point(4, SearchVerdict.SUSTAINED, false, true),
                point(8, SearchVerdict.NOT_SUSTAINED, false)),
            "");

    assertThat(warm.isTrusted()).isFalse();
    assertThat(warm.summary())
        .endsWith(
            "The server had prompts cached before they were sent at 4 users: the limit may be too"
                + " high; use -cache reset or, for generated prompts, a new llm.salt.");
  }

  @Test
  void doubtsALimitAtWhichTheServerWorkedForOthers() {
    SearchResult shared =
        new SearchResult(
            SearchAxis.parse("users=1..16"),
            OBJECTIVES,
            0.99,
            List.of(
                point(4, SearchVerdict.SUSTAINED, false),
                ofTwoLoads(point(8, SearchVerdict.NOT_SUSTAINED, false))),
            "");

    assertThat(shared.isTrusted()).isFalse();
    assertThat(shared.summary())
        .endsWith(
            "The server worked for others, too, at 8 users: the limit is not that of this load"
                + " alone.");
  }

  @Test
  void doubtsTheLimitOfASearchThatStoppedEarly() {
    SearchResult stopped = result(false, false, "the fork at 6 users exited with 1");

    assertThat(stopped.isTrusted()).isFalse();
    assertThat(stopped.summary())
        .endsWith("The search stopped early: the fork at 6 users exited with 1.");
  }
}
