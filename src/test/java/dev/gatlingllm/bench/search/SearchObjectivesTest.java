package dev.gatlingllm.bench.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.metrics.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchObjectivesTest {

  @ParameterizedTest
  @CsvSource({
    "ttft p95 < 800ms, ttft·p95 < 800 ms",
    "ttft·p95<0.8s, ttft·p95 < 800 ms",
    "tpot mean <= 50 ms, tpot <= 50 ms",
    "tpot < 50ms, tpot < 50 ms",
    "icl p999 < 250us, icl·p999 < 0.25 ms",
    "e2e max < 1m, e2e·max < 60000 ms",
    "goodput >= 95%, goodputPercent >= 95 %",
    "cacheHitPercent > 70 %, cacheHitPercent > 70 %",
    "outputTokensPerSecond > 1000, outputTokensPerSecond > 1000"
  })
  void objectivesAreWrittenInManyWays(String text, String meaning) {
    assertThat(SearchObjective.parse(text)).hasToString(meaning);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fast | 'fast' is no objective; give a metric, a statistic, a sign",
        "ttft p95 < | 'ttft p95 <' is no objective",
        "ttft p95 < 800ms & | '' is no objective",
        "tftt p95 < 800ms | 'tftt p95 < 800ms' judges tftt, which is no metric; give one of",
        "ttft p96 < 800ms | has the statistic p96; give one of",
        "ttft p95 < 800 | has the unit ''; give us, ms, s or m, such as 800ms",
        "ttft p95 < 800% | has the unit '%'; give us",
        "goodput > 95 | has the unit ''; give percent, such as goodput > 95%",
        "goodput p95 > 95% | has the statistic p95; give one of times alone",
        "requestsPerSecond > 5s | has the unit 's'; give a number per second",
        "ttft p95 < 1s & ttft p95 < 2s | ttft·p95 is there twice; keep the stricter one"
      })
  void aPieceThatIsWrongIsNamedWithWhatWouldBeRight(String text, String problem) {
    assertThatThrownBy(() -> SearchObjectives.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("-objective: ")
        .hasMessageContaining(problem);
  }

  @Test
  void onePercentOfFailuresIsAllowedUnlessSaidOtherwise() {
    assertThat(SearchObjectives.parse("ttft p95 < 800ms & tpot < 50ms"))
        .hasToString("ttft·p95 < 800 ms & tpot < 50 ms & failures <= 1 %");
    assertThat(SearchObjectives.parse("failures <= 0% & ttft p95 < 800ms"))
        .hasToString("failures <= 0 % & ttft·p95 < 800 ms");
  }

  @Test
  void whatHasToBeMeasuredIsTold() {
    assertThat(SearchObjectives.parse("ttft p95 < 1s & goodput > 90%").metrics())
        .containsExactly("ttft·p95", "goodputPercent", "failures", "requests");
  }

  @ParameterizedTest
  @CsvSource({
    "ttft < 10ms, 5, 9, YES",
    "ttft < 10ms, 5, 10, UNDECIDED",
    "ttft <= 10ms, 5, 10, YES",
    "ttft < 10ms, 10, 12, NO",
    "ttft <= 10ms, 10, 12, UNDECIDED",
    "goodput > 90%, 91, 95, YES",
    "goodput > 90%, 85, 95, UNDECIDED",
    "goodput >= 90%, 80, 89, NO",
    "ttft < 10ms, NaN, NaN, UNDECIDED"
  })
  void theWholeIntervalHasToKeepTheLimit(
      String objective, double low, double high, Sustained verdict) {
    assertThat(SearchObjective.parse(objective).judge(new Interval(low, high))).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "users=1..512, 1, 512, true",
    "users=512..1, 512, 1, true",
    "rate=0.5..64, 0.5, 64, false"
  })
  void anAxisHasTwoEnds(String text, double start, double end, boolean whole) {
    SearchAxis axis = SearchAxis.parse(text);

    assertThat(axis.start()).isEqualTo(start);
    assertThat(axis.end()).isEqualTo(end);
    assertThat(axis.whole()).isEqualTo(whole);
  }

  @ParameterizedTest
  @CsvSource({"users", "users=8", "users=1-512", "users=0..512", "users=8..8", "users=-1..8"})
  void anAxisThatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> SearchAxis.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("-search " + text)
        .hasMessageEndingWith("users=1..512");
  }
}
