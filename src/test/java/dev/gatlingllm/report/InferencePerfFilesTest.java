package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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

  private static RunAccumulator empty(Objectives objectives) {
    return RunAccumulator.empty(AFTER_A_SECOND, objectives).restarted(objectives, 0);
  }

  private JsonNode summary(RunAccumulator run, InferencePerfFiles files) throws IOException {
    files.close();
    files.conclude(new RunReport(SampleRun.INFO, run.summary()));
    return new ObjectMapper()
        .readTree(
            folder.resolve(InferencePerfFiles.FOLDER).resolve(InferencePerfFiles.SUMMARY).toFile());
  }

  @Test
  void goodAndAllRequestsAreThoseOfThePercentage() throws IOException {
    RunAccumulator run = empty(Objectives.parse("ttft<500ms"));
    InferencePerfFiles files = new InferencePerfFiles(folder);
    run.add(response(2_000, 2_100, 3_000), "1");
    run.add(response(2_000, 2_200, 3_000), "1");
    run.add(response(10_000, 11_900, 12_000), "drain");

    JsonNode goodput = summary(run, files).at("/successes/goodput_metrics");
    assertThat(goodput.get("goodput_percentage").asDouble()).isCloseTo(66.7, within(0.1));
    assertThat(goodput.get("good_requests").asLong()).isEqualTo(2);
    assertThat(goodput.get("total_requests").asLong()).isEqualTo(3);
  }

  @Test
  void aRequestOfTheWarmUpGivesTheSummaryNoLatency() throws IOException {
    RunAccumulator run = empty(Objectives.NONE);
    InferencePerfFiles files = new InferencePerfFiles(folder);
    for (Response response : List.of(response(500, 1_900, 2_000), response(2_000, 2_100, 3_000))) {
      run.add(response, "1");
      files.accept(response, "1");
    }

    JsonNode summary = summary(run, files);
    assertThat(summary.at("/successes/count").asInt()).isEqualTo(2);
    assertThat(summary.at("/successes/latency/time_to_first_token/max").asDouble()).isEqualTo(0.1);
    assertThat(summary.at("/successes/latency/request_latency/max").asDouble()).isEqualTo(1);
    assertThat(summary.at("/successes/output_len/max").asDouble()).isEqualTo(2);
  }

  /** A 0 would count in the means of those who read the files. */
  @Test
  void unknownTokensOfThePromptAreNull() throws IOException {
    RunAccumulator run = empty(Objectives.NONE);
    InferencePerfFiles files = new InferencePerfFiles(folder);
    Response response = response(2_000, 2_100, 3_000);
    run.add(response, "1");
    files.accept(response, "1");

    JsonNode throughput = summary(run, files).at("/successes/throughput");
    assertThat(throughput.get("input_tokens_per_sec").isNull()).isTrue();
    assertThat(throughput.get("total_tokens_per_sec").isNull()).isTrue();
    assertThat(throughput.get("output_tokens_per_sec").asDouble()).isEqualTo(1);
    JsonNode request =
        new ObjectMapper()
            .readTree(
                folder
                    .resolve(InferencePerfFiles.FOLDER)
                    .resolve(InferencePerfFiles.PER_REQUEST)
                    .toFile())
            .get(0);
    assertThat(request.at("/info/input_tokens").isNull()).isTrue();
    assertThat(request.at("/info/output_tokens").asInt()).isEqualTo(2);
  }
}
