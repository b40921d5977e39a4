package dev.gatlingllm.observe.export;

import dev.gatlingllm.metrics.LiveFigures;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.ResponseSink;
import dev.gatlingllm.metrics.RunClock;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.settings.SettingException;
import dev.gatlingllm.text.Plurals;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Exports the figures of a run while it goes on, to a collector of OpenTelemetry, to Prometheus, or
 * to both. Each exporter has threads of its own; one that fails is counted and harms nothing.
 */
public final class LiveExport implements ResponseSink {

  private final LiveMetrics metrics;
  private final List<Exporter> exporters = new ArrayList<>();
  private RunClock clock;

  @SuppressWarnings("NullAway.Init") // the recorder sets the clock before the first response
  private LiveExport(LiveMetrics metrics) {
    this.metrics = metrics;
  }

  /**
   * Starts what {@code llm.otlp} and {@code llm.prometheusPort} ask for.
   *
   * @param objectives of goodput
   * @param identity of the run; may be incomplete before the run begins
   * @return empty if they ask for nothing
   * @throws SettingException if a library is missing or a port is not free
   */
  public static Optional<LiveExport> open(
      LlmSettings settings,
      LiveFigures live,
      Objectives objectives,
      Supplier<RunIdentity> identity) {
    Optional<String> collector = settings.find(Setting.OTLP);
    Optional<InetSocketAddress> address = settings.find(Setting.PROMETHEUS_PORT);
    if (collector.isEmpty() && address.isEmpty()) {
      return Optional.empty();
    }
    LiveExport export = new LiveExport(new LiveMetrics(live, objectives));
    collector.ifPresent(url -> export.add(push(url, export.metrics, identity)));
    address.ifPresent(socket -> export.add(endpoint(socket, export.metrics, identity)));
    return Optional.of(export);
  }

  private void add(Exporter exporter) {
    exporters.add(exporter);
  }

  private static Exporter push(String url, LiveMetrics metrics, Supplier<RunIdentity> identity) {
    try {
      return OtlpPush.start(url, metrics, identity, OtlpHeaders.ofProcess(), OtlpPush.INTERVAL);
    } catch (LinkageError missing) {
      throw missing(Setting.OTLP, url, "io.opentelemetry:opentelemetry-exporter-otlp");
    } catch (IllegalArgumentException | IllegalStateException unusable) {
      throw new SettingException(Setting.OTLP, url, String.valueOf(unusable.getMessage()));
    }
  }

  private static Exporter endpoint(
      InetSocketAddress address, LiveMetrics metrics, Supplier<RunIdentity> identity) {
    String shown = address.getHostString() + ":" + address.getPort();
    try {
      return PrometheusEndpoint.start(address, metrics, identity);
    } catch (IOException e) {
      throw new SettingException(
          Setting.PROMETHEUS_PORT, shown, "cannot listen there: " + e.getMessage());
    } catch (LinkageError missing) {
      throw missing(
          Setting.PROMETHEUS_PORT, shown, "io.prometheus:prometheus-metrics-exporter-httpserver");
    }
  }

  private static SettingException missing(Setting<?> setting, String value, String library) {
    return new SettingException(
        setting,
        value,
        "needs a library that is not on the class path; add the dependency " + library);
  }

  /** Returns where the metrics are to be found, each as a sentence of the console. */
  public List<String> describe() {
    return exporters.stream().map(Exporter::describe).toList();
  }

  @Override
  public String what() {
    return "the live export";
  }

  @Override
  public void setClock(RunClock clock) {
    this.clock = clock;
  }

  @Override
  public void accept(Response response, String iteration) {
    metrics.add(response, iteration, clock);
  }

  /**
   * Ends the export: sends what is still to be sent. Takes some seconds where a collector does not
   * answer.
   *
   * @return what was lost, each as a sentence of the console; most often empty
   */
  public List<String> end() {
    List<String> lost = new ArrayList<>();
    exporters.forEach(exporter -> lost.addAll(exporter.close()));
    long unlabelled = metrics.unlabelled();
    if (unlabelled > 0) {
      lost.add(
          Plurals.format(
              "%,d request{s} {is|are} exported with the labels \"other\", because a metric has"
                  + " %,d series at most",
              unlabelled, LiveMetrics.MAX_SERIES));
    }
    return lost;
  }
}
