package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Figure.Direction;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.ResponseBuilder;
import dev.gatlingllm.metrics.RunAccumulator;
import dev.gatlingllm.metrics.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkJsonTest {

  @TempDir Path folder;

  private void write(RunReport report) throws IOException {
    BenchmarkJson.write(report, Direction.LOWER_IS_BETTER, folder);
    BenchmarkJson.write(report, Direction.HIGHER_IS_BETTER, folder);
  }

  private JsonNode read(String file) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(file).toFile());
  }

  @Test
  void sortsHeadlineFiguresByTheirDirection() throws IOException {
    RunReport report = SampleRun.busy();
    write(report);

    JsonNode smaller = read(BenchmarkJson.SMALLER_IS_BETTER);
    assertThat(smaller.findValuesAsText("name"))
        .containsExactly(
            "TTFT p50",
            "TTFT p95",
            "TTFT p99",
            "ICL p50",
            "ICL p95",
            "ICL p99",
            "TPOT p50",
            "TPOT p95",
            "TPOT p99",
            "E2E p50",
            "E2E p95",
            "E2E p99",
            "failed requests");
    assertThat(smaller.at("/1/unit").asText()).isEqualTo("ms");
    assertThat(smaller.at("/1/extra").asText()).isEqualTo("10990 samples");
    assertThat(smaller.at("/1/value").asDouble())
        .isEqualTo(report.summary().overall().metrics().get(Figure.TTFT).p95());
    JsonNode bigger = read(BenchmarkJson.BIGGER_IS_BETTER);
    assertThat(bigger.findValuesAsText("name"))
        .as("more input tokens per second are neither better nor worse")
        .containsExactly("output tokens", "responses", "cache hit", "goodput");
    assertThat(bigger.at("/0/unit").asText()).isEqualTo("tokens/s");
  }

  @Test
  void omitsPercentilesOfTooFewSamples() throws IOException {
    RunAccumulator run =
        RunAccumulator.empty(Window.openEnded(Duration.ZERO), Objectives.NONE)
            .restarted(Objectives.NONE, 0);
    for (long i = 1; i <= 20; i++) {
      run.add(ResponseBuilder.to("chat", "answer", 1).times(0, 0, i * 1_000_000).build(), "1");
    }
    write(new RunReport(SampleRun.INFO, run.summary()));

    assertThat(read(BenchmarkJson.SMALLER_IS_BETTER).findValuesAsText("name"))
        .containsExactly("E2E p50", "E2E p95", "failed requests");
  }

  @Test
  void omitsFiguresThatWereNotMeasured() throws IOException {
    write(SampleRun.refused());

    assertThat(read(BenchmarkJson.SMALLER_IS_BETTER).findValuesAsText("name"))
        .containsExactly("failed requests");
    assertThat(read(BenchmarkJson.BIGGER_IS_BETTER).findValuesAsText("name"))
        .containsExactly("responses");
  }
}
