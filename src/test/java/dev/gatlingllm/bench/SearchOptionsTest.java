package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.metrics.Indicator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openjdk.jmh.annotations.Param;

class SearchOptionsTest {

  private static class Benchmark {
    @Param("8")
    int users;

    @Param({"64", "1024"})
    int prefix;
  }

  private static BenchOptions options(String search, String objective, String... others) {
    List<String> words = new ArrayList<>(List.of(others));
    words.addAll(List.of("-search", search, "-objective", objective));
    return BenchOptions.parse(words);
  }

  @Test
  void searchesEachCombinationOfTheOtherParameters() {
    BenchOptions options = options("users=1..512", "ttft p95 < 800ms");

    List<Combination> bases =
        options.search().orElseThrow().bases(Combination.of(Benchmark.class, options));

    assertThat(bases)
        .extracting(Combination::parameters)
        .containsExactly(
            Map.of("users", "1", "prefix", "64"), Map.of("users", "1", "prefix", "1024"));
    assertThat(bases.get(1).with("users", "32").parameters())
        .isEqualTo(Map.of("users", "32", "prefix", "1024"));
  }

  @Test
  void measuresMetricsOfObjectivesAndScoresTheFirst() {
    Conditions conditions =
        Combination.of(Benchmark.class, options("users=1..8", "ttft p95 < 1s & tpot max < 50ms"))
            .get(0)
            .conditions();

    assertThat(conditions.score().label()).isEqualTo("ttft·p95");
    assertThat(conditions.metrics())
        .extracting(Indicator::label)
        .contains("tpot·max", "failures", "requests");
  }

  @Test
  void metricOptionSetsTheScoreOfASearch() {
    assertThat(
            Combination.of(
                    Benchmark.class, options("users=1..8", "ttft p95 < 1s", "-metric", "e2e·p50"))
                .get(0)
                .conditions()
                .score()
                .label())
        .isEqualTo("e2e·p50");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-search users=1..8 | -search needs -objective",
        "-objective ttft<1s | -objective needs -search",
        "-search users=1..8 -objective ttft<1s -p users=4 | -p must be a parameter that is not"
            + " searched, got users",
        "-search users=1..8 -objective ttft<1 | -objective: 'ttft<1': no unit; write a time",
        "-search users -objective ttft<1s | -search must be a parameter and two ends above 0 that"
            + " differ, such as",
        "-search clients=1..8 -objective ttft<1s | -p must be a parameter of",
        "-search users=0.5..8 -objective ttft<1s | 0.5"
      })
  void rejectsInvalidSearches(String options, String problem) {
    assertThatThrownBy(() -> Combination.of(Benchmark.class, BenchOptions.parse(options)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(problem);
  }
}
