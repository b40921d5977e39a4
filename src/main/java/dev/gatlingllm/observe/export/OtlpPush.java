package dev.gatlingllm.observe.export;

import dev.gatlingllm.observe.export.ExportedMetric.Kind;
import dev.gatlingllm.observe.export.LiveHistogram.State;
import dev.gatlingllm.observe.export.LiveMetrics.Series;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramBuckets;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.resources.Resource;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Sends the metrics to a collector over OTLP, every few seconds and at the end, on a thread of its
 * own. Every message has all that was counted since the start, so that the next one makes up for a
 * message that was lost.
 */
final class OtlpPush implements Exporter {

  static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final Duration TIMEOUT = Duration.ofSeconds(4);
  private static final String PATH = "/v1/metrics";
  private static final InstrumentationScopeInfo SCOPE =
      InstrumentationScopeInfo.create("dev.gatlingllm");

  /** Of JUL, which may collect a logger that nobody holds. */
  private static final Logger EXPORTERS_LOG = Logger.getLogger("io.opentelemetry.exporter");

  /** Keeps what the exporter logs about a failure, instead of a stack trace on the console. */
  private final Handler log =
      new Handler() {
        @Override
        public void publish(LogRecord logged) {
          lastLogged = logged.getMessage();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private volatile String lastLogged = "";

  private final String url;
  private final LiveMetrics metrics;
  private final Supplier<RunIdentity> identity;
  private final MetricExporter exporter;
  private final FailedExports failed;
  private final long startEpochNanos = epochNanos();

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Exporter.daemons("gatling-llm-otlp"));

  private OtlpPush(
      String url,
      LiveMetrics metrics,
      Supplier<RunIdentity> identity,
      Map<String, String> headers,
      Duration interval) {
    this.url = url.endsWith(PATH) ? url : url.replaceFirst("/+$", "") + PATH;
    this.metrics = metrics;
    this.identity = identity;
    this.failed = new FailedExports(this.url);
    EXPORTERS_LOG.setUseParentHandlers(false);
    EXPORTERS_LOG.addHandler(log);
    OtlpHttpMetricExporterBuilder builder =
        OtlpHttpMetricExporter.builder()
            .setEndpoint(this.url)
            .setTimeout(TIMEOUT)
            .setCompression("gzip")
            // the next message makes up for it
            .setRetryPolicy(null);
    headers.forEach(builder::addHeader);
    exporter = builder.build();
    thread.scheduleAtFixedRate(
        this::export, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Starts to send.
   *
   * @param url of the collector, with or without the path of metrics
   * @param identity of the run; may be incomplete before the run begins
   * @param headers of each request to the collector
   */
  static OtlpPush start(
      String url,
      LiveMetrics metrics,
      Supplier<RunIdentity> identity,
      Map<String, String> headers,
      Duration interval) {
    return new OtlpPush(url, metrics, identity, headers, interval);
  }

  @Override
  public String describe() {
    return "metrics go to " + url + " every " + INTERVAL.toSeconds() + " s";
  }

  private void export() {
    try {
      CompletableResultCode sent =
          exporter.export(messages()).join(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      failed.add(sent.isSuccess(), reason(sent));
    } catch (RuntimeException | LinkageError problem) {
      // an executor that sees an exception never runs the task again
      failed.add(false, problem.toString());
    }
  }

  private String reason(CompletableResultCode sent) {
    if (!sent.isDone()) {
      return "no answer within " + TIMEOUT.toSeconds() + " s";
    }
    Throwable failure = sent.getFailureThrowable();
    if (failure != null && failure.getCause() instanceof ConnectException) {
      return "no connection";
    }
    return lastLogged.replaceFirst("Failed to export metrics. ", "");
  }

  /** Sends what is still to be sent, within some seconds, and ends the thread. */
  @Override
  public List<String> close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
    export();
    exporter.shutdown();
    EXPORTERS_LOG.removeHandler(log);
    return failed.summary();
  }

  private List<MetricData> messages() {
    RunIdentity run = identity.get();
    Resource resource = Resource.create(attributes(run.resource()));
    Attributes common = attributes(run.attributes());
    long now = epochNanos();
    List<MetricData> messages = new ArrayList<>();
    metrics
        .snapshot()
        .forEach(
            (metric, series) -> {
              if (!series.isEmpty()) {
                messages.add(new Message(resource, metric, data(metric, series, common, now)));
              }
            });
    return messages;
  }

  private Data<?> data(ExportedMetric metric, List<Series> all, Attributes common, long now) {
    if (metric.kind().isHistogram()) {
      List<ExponentialHistogramPointData> points = new ArrayList<>();
      for (Series series : all) {
        State state = series.histogram();
        if (state != null) {
          points.add(point(state, attributes(metric, series, common), now));
        }
      }
      return ExponentialHistogramData.create(AggregationTemporality.CUMULATIVE, points);
    }
    List<LongPointData> points =
        all.stream()
            .map(
                series ->
                    LongPointData.create(
                        startEpochNanos, now, attributes(metric, series, common), series.total()))
            .toList();
    return metric.kind() == Kind.GAUGE
        ? GaugeData.createLongGaugeData(points)
        : SumData.createLongSumData(true, AggregationTemporality.CUMULATIVE, points);
  }

  private ExponentialHistogramPointData point(State state, Attributes attributes, long now) {
    return ExponentialHistogramPointData.create(
        LiveHistogram.SCALE,
        state.sum(),
        state.zeros(),
        state.count() > 0,
        state.count() > 0 ? state.min() : 0,
        state.count() > 0,
        state.count() > 0 ? state.max() : 0,
        ExponentialHistogramBuckets.create(
            LiveHistogram.SCALE, state.offset(), Arrays.stream(state.counts()).boxed().toList()),
        ExponentialHistogramBuckets.create(LiveHistogram.SCALE, 0, List.of()),
        startEpochNanos,
        now,
        attributes,
        List.of());
  }

  private static Attributes attributes(ExportedMetric metric, Series series, Attributes common) {
    AttributesBuilder attributes = common.toBuilder();
    for (int i = 0; i < series.labels().size(); i++) {
      if (!series.labels().get(i).isEmpty()) {
        attributes.put(metric.labels().get(i).key(), series.labels().get(i));
      }
    }
    return attributes.build();
  }

  private static Attributes attributes(Map<String, Object> values) {
    AttributesBuilder attributes = Attributes.builder();
    values.forEach(
        (name, value) -> {
          if (value instanceof Number number) {
            attributes.put(AttributeKey.longKey(name), number.longValue());
          } else {
            attributes.put(name, value.toString());
          }
        });
    return attributes.build();
  }

  private static long epochNanos() {
    return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
  }

  /** A metric with its points. */
  private record Message(Resource resource, ExportedMetric metric, Data<?> data)
      implements MetricData {

    @Override
    public Resource getResource() {
      return resource;
    }

    @Override
    public InstrumentationScopeInfo getInstrumentationScopeInfo() {
      return SCOPE;
    }

    @Override
    public String getName() {
      return metric.key();
    }

    @Override
    public String getDescription() {
      return metric.help();
    }

    @Override
    public String getUnit() {
      return metric.kind().unit();
    }

    @Override
    public MetricDataType getType() {
      return switch (metric.kind()) {
        case SECONDS, TOKENS -> MetricDataType.EXPONENTIAL_HISTOGRAM;
        case COUNTER -> MetricDataType.LONG_SUM;
        case GAUGE -> MetricDataType.LONG_GAUGE;
      };
    }

    @Override
    public Data<?> getData() {
      return data;
    }
  }
}
