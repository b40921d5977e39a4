package dev.gatlingllm.observe.export;

import static dev.gatlingllm.observe.export.ExportedResponses.IDENTITY;
import static dev.gatlingllm.observe.export.ExportedResponses.metrics;
import static dev.gatlingllm.observe.export.ExportedResponses.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.metrics.Objectives;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PrometheusEndpointTest {

  private static final String COMMON =
      "gen_ai_request_model=\"llama\",phase=\"measured\",request=\"answer\","
          + "run=\"chat-20261127080226017\",scenario=\"chat\"";

  private final PrometheusEndpoint endpoint = endpoint(0);

  private static PrometheusEndpoint endpoint(int port) {
    try {
      return PrometheusEndpoint.start(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
          metrics(
              Objectives.NONE,
              turn(1, 0, 2_000, 300, 10, 5).build(),
              turn(2, 1, 3_000, 100, 10, 9).build()),
          () -> IDENTITY);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void stop() {
    endpoint.close();
  }

  private String scrape() throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoint.port() + "/metrics"))
                .build(),
            BodyHandlers.ofString())
        .body();
  }

  @Test
  void showsHistogramsWithClassicBuckets() throws Exception {
    String chunks = "gen_ai_client_operation_time_per_output_chunk_seconds";

    assertThat(scrape().lines())
        .contains(
            "# TYPE " + chunks + " histogram",
            chunks + "_bucket{" + COMMON + ",le=\"0.0075\"} 0",
            chunks + "_bucket{" + COMMON + ",le=\"0.01\"} 12",
            chunks + "_bucket{" + COMMON + ",le=\"+Inf\"} 12",
            chunks + "_count{" + COMMON + "} 12");
  }

  @Test
  void showsCountersAndGauges() throws Exception {
    assertThat(scrape().lines())
        .contains(
            "gatling_llm_requests_total{cache=\"cold\",gen_ai_request_model=\"llama\","
                + "group=\"0\",phase=\"measured\",request=\"answer\","
                + "run=\"chat-20261127080226017\",scenario=\"chat\",status=\"ok\",turn=\"1\"} 1.0",
            "gatling_llm_active_requests{gen_ai_request_model=\"llama\","
                + "run=\"chat-20261127080226017\"} 0.0");
  }

  @Test
  void describesTheRun() throws Exception {
    assertThat(scrape())
        .contains("gatling_llm_run_info{gatling_llm_simulation=\"example.Chat\"")
        .contains("server_address=\"llm.example\",server_port=\"8000\"");
  }

  @Test
  void refusesAPortThatIsInUse() {
    assertThatThrownBy(
            () ->
                PrometheusEndpoint.start(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), endpoint.port()),
                    metrics(Objectives.NONE),
                    () -> IDENTITY))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in use");
  }
}
