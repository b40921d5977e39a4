package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.BenchmarkScores.Key;
import dev.gatlingllm.bench.result.JmhJson;
import dev.gatlingllm.bench.result.ResultReader;
import dev.gatlingllm.report.PageFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MatrixPageTest {

  private static final String HOSTILE = "</script><script>alert(1)</script>'\"&\u0000<b>";

  @TempDir Path folder;

  private final JmhJson json = new JmhJson();
  private final Map<Key, List<Path>> reports = new HashMap<>();

  private MatrixPageTest row(String users, String prefix, double... scores) {
    json.benchmark("load.Chat", "users", users, "prefix", prefix).primary("ms", scores, scores);
    json.secondary("cacheHitPercent", "%", scores, scores);
    return this;
  }

  private JsonNode page() throws IOException {
    List<BenchmarkScores> rows = ResultReader.read(json.write(folder.resolve("jmh.json")));
    Path page = folder.resolve("jmh.html");
    rows.forEach(
        row ->
            reports.put(
                row.key(), List.of(folder.resolve("chat 1/index.html"), folder.resolve("../x"))));
    MatrixPage.write(page, rows, reports, 0.999);
    return PageFile.data(page);
  }

  @Test
  void writesParametersScoresAndLinksOfEachRow() throws IOException {
    JsonNode page = row("1", "64", 10, 12, 11).row("8", "64", 20, 22, 21).page();

    assertThat(page.get("subtitle").asText())
        .startsWith("2 combinations, 2 forks of 3 iterations. Errors are half of 99.9 % intervals");
    JsonNode row = page.at("/rows/1");
    assertThat(row.get("benchmark").asText()).isEqualTo("Chat");
    assertThat(row.at("/params/users").asText()).isEqualTo("8");
    assertThat(row.at("/metrics/0/name").asText()).isEqualTo("score");
    assertThat(row.at("/metrics/0/mean").asDouble()).isEqualTo(21);
    assertThat(row.at("/metrics/0/error").asDouble()).isCloseTo(2.508, within(0.001));
    assertThat(row.at("/metrics/1/unit").asText()).isEqualTo("%");
    assertThat(row.at("/metrics/1/forks")).hasSize(2);
    assertThat(row.get("reports").toString()).isEqualTo("[\"chat%201/index.html\",\"../x\"]");
  }

  @Test
  void warnsAboutAScoreThatHasNotSettled() throws IOException {
    JsonNode page = row("1", "64", 10, 20, 30, 40).page();

    assertThat(page.at("/rows/0/warnings/0/metric").asText()).isEqualTo("score");
    assertThat(page.at("/rows/0/warnings/0/text").asText()).startsWith("it rises by 120.0 %");
  }

  @Test
  void keepsHostileNamesAsData() throws IOException {
    JsonNode page = row(HOSTILE, "64", 10, 12, 11).row("8", "64", 20, 22, 21).page();

    assertThat(page.at("/rows/0/params/users").asText()).isEqualTo(HOSTILE.replace("\u0000", ""));
  }

  @Test
  void writesNullForMissingValues() throws IOException {
    double nan = Double.NaN;
    JsonNode page = row("1", "64", nan, nan, nan).row("8", "64", 20, nan, 22).page();

    assertThat(page.at("/rows/0/metrics/0/mean").isNull()).isTrue();
    assertThat(page.at("/rows/1/metrics/0/forks/0/1").isNull()).isTrue();
    assertThat(page.at("/rows/0/warnings/0/text").asText())
        .contains("iterations or forks without a value: 6");
  }

  @Test
  void namesBenchmarksInFullWhereTheirShortNamesAreTheSame() throws IOException {
    json.benchmark("other.Chat").primary("ms", new double[] {1, 2, 3});

    JsonNode page = row("1", "64", 10, 12, 11).page();

    assertThat(page.findValuesAsText("benchmark"))
        .containsExactly("other.Chat (avgt)", "load.Chat (avgt)");
    assertThat(page.get("subtitle").asText())
        .startsWith("2 combinations, 1 to 2 forks of 3 iterations.");
  }

  @Test
  void linksAreRelativeAndEscaped() {
    Path page = Path.of("/results/reports/jmh.html");

    assertThat(MatrixPage.link(page, Path.of("/results/reports/a b#1/index.html")))
        .isEqualTo("a%20b%231/index.html");
    assertThat(MatrixPage.link(page, Path.of("/results/other/é/index.html")))
        .isEqualTo("../other/%C3%A9/index.html");
  }
}
