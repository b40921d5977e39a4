package dev.gatlingllm.bench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.bench.result.BenchmarkScores.Key;
import dev.gatlingllm.metrics.Figure.Direction;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.AverageTimeResult;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ResultRole;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.ScalarResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.IterationType;
import org.openjdk.jmh.runner.WorkloadParams;
import org.openjdk.jmh.runner.options.TimeValue;

class ResultReaderTest {

  @TempDir Path folder;

  /** What JMH itself would write: two forks of three iterations. */
  private static RunResult jmhResult() {
    WorkloadParams params = new WorkloadParams();
    params.put("users", "8", 0);
    params.put("prefix", "1024", 1);
    IterationParams iterations =
        new IterationParams(IterationType.MEASUREMENT, 3, TimeValue.seconds(1), 1);
    BenchmarkParams benchmark =
        new BenchmarkParams(
            "contract.PrefixBenchmark",
            "",
            false,
            1,
            new int[] {1},
            List.of(),
            2,
            0,
            iterations,
            iterations,
            Mode.AverageTime,
            params,
            TimeUnit.MILLISECONDS,
            1,
            "java",
            List.of(),
            "17",
            "vm",
            "17",
            "1.37",
            TimeValue.minutes(1));
    return new RunResult(
        benchmark,
        List.of(
            fork(benchmark, iterations, 100, 110, 120), fork(benchmark, iterations, 90, 100, 80)));
  }

  private static BenchmarkResult fork(
      BenchmarkParams benchmark, IterationParams iterations, int... millis) {
    List<IterationResult> results =
        Arrays.stream(millis)
            .mapToObj(
                value -> {
                  IterationResult iteration = new IterationResult(benchmark, iterations, null);
                  iteration.addResult(
                      new AverageTimeResult(
                          ResultRole.PRIMARY,
                          "ttft",
                          1,
                          TimeUnit.MILLISECONDS.toNanos(value),
                          TimeUnit.MILLISECONDS));
                  iteration.addResult(
                      new ScalarResult(
                          "cacheHitPercent",
                          value == 80 ? Double.NaN : 70,
                          "%",
                          AggregationPolicy.AVG));
                  return iteration;
                })
            .toList();
    return new BenchmarkResult(benchmark, results);
  }

  private List<BenchmarkScores> read(RunResult result) throws IOException {
    Path file = folder.resolve("jmh.json");
    try (PrintStream out = new PrintStream(file.toFile(), StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(List.of(result));
    }
    return ResultReader.read(file);
  }

  @Test
  void readsWhatJmhWrites() throws IOException {
    List<BenchmarkScores> rows = read(jmhResult());

    assertThat(rows).hasSize(1);
    BenchmarkScores row = rows.get(0);
    assertThat(row.key())
        .isEqualTo(
            new Key("contract.PrefixBenchmark", "avgt", Map.of("users", "8", "prefix", "1024")));
    assertThat(row.key()).hasToString("PrefixBenchmark (prefix=1024, users=8)");
    assertThat(row.primary().forks())
        .isEqualTo(List.of(List.of(100.0, 110.0, 120.0), List.of(90.0, 100.0, 80.0)));
    assertThat(row.primary().unit()).isEqualTo("ms/op");
    assertThat(row.primary().name()).isEqualTo("score");
    assertThat(row.metric("cacheHitPercent").orElseThrow().missing()).isEqualTo(1);
    assertThat(row.metric("cacheHitPercent").orElseThrow().mean()).isEqualTo(70);
    assertThat(row.metric("nothing")).isEmpty();
  }

  @Test
  void agreesWithJmhsScoreAndError() throws IOException {
    RunResult result = jmhResult();

    MetricScores primary = read(result).get(0).primary();

    assertThat(primary.mean()).isCloseTo(result.getPrimaryResult().getScore(), within(1e-9));
    assertThat(primary.error(0.999))
        .isCloseTo(result.getPrimaryResult().getScoreError(), within(1e-9));
  }

  @Test
  void twoValuesHaveNoError() {
    MetricScores two =
        new MetricScores("ttft", "ms", Direction.LOWER_IS_BETTER, List.of(List.of(1.0, 2.0)));

    assertThat(two.error(0.999)).isNaN();
  }

  @ParameterizedTest
  @CsvSource({
    "ttft·p50, ms, LOWER_IS_BETTER",
    "icl·p99, ms, LOWER_IS_BETTER",
    "tpot, ms, LOWER_IS_BETTER",
    "failures, #, LOWER_IS_BETTER",
    "outputTokensPerSecond, tokens/s, HIGHER_IS_BETTER",
    "responsesPerSecond, responses/s, HIGHER_IS_BETTER",
    "requestsPerSecond, requests/s, NEITHER",
    "cacheHitPercent, %, HIGHER_IS_BETTER",
    "goodputPercent, %, HIGHER_IS_BETTER",
    "expectedReusablePercent, %, NEITHER",
    "inputTokensPerSecond, tokens/s, NEITHER",
    "clientCpuPercent, %, NEITHER",
    "scheduleDelay·p99, ms, NEITHER",
    "sendDelay·p99, ms, NEITHER",
    "connectTime·p95, ms, LOWER_IS_BETTER",
    "gc.alloc.rate, MB/sec, NEITHER"
  })
  void secondaryMetricsHaveTheDirectionOfTheirFigure(String name, String unit, Direction better) {
    assertThat(MetricScores.secondary(name, unit, List.of()).better()).isEqualTo(better);
  }

  @ParameterizedTest
  @CsvSource({
    "clientCpuPercent, avgt, %, LOWER_IS_BETTER",
    "inputTokensPerSecond, thrpt, tokens/s, NEITHER",
    "expectedReusablePercent, avgt, %, NEITHER",
    "cacheHitPercent, thrpt, %, HIGHER_IS_BETTER",
    ", thrpt, ops/s, HIGHER_IS_BETTER",
    ", avgt, tokens/s, HIGHER_IS_BETTER",
    ", avgt, %, LOWER_IS_BETTER",
    ", avgt, ms, LOWER_IS_BETTER",
    ", ss, s/op, LOWER_IS_BETTER"
  })
  void primaryMetricsHaveTheDirectionOfTheirFigureElseOfTheMode(
      String figure, String mode, String unit, Direction better) {
    assertThat(MetricScores.primary("score", figure, mode, unit, List.of()).better())
        .isEqualTo(better);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{ | not JSON at line 1",
        "{} | not a list of benchmarks",
        "[{\"mode\":\"avgt\"}] | has no benchmark",
        "[{\"benchmark\":\"a.B\",\"mode\":\"avgt\"}] | B has no primaryMetric",
        "[{\"benchmark\":\"a.B\",\"mode\":\"avgt\",\"primaryMetric\":{\"scoreUnit\":\"ms\"}}] | B's"
            + " primaryMetric has no rawData",
        "[{\"benchmark\":\"a.B\",\"mode\":\"avgt\",\"primaryMetric\":{\"scoreUnit\":\"ms\",\"rawData\":[[\"fast\"]]}}]"
            + " | a score of B's primaryMetric must be a number, got 'fast'",
        "[{\"benchmark\":\"a.B\",\"mode\":\"sample\",\"primaryMetric\":{\"scoreUnit\":\"ms\",\"rawDataHistogram\":[]}}]"
            + " | got the histograms of mode sample"
      })
  void rejectsInvalidFiles(String content, String problem) throws IOException {
    Path file = Files.writeString(folder.resolve("old.json"), content);

    assertThatThrownBy(() -> ResultReader.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("old.json")
        .hasMessageContaining(problem);
  }

  @Test
  void namesAMissingFile() {
    assertThatThrownBy(() -> ResultReader.read(folder.resolve("none.json")))
        .hasMessageEndingWith("none.json cannot be read: no such file");
  }

  @Test
  void rejectsDuplicateBenchmarks() {
    Path file =
        new JmhJson()
            .benchmark("a.B", "users", "8")
            .primary("ms", new double[] {1})
            .benchmark("a.B", "users", "8")
            .primary("ms", new double[] {2})
            .write(folder.resolve("twice.json"));

    assertThatThrownBy(() -> ResultReader.read(file))
        .hasMessageContaining("twice.json: B (users=8) must occur once, got 2");
  }
}
