package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.ResponseBuilder;
import dev.gatlingllm.metrics.RunAccumulator;
import dev.gatlingllm.metrics.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InferencePerfFilesTest {

  private static final Window AFTER_A_SECOND =
      Window.of(Duration.ofSeconds(1), List.of(Duration.ofSeconds(10)));

  @TempDir Path folder;

  private static Response response(long writtenMillis, long firstTokenMillis, long endMillis) {
    return ResponseBuilder.to("chat", "answer", 1)
        .times(writtenMillis, writtenMillis * 1_000_000, endMillis * 1_000_000)
        .chunks(firstTokenMillis * 1_000_000, endMillis * 1_000_000)
        .output(2, OutputTokensSource.USAGE)
        .build();
  }

  @Test
  void aRequestOfTheWarmUpGivesTheSummaryNoLatency() throws IOException {
    RunAccumulator run =
        RunAccumulator.empty(AFTER_A_SECOND, Objectives.NONE).restarted(Objectives.NONE, 0);
    InferencePerfFiles files = new InferencePerfFiles(folder);
    for (Response response : List.of(response(500, 1_900, 2_000), response(2_000, 2_100, 3_000))) {
      run.add(response, "1");
      files.accept(response, "1");
    }
    files.close();
    files.conclude(new RunReport(SampleRun.INFO, run.summary()));

    JsonNode summary =
        new ObjectMapper()
            .readTree(
                folder
                    .resolve(InferencePerfFiles.FOLDER)
                    .resolve(InferencePerfFiles.SUMMARY)
                    .toFile());
    assertThat(summary.at("/successes/count").asInt()).isEqualTo(2);
    assertThat(summary.at("/successes/latency/time_to_first_token/max").asDouble()).isEqualTo(0.1);
    assertThat(summary.at("/successes/latency/request_latency/max").asDouble()).isEqualTo(1);
    assertThat(summary.at("/successes/output_len/max").asDouble()).isEqualTo(2);
  }
}
