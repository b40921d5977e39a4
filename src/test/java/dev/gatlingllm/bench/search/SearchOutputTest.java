package dev.gatlingllm.bench.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class SearchOutputTest {

  private static final SearchAxis AXIS = SearchAxis.parse("users=1..16");
  private static final SearchObjectives OBJECTIVES = SearchObjectives.parse("ttft p95 < 800ms");

  private static SearchResult search(double dies) {
    SimulatedLoad server = SimulatedLoad.of(1, 0.001, load -> 100 + 100 * load).dyingAt(dies);
    return LimitSearch.run(AXIS, OBJECTIVES, server, point -> {});
  }

  @Test
  void fileListsAllPointsInOrder() {
    JsonNode json = SearchJson.of(search(100));

    assertThat(json.get("schema").textValue()).isEqualTo("gatling-llm-search/1");
    assertThat(json.get("limit").doubleValue()).isEqualTo(6);
    assertThat(json.get("next").doubleValue()).isEqualTo(7);
    assertThat(json.get("complete").booleanValue()).isTrue();
    assertThat(json.get("points").findValuesAsText("value"))
        .containsExactly("1.0", "2.0", "4.0", "8.0", "6.0", "7.0");
    JsonNode check = json.at("/points/3/checks/0");
    assertThat(check.get("objective").textValue()).isEqualTo("ttft·p95 < 800 ms");
    assertThat(check.get("limit").doubleValue()).isEqualTo(800);
    assertThat(check.get("text").textValue()).startsWith("900");
    assertThat(check.get("verdict").textValue()).isEqualTo("not sustained");
    assertThat(check.get("low").doubleValue())
        .isLessThan(check.get("mean").doubleValue())
        .isGreaterThan(890);
  }

  @Test
  void fileSaysThatASearchStoppedEarly() {
    JsonNode json = SearchJson.of(search(8));

    assertThat(json.get("complete").booleanValue()).isFalse();
    assertThat(json.get("limit").doubleValue()).isEqualTo(4);
    assertThat(json.get("next").isNull()).isTrue();
    assertThat(json.get("summary").textValue()).contains("users=8 could not be measured");
  }

  @Test
  void fileSaysWhyASearchMeasuredNothing() {
    JsonNode json = SearchJson.of(search(1));

    assertThat(json.get("limit").isNull()).isTrue();
    assertThat(json.get("points")).isEmpty();
    assertThat(json.get("summary").asText())
        .isEqualTo(
            "Nothing was measured. The search stopped early: users=1 could not be measured: the"
                + " fork ended with 2.");
  }
}
