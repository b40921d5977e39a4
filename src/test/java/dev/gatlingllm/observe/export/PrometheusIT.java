package dev.gatlingllm.observe.export;

import static dev.gatlingllm.observe.export.ExportedResponses.IDENTITY;
import static dev.gatlingllm.observe.export.ExportedResponses.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatlingllm.metrics.Deployment;
import dev.gatlingllm.metrics.LiveFigures;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.TokenRecorder;
import dev.gatlingllm.metrics.Window;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus scrapes the endpoint and evaluates what the dashboards ask. */
class PrometheusIT {

  private static final Objectives OBJECTIVES = Objectives.parse("ttft<1s");

  @BeforeAll
  static void isInstalled() {
    assumeTrue(Prometheus.isInstalled(), "prometheus is not installed (Debian's package)");
  }

  /** Turns with a TTFT of 300 ms and 20 ms between chunks, and one that fails. */
  private static List<Response> responses() {
    List<Response> responses = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      responses.add(turn(1 + i % 2, i % 3, 2_000, 300, 20, 6).build());
    }
    responses.add(turn(1, 0, 2_000, 300, 20, 0).failure("http 503", "overloaded").build());
    return responses;
  }

  /**
   * Exports responses until a Prometheus has rates of them: some before its first scrape, some
   * after it.
   */
  private static void export(Path folder, String quantile, PrometheusCheck check, String... options)
      throws Exception {
    LiveFigures live = new LiveFigures();
    LiveExport export =
        LiveExport.open(
                LlmSettings.defaults()
                    .with(
                        Setting.PROMETHEUS_PORT,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                live,
                OBJECTIVES,
                () -> IDENTITY)
            .orElseThrow();
    int port = Integer.parseInt(export.describe().get(0).replaceAll(".*:(\\d+)/metrics", "$1"));
    Window window = Window.of(Duration.ofSeconds(1), List.of(Duration.ofSeconds(9)));
    try (TokenRecorder recorder =
            TokenRecorder.start(window, OBJECTIVES, Deployment.UNKNOWN, List.of(export));
        Prometheus prometheus = new Prometheus(port, folder, options)) {
      recorder.begin(0, 0);
      responses().forEach(recorder::record);
      prometheus.await("sum(gatling_llm_requests_total)", sum -> sum == 21);
      responses().forEach(recorder::record);
      live.recordChunks(120);
      prometheus.await("sum(gatling_llm_requests_total)", sum -> sum == 42);
      prometheus.await(quantile, value -> value > 0);
      check.accept(prometheus);
    } finally {
      export.end();
    }
  }

  private interface PrometheusCheck {
    void accept(Prometheus prometheus) throws Exception;
  }

  private static void answersAll(Dashboard dashboard, Prometheus prometheus) throws Exception {
    for (String expression : dashboard.expressions()) {
      assertThat(prometheus.query(expression)).as(expression).isNotEmpty();
    }
  }

  @Test
  void classicBucketsGiveQuantiles(@TempDir Path folder) throws Exception {
    String quantile =
        "histogram_quantile(0.5, sum by (le)"
            + " (rate(gatling_llm_time_to_first_token_seconds_bucket[1m])))";

    export(
        folder,
        quantile,
        prometheus -> {
          assertThat(prometheus.await(quantile, value -> true)).isBetween(0.2, 0.3);
          answersAll(Dashboard.read("prometheus"), prometheus);
        });
  }

  @Test
  void nativeBucketsGiveQuantilesWithinTheirWidth(@TempDir Path folder) throws Exception {
    String quantile =
        "histogram_quantile(0.5, sum(rate(gatling_llm_time_to_first_token_seconds[1m])))";

    export(
        folder,
        quantile,
        prometheus -> {
          assertThat(prometheus.await(quantile, value -> true)).isBetween(0.287, 0.314);
          answersAll(Dashboard.read("otlp"), prometheus);
        },
        "--enable-feature=native-histograms");
  }
}
