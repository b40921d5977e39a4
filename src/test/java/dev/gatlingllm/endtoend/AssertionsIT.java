package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.endtoend.GatlingFork.Run;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Assertions on token figures are judged by Gatling, among its own. */
class AssertionsIT {

  private static final Pattern MEAN =
      Pattern.compile("E2E mean is less than 0.001 ms .* : false \\(actual : ([0-9.E]+)\\)");

  @Test
  void failedAssertionsFailTheRunWithTheirValues(@TempDir Path results) throws Exception {
    Run run =
        new GatlingFork(results)
            .with("gatling.charting.useGroupDurationMetric", true)
            .run(AssertedTokens.class);

    assertThat(run.exit()).as(run.output()).isEqualTo(2);
    assertThat(run.output())
        .contains("Assertion failed: E2E mean is less than 0.001 ms, but it is ")
        .contains(
            "it was not measured: no response was measured of nobody; the requests of this run")
        .containsPattern("output tokens mean is 8 tokens .* : true \\(actual : 8000.0\\)")
        .containsPattern("goodput is at least 100 % .* : true \\(actual : 100000.0\\)")
        .containsPattern("vllm:num_preemptions_total delta is 0 .* : true")
        .containsPattern("vllm:num_requests_waiting max is less than 50 .* : true")
        .containsPattern("server queue is less than 30000 ms .* : true")
        .containsPattern("output tokens min of scenario two turns is 8 tokens .* : true")
        .containsPattern("output tokens max of API chat is 8 tokens .* : true")
        .containsPattern("output tokens/s of finish reason length is greater than 0 .* : true")
        .containsPattern("ended by length is 100 % .* : true")
        .containsPattern("TTFT max of turn 2 is less than 30000 ms .* : true");
    Matcher mean = MEAN.matcher(run.output());
    assertThat(mean.find()).as(run.output()).isTrue();
    double millis = run.tokens().get("metrics").get("e2e").get("mean").asDouble();
    assertThat(Double.parseDouble(mean.group(1)) / 1e3).isCloseTo(millis, within(millis / 100));
    assertThat(run.texts().get("assertions.xml"))
        .contains("tests=\"14\" failures=\"3\"")
        .contains("name=\"Global: count of failed events is 0.0\"></testcase>")
        .contains("name=\"goodput is at least 100 %\"></testcase>")
        .contains("name=\"E2E mean is less than 0.001 ms\"><failure message=\"it is ");
    assertThat(run.tokens().at("/verdict/text").asText())
        .startsWith("3 assertions failed: E2E mean is less than 0.001 ms, but it is ")
        .contains("Global: count of all events is 0.0, but it is ");
    assertThat(run.texts().get("index.html")).contains("count of all events is 0.0, but it is ");
    // Gatling gives each group of its tables and menus a page
    assertThat(run.texts().keySet())
        .anyMatch(name -> name.startsWith("req_answer"))
        .noneMatch(name -> name.startsWith("group_"));
  }
}
