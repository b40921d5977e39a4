package dev.gatlingllm.observe.export;

import static dev.gatlingllm.observe.export.ExportedResponses.IDENTITY;
import static dev.gatlingllm.observe.export.ExportedResponses.metrics;
import static dev.gatlingllm.observe.export.ExportedResponses.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.metrics.Objectives;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The exporter against a collector that decodes with OpenTelemetry's official classes. */
class OtlpPushTest {

  /** The next message never comes by itself. */
  private static final Duration NEVER = Duration.ofHours(1);

  private final Collector collector = new Collector();

  private final LiveMetrics metrics =
      metrics(
          Objectives.NONE,
          turn(1, 0, 2_000, 300, 10, 5).build(),
          turn(2, 1, 3_000, 100, 10, 9).build(),
          turn(2, 1, 4_000, 100, 10, 0).failure("timeout", null).build());

  @AfterEach
  void stopCollector() {
    collector.close();
  }

  private OtlpPush push(String url, Duration interval) {
    return OtlpPush.start(
        url, metrics, () -> IDENTITY, Map.of("Authorization", "Bearer of-collector"), interval);
  }

  @Test
  void sendsAllMetricsAtTheEnd() {
    assertThat(push(collector.url(), NEVER).close()).isEmpty();

    assertThat(collector.last())
        .containsOnlyKeys(
            "gatling_llm.active_requests",
            "gatling_llm.output_chunks",
            "gatling_llm.requests",
            "gatling_llm.schedule_delay",
            "gatling_llm.time_per_output_token",
            "gatling_llm.time_to_first_output_token",
            "gatling_llm.time_to_first_token",
            "gatling_llm.tokens",
            "gen_ai.client.operation.duration",
            "gen_ai.client.operation.time_per_output_chunk",
            "gen_ai.client.token.usage");
    assertThat(collector.authorization()).isEqualTo("Bearer of-collector");
  }

  @Test
  void sendsWhileTheRunGoesOn() throws Exception {
    OtlpPush push = push(collector.url(), Duration.ofMillis(20));
    collector.next();
    ExportMetricsServiceRequest second = collector.next();
    push.close();

    assertThat(second.getResourceMetrics(0).getScopeMetrics(0).getScope().getName())
        .isEqualTo("dev.gatlingllm");
    assertThat(Collector.texts(second.getResourceMetrics(0).getResource().getAttributesList()))
        .containsOnly(
            entry("service.name", "gatling-llm"),
            entry("service.version", "1.2.3"),
            entry("service.instance.id", "chat-20261127080226017"),
            entry("gatling_llm.simulation", "example.Chat"));
  }

  @Test
  void histogramsAreExponentialAndCumulative() {
    push(collector.url(), NEVER).close();
    Metric chunks = collector.last().get("gen_ai.client.operation.time_per_output_chunk");
    ExponentialHistogramDataPoint point = chunks.getExponentialHistogram().getDataPoints(0);

    assertThat(chunks.getUnit()).isEqualTo("s");
    assertThat(chunks.getExponentialHistogram().getAggregationTemporality())
        .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
    assertThat(point.getCount()).isEqualTo(12);
    assertThat(point.getSum()).isCloseTo(0.12, within(1e-9));
    assertThat(point.getMin()).isEqualTo(0.01);
    assertThat(point.getMax()).isEqualTo(0.01);
    assertThat(point.getPositive().getBucketCountsList()).containsExactly(12L);
    double base = Math.pow(2, Math.pow(2, -point.getScale()));
    assertThat(Math.pow(base, point.getPositive().getOffset())).isBetween(0.01 / base, 0.01);
    assertThat(point.getTimeUnixNano()).isGreaterThanOrEqualTo(point.getStartTimeUnixNano());
  }

  @Test
  void seriesHaveTheAttributesOfTheConventionsAndOurOwn() {
    push(collector.url(), NEVER).close();

    assertThat(
            collector
                .last()
                .get("gen_ai.client.operation.duration")
                .getExponentialHistogram()
                .getDataPointsList())
        .extracting(point -> Collector.texts(point.getAttributesList()))
        .contains(
            Map.of(
                "gen_ai.operation.name", "chat",
                "gen_ai.provider.name", "anthropic",
                "gen_ai.request.model", "llama",
                "server.address", "llm.example",
                "server.port", "8000",
                "scenario", "chat",
                "request", "answer",
                "phase", "measured",
                "error.type", "timeout"));
  }

  @Test
  void countersAreMonotonicSums() {
    push(collector.url(), NEVER).close();
    Metric requests = collector.last().get("gatling_llm.requests");

    assertThat(requests.getSum().getIsMonotonic()).isTrue();
    assertThat(requests.getSum().getDataPointsList())
        .extracting(NumberDataPoint::getAsInt)
        .containsExactly(1L, 1L, 1L);
    assertThat(collector.last().get("gatling_llm.active_requests").hasGauge()).isTrue();
  }

  @Test
  void takesTheUrlOfMetricsToo() {
    push(collector.url() + "/v1/metrics", NEVER).close();

    assertThat(collector.last()).isNotEmpty();
  }

  @Test
  void countsMessagesThatTheCollectorRejects() throws Exception {
    collector.answerWith(503);
    OtlpPush push = push(collector.url(), NEVER);

    assertThat(push.close())
        .singleElement()
        .asString()
        .startsWith("1 of 1 export to " + collector.url() + "/v1/metrics failed, nothing arrived: ")
        .contains("503");
  }

  @Test
  void countsMessagesWithoutACollector() {
    collector.close();

    assertThat(push(collector.url(), NEVER).close())
        .singleElement()
        .asString()
        .endsWith("failed, nothing arrived: no connection");
  }

  @Test
  void aLaterMessageMakesUpForALostOne() {
    FailedExports failed = new FailedExports("http://collector:4318");
    failed.add(true, "");
    failed.add(false, "no connection");
    failed.add(true, "");

    assertThat(failed.summary())
        .containsExactly(
            "1 of 3 exports to http://collector:4318 failed, the last one has all figures: no"
                + " connection");
  }

  @Test
  void saysThatTheLastFiguresAreMissing() {
    FailedExports failed = new FailedExports("http://collector:4318");
    failed.add(true, "");
    failed.add(false, "no answer\nwithin 4 s");

    assertThat(failed.summary())
        .containsExactly(
            "1 of 2 exports to http://collector:4318 failed, the last figures are missing there:"
                + " no answer within 4 s");
  }
}
