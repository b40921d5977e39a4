package dev.gatlingllm.observe.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.observe.export.ExportedMetric.Kind;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DashboardTest {

  private static final Pattern METRIC = Pattern.compile("\\b(?:gatling_llm|gen_ai_client)_\\w+");

  private static Set<String> metrics(Stream<String> texts) {
    return texts
        .flatMap(text -> METRIC.matcher(text).results().map(MatchResult::group))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns the names under which Prometheus finds a metric. */
  private static Stream<String> names(ExportedMetric metric, boolean classic) {
    String name = metric.prometheusName();
    return Stream.of(
        metric.kind() == Kind.COUNTER
            ? name + "_total"
            : metric.kind().isHistogram() && classic ? name + "_bucket" : name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"prometheus", "otlp"})
  void showsOnlyMetricsThatAreExported(String name) throws Exception {
    Set<String> exported =
        Stream.of(ExportedMetric.values())
            .flatMap(metric -> names(metric, name.equals("prometheus")))
            .collect(Collectors.toSet());

    assertThat(metrics(Dashboard.read(name).expressions().stream()))
        .isNotEmpty()
        .isSubsetOf(exported);
  }

  @ParameterizedTest
  @ValueSource(strings = {"prometheus", "otlp"})
  void canBeProvisionedAndImported(String name) throws Exception {
    JsonNode dashboard = Dashboard.read(name).json();

    assertThat(dashboard.at("/uid").asText()).isEqualTo("gatling-llm-" + name);
    assertThat(dashboard.has("id")).isFalse();
    assertThat(dashboard.has("__inputs")).isFalse();
    assertThat(dashboard.at("/panels").findValues("datasource"))
        .allSatisfy(source -> assertThat(source.path("uid").asText()).isEqualTo("${datasource}"));
    assertThat(dashboard.at("/panels"))
        .allSatisfy(
            panel -> {
              JsonNode place = panel.path("gridPos");
              assertThat(place.path("x").asInt() + place.path("w").asInt()).isLessThanOrEqualTo(24);
              assertThat(panel.path("title").asText()).isNotBlank();
            })
        .extracting(panel -> panel.path("id").asInt())
        .doesNotHaveDuplicates();
  }
}
