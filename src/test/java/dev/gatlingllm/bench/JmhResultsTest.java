package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.bench.result.ResultReader;
import dev.gatlingllm.metrics.Figure.Direction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;

class JmhResultsTest {

  private static class Benchmark {
    @Param("8")
    int users;

    @Param("64")
    int tokens;
  }

  @TempDir Path folder;
  private final Results results = new Results();

  private RunResult of(String options, double[]... forks) {
    Combination combination = Combination.of(Benchmark.class, BenchOptions.parse(options)).get(0);
    List<ForkScores> scores = new ArrayList<>();
    for (double[] fork : forks) {
      MeasuredFork measured = new MeasuredFork();
      for (double value : fork) {
        Map<String, Double> values = new HashMap<>();
        combination
            .conditions()
            .metrics()
            .forEach(metric -> values.put(metric.label(), Double.NaN));
        values.put("failures", 0.0);
        values.put(combination.conditions().score().label(), value);
        measured.iteration(value, values);
      }
      scores.add(measured.scores());
    }
    return results.add(combination, scores);
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(results.format(ResultFormatType.JSON)).get(0);
  }

  @Test
  void scoresMeanOfAllIterationsWithErrorOfJmh() {
    RunResult result = of("-f 2 -i 3", new double[] {10, 11, 12}, new double[] {11, 12, 13});

    assertThat(result.getPrimaryResult().getScore()).isEqualTo(11.5);
    // Student's t of 99.9 % and 5 degrees of freedom, 6.8688, by the standard error of six values
    assertThat(result.getPrimaryResult().getScoreError())
        .isCloseTo(6.8688 * Math.sqrt(5.5 / 5 / 6), within(1e-3));
    assertThat(result.getPrimaryResult().getSampleCount()).isEqualTo(6);
    assertThat(result.getSecondaryResults().get("ttft·p99").getScore()).isEqualTo(23);
  }

  /** JMH's own fields, mode and unit, would give each of these the wrong direction. */
  @ParameterizedTest
  @CsvSource({
    "clientCpuPercent, LOWER_IS_BETTER",
    "inputTokensPerSecond, NEITHER",
    "expectedReusablePercent, NEITHER",
    "cacheHitPercent, HIGHER_IS_BETTER",
    "ttft.p99, LOWER_IS_BETTER"
  })
  void filesKeepTheDirectionOfTheScore(String metric, Direction better) throws IOException {
    of("-metric " + metric, new double[] {10, 11, 12});
    Path file =
        Files.writeString(folder.resolve("jmh.json"), results.format(ResultFormatType.JSON));

    MetricScores score = ResultReader.read(file).get(0).primary();

    assertThat(score.name()).isEqualTo("score");
    assertThat(score.better()).isEqualTo(better);
  }

  @Test
  void twoValuesHaveNoError() {
    assertThat(of("", new double[] {10, 11}).getPrimaryResult().getScoreError()).isNaN();
    assertThat(of("-f 1", new double[] {10}).getPrimaryResult().getScoreError()).isNaN();
  }

  @Test
  void excludesIterationsWithoutAValueFromTheScore() throws IOException {
    RunResult result = of("", new double[] {10, Double.NaN, 12, 14});

    assertThat(result.getPrimaryResult().getScore()).isEqualTo(12);
    assertThat(result.getPrimaryResult().getSampleCount()).isEqualTo(3);
    assertThat(result.getSecondaryResults().get("ttft·p99").getScore()).isEqualTo(24);
    assertThat(result.getSecondaryResults()).containsOnlyKeys("ttft·p95", "ttft·p99", "failures");
    assertThat(result.getSecondaryResults().get("failures").getSampleCount()).isEqualTo(4);
    assertThat(json().at("/primaryMetric/rawData/0/1").asText()).isEqualTo("NaN");
  }

  @Test
  void writesJsonInTheLayoutOfJmh() throws IOException {
    of("-f 2 -wi 1 -w 5s -i 3 -r 500ms", new double[] {10, 11, 12}, new double[] {11, 12, 13});
    JsonNode row = json();

    assertThat(names(row))
        .containsExactly(
            "jmhVersion",
            "benchmark",
            "mode",
            "threads",
            "forks",
            "jvm",
            "jvmArgs",
            "jdkVersion",
            "vmName",
            "vmVersion",
            "warmupIterations",
            "warmupTime",
            "warmupBatchSize",
            "measurementIterations",
            "measurementTime",
            "measurementBatchSize",
            "params",
            "primaryMetric",
            "secondaryMetrics");
    assertThat(row.get("benchmark").asText()).isEqualTo(Benchmark.class.getName());
    assertThat(row.get("mode").asText()).isEqualTo("avgt");
    assertThat(row.get("forks").asInt()).isEqualTo(2);
    assertThat(row.get("jvm").asText()).isEqualTo("java");
    assertThat(row.get("warmupTime").asText()).isEqualTo("5 s");
    assertThat(row.get("measurementTime").asText()).isEqualTo("500 ms");
    assertThat(row.get("params").toString()).isEqualTo("{\"tokens\":\"64\",\"users\":\"8\"}");
    JsonNode primary = row.get("primaryMetric");
    assertThat(names(primary))
        .containsExactly(
            "figure",
            "pooled",
            "notes",
            "settings",
            "score",
            "scoreError",
            "scoreConfidence",
            "scorePercentiles",
            "scoreUnit",
            "rawData");
    assertThat(primary.get("score").asDouble()).isEqualTo(11.5);
    assertThat(primary.get("scoreUnit").asText()).isEqualTo("ms");
    assertThat(primary.get("rawData").toString()).isEqualTo("[[10.0,11.0,12.0],[11.0,12.0,13.0]]");
    assertThat(row.get("secondaryMetrics").get("ttft·p99").get("rawData").toString())
        .isEqualTo("[[20.0,22.0,24.0],[22.0,24.0,26.0]]");
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void writesNeitherCredentialsNorPaths() throws IOException {
    of("-jvm /opt/java/bin/java -jvmArgs -Dllm.baseUrl=http://me:key@host:1", new double[] {1});

    assertThat(json().toString())
        .doesNotContain("me:key", "/opt")
        .contains("http://[redacted]@host:1");
  }

  @Test
  void printsTableAndCsvOfJmh() {
    of("-f 1 -i 3", new double[] {10, 11, 12});

    assertThat(results.table().lines())
        .anyMatch(line -> line.matches(".*Benchmark:ttft·p99 +64 +8 +avgt +3 +22\\.000 ± .* ms"))
        .last()
        .asString()
        .matches(".*Benchmark +64 +8 +avgt +3 +11\\.000 ± 18\\.24\\d +ms");
    assertThat(results.format(ResultFormatType.CSV).lines().findFirst())
        .hasValue(
            "\"Benchmark\",\"Mode\",\"Threads\",\"Samples\",\"Score\",\"Score Error (99.9%)\","
                + "\"Unit\",\"Param: tokens\",\"Param: users\"");
  }
}
