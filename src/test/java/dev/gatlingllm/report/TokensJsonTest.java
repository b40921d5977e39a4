package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ServerClock;
import dev.gatlingllm.metrics.Summary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensJsonTest {

  @TempDir Path folder;

  private JsonNode written(RunReport report) throws IOException {
    return new ObjectMapper().readTree(TokensJson.write(report, folder).toFile());
  }

  @Test
  void boundsThePercentilesOfEachResponsesFigures() throws IOException {
    JsonNode json = written(SampleRun.busy());

    assertThat(fieldsOf(json.get("intervals"))).containsExactly("ttft", "tpot", "e2e");
    for (String percentile : List.of("p50", "p95", "p99")) {
      double value = json.at("/metrics/ttft/" + percentile).asDouble();
      JsonNode interval = json.at("/intervals/ttft/" + percentile);
      assertThat(interval.get(0).asDouble()).isBetween(value * 0.9, value);
      assertThat(interval.get(1).asDouble()).isBetween(value, value * 1.1);
    }
    assertThat(written(SampleRun.refused()).at("/intervals/ttft").isNull()).isTrue();
  }

  @Test
  void boundsTheClockOfTheServer() throws IOException {
    assertThat(clock(new ServerClock(40, 5_000_000, 10_000_000, List.of())))
        .hasToString("{\"responses\":40,\"serverAheadMillis\":[4,1260]}");
    assertThat(clock(new ServerClock(40, 5_000_000_000L, 10_000_000, List.of())))
        .as("headers that contradict each other")
        .hasToString("{\"responses\":40,\"serverAheadMillis\":null}");
    assertThat(clock(null).isNull()).isTrue();
  }

  private JsonNode clock(@Nullable ServerClock clock) throws IOException {
    RunReport report = SampleRun.busy();
    return written(new RunReport(report.info().withClock(clock), report.summary()))
        .at("/run/clock");
  }

  @Test
  void hasTheFieldsOfTheSchemaInTheirOrder() throws IOException {
    JsonNode json = written(SampleRun.busy());

    assertThat(fieldsOf(json))
        .containsExactly(
            "schema",
            "verdict",
            "run",
            "totals",
            "metrics",
            "intervals",
            "byRequest",
            "byScenario",
            "byModel",
            "byApi",
            "byFinishReason",
            "byReplica",
            "byTurn",
            "byGroup",
            "byIteration",
            "conversations",
            "coldWarm",
            "timeline",
            "failures",
            "outsideWindow",
            "oddities",
            "client",
            "arrivals",
            "server",
            "notes");
    assertThat(fieldsOf(json.get("run")))
        .containsExactly(
            "id",
            "simulation",
            "start",
            "startDelayMillis",
            "durationSeconds",
            "version",
            "gatlingVersion",
            "javaVersion",
            "seed",
            "baseUrl",
            "model",
            "api",
            "tokenizer",
            "shard",
            "clock",
            "settings",
            "injection",
            "machine");
    // further figures may be added, readers ignore what they do not know
    assertThat(fieldsOf(json.get("totals")))
        .containsSubsequence(
            "requests",
            "ok",
            "ko",
            "failedPercent",
            "conversations",
            "inputTokens",
            "outputTokens",
            "cachedTokens",
            "outputTokensPerSecond",
            "inputTokensPerSecond",
            "responsesPerSecond",
            "requestsPerSecond",
            "cacheHitPercent",
            "expectedReusablePercent",
            "goodput",
            "retries",
            "turnsCut",
            "droppedTokens",
            "brokenConversations");
    assertThat(fieldsOf(json.get("metrics")))
        .containsSubsequence(
            "ttft",
            "ttfo",
            "icl",
            "itl",
            "tpot",
            "e2e",
            "ntpot",
            "inputTokens",
            "outputTokens",
            "cachedTokens",
            "tokensPerChunk",
            "scheduleDelay",
            "sendDelay",
            "connectTime",
            "tokenizerDifference");
    assertThat(fieldsOf(json.at("/metrics/ttft")))
        .containsExactly(
            "count", "mean", "stddev", "min", "p50", "p75", "p90", "p95", "p99", "p999", "max");
    assertThat(fieldsOf(json.at("/timeline/0")))
        .containsExactly("second", "requests", "ok", "ko", "outputTokens", "activeStreams", "ttft");
    assertThat(fieldsOf(json.at("/timeline/0/ttft"))).containsExactly("count", "p50", "p95", "p99");
  }

  @Test
  void describesTheRun() throws IOException {
    JsonNode json = written(SampleRun.busy());

    assertThat(json.get("schema").asText()).isEqualTo("gatling-llm/1");
    JsonNode run = json.get("run");
    assertThat(run.get("id").asText()).isEqualTo("reportsimulation-20260102030405006");
    assertThat(run.get("simulation").asText()).isEqualTo("dev.gatlingllm.report.ReportSimulation");
    assertThat(run.get("start").asText()).isEqualTo("2026-01-02T03:04:05.006Z");
    assertThat(run.get("durationSeconds").asDouble()).isEqualTo(60);
    assertThat(run.get("version").asText()).isEqualTo("0.1.0");
    assertThat(run.get("gatlingVersion").asText()).isEqualTo("3.15.1");
    assertThat(run.get("javaVersion").asText()).isEqualTo("17.0.12");
    assertThat(run.get("seed").asLong()).isEqualTo(42);
    assertThat(run.get("baseUrl").asText()).isEqualTo("http://gpu-box:8000");
    assertThat(run.get("model").asText()).isEqualTo("Qwen/Qwen3-8B");
    assertThat(run.get("settings").toString())
        .isEqualTo("{\"groups\":\"4\",\"thinkTime\":\"0s\",\"users\":\"64\"}");
    assertThat(run.get("injection").get(0).asText())
        .isEqualTo("chat: constantConcurrentUsers(64, 300 seconds)");
    assertThat(run.get("machine").get(0).asText()).isEqualTo("8 cores, 1024 MiB heap, Linux amd64");
    assertThat(run.get("api").asText()).isEqualTo("chat");
    assertThat(run.get("tokenizer").asText()).isEqualTo("o200k_base");
  }

  @Test
  void writesTotalsAndMetricsOfEveryScope() throws IOException {
    RunReport report = SampleRun.busy();
    RunSummary run = report.summary();
    JsonNode json = written(report);

    assertThat(fieldsOf(json.get("byRequest")))
        .containsExactly(SampleRun.HOSTILE_NAME, "answer", "summary");
    assertThat(fieldsOf(json.get("byTurn"))).containsExactly("1", "2", "3", "4", "5", "6");
    assertThat(fieldsOf(json.get("byGroup"))).containsExactly("0", "1", "2", "3");
    assertThat(fieldsOf(json.at("/byGroup/2"))).containsExactly("totals", "metrics");
    assertThat(fieldsOf(json.get("byIteration"))).as("not the warm-up").containsExactly("1");
    assertThat(json.at("/byRequest/answer/totals/ko").asLong()).isEqualTo(70);
    Summary second = run.overall().byTurn().get(2).metrics().get(Figure.TTFT);
    assertThat(json.at("/byTurn/2/metrics/ttft/count").asLong()).isEqualTo(second.count());
    assertThat(json.at("/byTurn/2/metrics/ttft/p95").asDouble()).isEqualTo(second.p95());
  }

  @Test
  void writesTheShareOfEachObjective() throws IOException {
    JsonNode goodput = written(SampleRun.busy()).at("/byRequest/answer/totals/goodput");

    assertThat(fieldsOf(goodput))
        .containsExactly(
            "perSecond", "percent", "unfinishedMissed", "missedInWarmUp", "objectives");
    assertThat(fieldsOf(goodput.get("objectives"))).containsExactly("ttft", "tpot");
    assertThat(goodput.at("/objectives/ttft/limitMillis").asDouble()).isEqualTo(500);
    assertThat(goodput.at("/objectives/ttft/inclusive").asBoolean()).isFalse();
    assertThat(goodput.at("/objectives/tpot/inclusive").asBoolean()).isTrue();
    assertThat(goodput.at("/objectives/ttft/percent").asDouble())
        .isGreaterThan(goodput.get("percent").asDouble());
  }

  @Test
  void comparesColdAndWarm() throws IOException {
    JsonNode coldWarm = written(SampleRun.busy()).get("coldWarm");

    assertThat(fieldsOf(coldWarm)).containsExactly("cold", "warm", "lengths", "speedUp");
    assertThat(coldWarm.at("/cold/count").asLong()).isEqualTo(2_200);
    assertThat(coldWarm.at("/warm/count").asLong()).isEqualTo(8_790);
    assertThat(coldWarm.get("speedUp").toString())
        .isEqualTo("{\"ratio\":2.43,\"low\":2.37,\"high\":2.48}");
    assertThat(written(SampleRun.refused()).at("/coldWarm/speedUp").isNull()).isTrue();
  }

  @Test
  void writesClientHealth() throws IOException {
    JsonNode client = written(SampleRun.busy()).get("client");

    assertThat(fieldsOf(client))
        .containsExactly("eventLoopLag", "worstLoopLag", "gcPauseMillis", "cpuPercent");
    assertThat(client.at("/eventLoopLag/count").asLong()).isEqualTo(24_000);
    assertThat(client.get("gcPauseMillis").asDouble()).isEqualTo(31);
    assertThat(client.get("cpuPercent").asDouble()).isEqualTo(22.5);
  }

  @Test
  void writesArrivalsAndThePlan() throws IOException {
    JsonNode arrivals = written(SampleRun.busy()).get("arrivals");

    assertThat(fieldsOf(arrivals)).containsExactly("users", "perSecond", "variation", "planned");
    assertThat(fieldsOf(arrivals.get("planned")))
        .containsExactly("users", "perSecond", "variation");
    assertThat(arrivals.get("users").asLong()).isEqualTo(612);
    assertThat(arrivals.at("/planned/perSecond").asDouble()).isEqualTo(10);
    assertThat(written(SampleRun.refused()).get("arrivals").isNull()).isTrue();
  }

  @Test
  void writesFindings() throws IOException {
    JsonNode notes = written(SampleRun.busy()).get("notes");

    assertThat(notes).hasSize(2);
    assertThat(fieldsOf(notes.get(0))).containsExactly("kind", "level", "text");
    assertThat(notes.at("/0/kind").asText()).isEqualTo("failures");
    assertThat(notes.at("/0/level").asText()).isEqualTo("warning");
    assertThat(notes.at("/0/text").asText())
        .isEqualTo("84 of 11,074 responses failed. Most frequent (61): http 429 rate_limit_error.");
  }

  @Test
  void namesTheOnlyKindOfFailure() throws IOException {
    assertThat(written(SampleRun.refused()).at("/notes/0/text").asText())
        .isEqualTo("200 of 200 responses failed: http 401 invalid_api_key.");
  }

  @Test
  void omitsWarmUpAndDrainFromTheTimeline() throws IOException {
    JsonNode timeline = written(SampleRun.busy()).get("timeline");

    assertThat(timeline.size()).isEqualTo(60);
    assertThat(timeline.get(0).get("second").asLong()).isZero();
    assertThat(timeline.get(20).get("ttft").isNull()).isTrue();
  }

  @Test
  void countsFailuresWithExamples() throws IOException {
    JsonNode failures = written(SampleRun.busy()).get("failures");

    assertThat(fieldsOf(failures)).containsExactly("http 429 rate_limit_error", "truncated");
    assertThat(failures.at("/truncated/count").asLong()).isEqualTo(23);
    assertThat(failures.at("/http 429 rate_limit_error/examples/1").asText())
        .isEqualTo(SampleRun.HOSTILE_WORDS);
  }

  @Test
  void writesNullForUnknownValues() throws IOException {
    JsonNode json = written(SampleRun.refused());

    assertThat(json.at("/totals/requests").asLong()).isEqualTo(200);
    assertThat(json.get("client").isNull()).isTrue();
    for (String unknown : List.of("inputTokens", "outputTokens", "cachedTokens", "goodput")) {
      assertThat(json.get("totals").get(unknown).isNull()).as(unknown).isTrue();
    }
    assertThat(json.get("metrics")).allMatch(JsonNode::isNull);
  }

  /** A benchmark has to know what the report of its fork warns of. */
  @Test
  void tellsWhatItWarnsOf() throws IOException {
    assertThat(TokensJson.warning(folder, Finding.OTHER_LOAD)).as("no file").isEmpty();
    RunReport report = SampleRun.refused();
    Finding other = Finding.warning(Finding.OTHER_LOAD, "half of them");
    TokensJson.write(
        new RunReport(report.info().withRemarks(List.of(other)), report.summary()), folder);

    assertThat(TokensJson.warning(folder, Finding.OTHER_LOAD)).contains("half of them");
    assertThat(TokensJson.warning(folder, "client-lag")).isEmpty();

    Finding note = Finding.note(Finding.OTHER_LOAD, "half of them");
    TokensJson.write(
        new RunReport(report.info().withRemarks(List.of(note)), report.summary()), folder);
    assertThat(TokensJson.warning(folder, Finding.OTHER_LOAD)).isEmpty();
  }

  private static List<String> fieldsOf(JsonNode object) {
    return object.properties().stream().map(Map.Entry::getKey).toList();
  }
}
