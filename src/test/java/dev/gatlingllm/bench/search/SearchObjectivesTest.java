package dev.gatlingllm.bench.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.metrics.Condition;
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
    "TTFT p97.5 < 800ms, ttft·p975 < 800 ms",
    "goodput >= 95%, goodput >= 95 %",
    "cacheHitPercent > 70 %, cacheHit > 70 %",
    "outputTokensPerSecond > 1000, outputTokensPerSecond > 1000",
    "outputTokensPerSecond > 1000 tokens/s, outputTokensPerSecond > 1000"
  })
  void readsConditionsInTheirSpellings(String text, String meaning) {
    assertThat(SearchObjectives.parse(text).all().get(0)).hasToString(meaning);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fast | 'fast': not a condition; write a figure, a sign, a value",
        "ttft p95 < | 'ttft p95 <': not a condition",
        "ttft p95 < 800ms & | '': not a condition",
        "tftt p95 < 800ms | 'tftt p95 < 800ms': unknown figure tftt; write ttft",
        "speed < 8ms | 'speed < 8ms': unknown figure speed; write one of ttft, ttfo",
        "ttft q96 < 800ms | unknown statistic q96; write mean, min, max, stddev or a percentile",
        "ttft p95 < 800 | no unit; write a time such as 250us, 800ms or 1.5s",
        "ttft p95 < 800% | invalid unit %; write a time",
        "goodput > 95 | no unit; write %, such as 95%",
        "goodput p95 > 95% | goodput has no statistics; write the figure alone",
        "goodput >= 100% | goodput >= 100 % cannot be shown by any number of requests",
        "conversationSuccess >= 100% | conversationSuccess >= 100 % cannot be shown by any number",
        "differentPercent <= 0% | the limit must be above 0%, such as 1%",
        "conversationDuration p95 < 60s | conversationDuration is known of conversations that end",
        "requestsPerSecond > 5s | invalid unit s; write requests/s or no unit",
        "ttft p95 < 1s & ttft p95 < 2s | ttft·p95 has two conditions; keep the stricter one"
      })
  void rejectsInvalidConditionsWithWhatIsAllowed(String text, String problem) {
    assertThatThrownBy(() -> SearchObjectives.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("-objective: ")
        .hasMessageContaining(problem);
  }

  @Test
  void allowsOnePercentOfFailuresByDefault() {
    assertThat(SearchObjectives.parse("ttft p95 < 800ms & tpot < 50ms"))
        .hasToString("ttft·p95 < 800 ms & tpot < 50 ms & failures <= 1 %");
    assertThat(SearchObjectives.parse("failures <= 0% & ttft p95 < 800ms"))
        .hasToString("failures <= 0 % & ttft·p95 < 800 ms");
  }

  @Test
  void namesTheScoresItNeeds() {
    assertThat(SearchObjectives.parse("ttft p95 < 1s & goodput > 90%").scores())
        .containsExactly("ttft·p95", "goodputPercent", "requests", "failures", "drainRequests");
    assertThat(SearchObjectives.parse("conversationSuccess > 90%").scores())
        .contains("completedConversations", "failedConversations");
    assertThat(SearchObjectives.parse("tpot p95 < 60ms").scores())
        .as("TTFT shows a queue")
        .containsExactly("tpot·p95", "failures", "requests", "drainRequests", "ttft");
    assertThat(SearchObjectives.parse("e2e p95 < 5s").scores())
        .as("users who left count")
        .containsExactly("e2e·p95", "abandoned", "failures", "requests", "drainRequests");
    assertThat(SearchObjectives.parse("goodput > 90%").scores()).contains("ttft");
  }

  @ParameterizedTest
  @CsvSource({
    "ttft < 10ms, 5, 9, SUSTAINED",
    "ttft < 10ms, 5, 10, UNDECIDED",
    "ttft <= 10ms, 5, 10, SUSTAINED",
    "ttft < 10ms, 10, 12, NOT_SUSTAINED",
    "ttft <= 10ms, 10, 12, UNDECIDED",
    "goodput > 90%, 91, 95, SUSTAINED",
    "goodput > 90%, 85, 95, UNDECIDED",
    "goodput >= 90%, 80, 89, NOT_SUSTAINED",
    "ttft < 10ms, NaN, NaN, UNDECIDED"
  })
  void judgesTheWholeInterval(String objective, double low, double high, SearchVerdict verdict) {
    Condition condition = Condition.parseAll(objective).get(0);
    assertThat(SearchVerdict.of(condition, new Interval(low, high))).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "users=1..512, 1, 512, true",
    "users=512..1, 512, 1, true",
    "rate=0.5..64, 0.5, 64, false"
  })
  void readsBothEndsOfAnAxis(String text, double start, double end, boolean whole) {
    SearchAxis axis = SearchAxis.parse(text);

    assertThat(axis.start()).isEqualTo(start);
    assertThat(axis.end()).isEqualTo(end);
    assertThat(axis.whole()).isEqualTo(whole);
  }

  @ParameterizedTest
  @CsvSource({"users", "users=8", "users=1-512", "users=0..512", "users=8..8", "users=-1..8"})
  void rejectsInvalidAxes(String text) {
    assertThatThrownBy(() -> SearchAxis.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("-search must be ")
        .hasMessageEndingWith("users=1..512, got " + text);
  }
}
