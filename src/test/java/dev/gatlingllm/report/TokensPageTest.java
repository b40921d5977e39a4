package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.metrics.Breakdown;
import dev.gatlingllm.metrics.Deployment;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.ResponseBuilder;
import dev.gatlingllm.metrics.TokenRecorder;
import dev.gatlingllm.metrics.Window;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokensPageTest {

  private final TokensPage pages = new TokensPage(SampleRun.busy());

  @Test
  void escapesMarkup() {
    assertThat(pages.index()).doesNotContain("<", ">", "&", "'", "\u2028", "\u2029");
    assertThat(pages.request(SampleRun.HOSTILE_NAME, 1).orElseThrow())
        .doesNotContain("<", "\u2028");
  }

  @Test
  void keepsTextUnchanged() throws IOException {
    JsonNode index = new ObjectMapper().readTree(pages.index());

    assertThat(index.get("byRequest").has(SampleRun.HOSTILE_NAME)).isTrue();
    assertThat(index.at("/failures/http 429 rate_limit_error/examples/1").asText())
        .isEqualTo(SampleRun.HOSTILE_WORDS);
  }

  @Test
  void limitsARequestPageToItsRequest() throws IOException {
    JsonNode page = new ObjectMapper().readTree(pages.request("summary", 2).orElseThrow());

    assertThat(page.get("request").asText()).isEqualTo("summary");
    assertThat(page.get("pages").asInt()).isEqualTo(2);
    assertThat(page.at("/totals/ok").asLong()).isEqualTo(1_480);
    assertThat(page.has("byRequest")).isFalse();
    assertThat(page.at("/timeline/second/0").asLong()).isEqualTo(-8);
    assertThat(page.at("/timeline/ttft/p50/28").isNull()).isTrue();
    assertThat(pages.request("login", 1)).isEmpty();
  }

  @Test
  void agreesWithTokensJson() throws IOException {
    JsonNode index = new ObjectMapper().readTree(pages.index());
    StringWriter written = new StringWriter();
    TokensJson.write(SampleRun.busy(), written);
    JsonNode file = new ObjectMapper().readTree(written.toString());

    for (String part : new String[] {"run", "totals", "metrics", "coldWarm", "client"}) {
      assertThat(index.get(part)).as(part).isEqualTo(file.get(part));
    }
    for (String scopes : new String[] {"byRequest", "byTurn", "byGroup"}) {
      assertThat(index.get(scopes)).hasSameSizeAs(file.get(scopes));
      for (Map.Entry<String, JsonNode> scope : file.get(scopes).properties()) {
        JsonNode brief = index.get(scopes).get(scope.getKey());
        for (String figure : new String[] {"/totals/ko", "/metrics/ttft/p95"}) {
          assertThat(brief.at(figure)).isEqualTo(scope.getValue().at(figure));
        }
      }
    }
  }

  @Test
  void singleResponsesHaveNoMoreFinishReasonsThanTheTable() throws IOException {
    TokenRecorder recorder =
        TokenRecorder.start(
            Window.openEnded(Duration.ZERO), Objectives.NONE, Deployment.UNKNOWN, List.of());
    recorder.begin(0, 0);
    for (int i = 0; i < 100; i++) {
      recorder.record(
          ResponseBuilder.to("chat", "answer", 1)
              .conversation("c1", 0)
              .times(i, 1_000_000L * i, 1_000_000L * i + 500_000)
              .finishReason("a reason of its own: " + i)
              .build());
    }
    recorder.close();
    JsonNode page =
        new ObjectMapper()
            .readTree(new TokensPage(new RunReport(SampleRun.INFO, recorder.summary())).index());

    Set<String> reasons = new HashSet<>();
    page.at("/samples/lanes/0/responses/finishReason").forEach(r -> reasons.add(r.asText()));
    assertThat(page.get("byFinishReason").fieldNames()).toIterable().containsAll(reasons);
    assertThat(reasons).contains(Breakdown.OTHERS);
  }
}
