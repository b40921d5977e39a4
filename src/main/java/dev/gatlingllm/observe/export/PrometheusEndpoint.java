package dev.gatlingllm.observe.export;

import dev.gatlingllm.observe.export.ExportedMetric.Kind;
import dev.gatlingllm.observe.export.LiveHistogram.State;
import dev.gatlingllm.observe.export.LiveMetrics.Series;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;

/**
 * Shows the metrics to Prometheus, at {@code /metrics}. Histograms have classic buckets, and native
 * ones besides for a Prometheus that asks for them. Two threads of its own answer.
 */
final class PrometheusEndpoint implements Exporter {

  private static final int THREADS = 2;

  /** Of JUL, which may collect a logger that nobody holds. */
  private static final Logger SERVERS_LOG =
      Logger.getLogger("io.prometheus.metrics.exporter.httpserver");

  private final ExecutorService threads =
      Executors.newFixedThreadPool(THREADS, Exporter.daemons("gatling-llm-prometheus"));

  private final InetSocketAddress address;
  private final HTTPServer server;

  private PrometheusEndpoint(
      InetSocketAddress address, LiveMetrics metrics, Supplier<RunIdentity> identity)
      throws IOException {
    this.address = address;
    // logs a stack trace for each scrape that Prometheus gives up; Prometheus shows those itself
    SERVERS_LOG.setLevel(Level.OFF);
    PrometheusRegistry registry = new PrometheusRegistry();
    registry.register((MultiCollector) () -> collect(metrics, identity.get()));
    try {
      server =
          HTTPServer.builder()
              .inetAddress(address.getAddress())
              .port(address.getPort())
              .executorService(threads)
              .registry(registry)
              .buildAndStart();
    } catch (IOException | RuntimeException e) {
      threads.shutdownNow();
      throw e;
    }
  }

  /**
   * Starts to answer.
   *
   * @param address whose port may be 0 for any free one
   * @throws IOException if the port is in use or not allowed
   */
  static PrometheusEndpoint start(
      InetSocketAddress address, LiveMetrics metrics, Supplier<RunIdentity> identity)
      throws IOException {
    return new PrometheusEndpoint(address, metrics, identity);
  }

  /** Returns the port at which it answers. */
  int port() {
    return server.getPort();
  }

  @Override
  public String describe() {
    return "Prometheus finds metrics at http://"
        + address.getHostString()
        + ":"
        + port()
        + "/metrics";
  }

  @Override
  public List<String> close() {
    server.close();
    threads.shutdownNow();
    return List.of();
  }

  private static MetricSnapshots collect(LiveMetrics metrics, RunIdentity run) {
    Labels common =
        Labels.of("run", run.run(), "gen_ai_request_model", run.model().orElse("unknown"));
    MetricSnapshots.Builder all = MetricSnapshots.builder().metricSnapshot(info(run));
    metrics
        .snapshot()
        .forEach(
            (metric, series) -> {
              if (!series.isEmpty()) {
                all.metricSnapshot(snapshot(metric, series, common));
              }
            });
    return all.build();
  }

  private static MetricSnapshot info(RunIdentity run) {
    Labels.Builder labels = Labels.builder().label("run", run.run());
    for (Map<String, Object> part : List.of(run.resource(), run.attributes())) {
      part.forEach((name, value) -> labels.label(name.replace('.', '_'), value.toString()));
    }
    return InfoSnapshot.builder()
        .name("gatling_llm_run")
        .help("The run")
        .dataPoint(InfoDataPointSnapshot.builder().labels(labels.build()).build())
        .build();
  }

  private static MetricSnapshot snapshot(ExportedMetric metric, List<Series> all, Labels common) {
    if (metric.kind().isHistogram()) {
      HistogramSnapshot.Builder histograms =
          HistogramSnapshot.builder().name(metric.prometheusName()).help(metric.help());
      for (Series series : all) {
        State state = series.histogram();
        if (state != null) {
          histograms.dataPoint(point(state, labels(metric, series, common)));
        }
      }
      return histograms.build();
    }
    if (metric.kind() == Kind.GAUGE) {
      GaugeSnapshot.Builder gauges =
          GaugeSnapshot.builder().name(metric.prometheusName()).help(metric.help());
      all.forEach(
          series ->
              gauges.dataPoint(
                  GaugeDataPointSnapshot.builder()
                      .value(series.total())
                      .labels(labels(metric, series, common))
                      .build()));
      return gauges.build();
    }
    CounterSnapshot.Builder counters =
        CounterSnapshot.builder().name(metric.prometheusName()).help(metric.help());
    all.forEach(
        series ->
            counters.dataPoint(
                CounterDataPointSnapshot.builder()
                    .value(series.total())
                    .labels(labels(metric, series, common))
                    .build()));
    return counters.build();
  }

  private static HistogramDataPointSnapshot point(State state, Labels labels) {
    double[] bounds = Arrays.copyOf(state.bounds(), state.bounds().length + 1);
    bounds[bounds.length - 1] = Double.POSITIVE_INFINITY;
    // Prometheus numbers the buckets by their upper bounds, OpenTelemetry by the lower ones
    int[] numbers =
        IntStream.range(0, state.counts().length)
            .filter(i -> state.counts()[i] > 0)
            .map(i -> state.offset() + i + 1)
            .toArray();
    long[] counts = Arrays.stream(state.counts()).filter(count -> count > 0).toArray();
    return HistogramDataPointSnapshot.builder()
        .sum(state.sum())
        .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, state.classic()))
        .nativeSchema(LiveHistogram.SCALE)
        .nativeZeroThreshold(LiveHistogram.ZERO_THRESHOLD)
        .nativeZeroCount(state.zeros())
        .nativeBucketsForPositiveValues(NativeHistogramBuckets.of(numbers, counts))
        .labels(labels)
        .build();
  }

  private static Labels labels(ExportedMetric metric, Series series, Labels common) {
    Labels.Builder labels = Labels.builder();
    common.forEach(label -> labels.label(label.getName(), label.getValue()));
    for (int i = 0; i < series.labels().size(); i++) {
      if (!series.labels().get(i).isEmpty()) {
        labels.label(metric.labels().get(i).key().replace('.', '_'), series.labels().get(i));
      }
    }
    return labels.build();
  }
}
