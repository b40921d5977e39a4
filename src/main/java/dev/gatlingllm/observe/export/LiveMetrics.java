package dev.gatlingllm.observe.export;

import dev.gatlingllm.metrics.CacheState;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.LiveFigures;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.Status;
import dev.gatlingllm.metrics.Response.Usage;
import dev.gatlingllm.metrics.RunClock;
import dev.gatlingllm.observe.export.LiveHistogram.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a run so far. The recorder's thread adds responses, and exporters read; neither
 * waits longer than for one response to be added or one copy to be made.
 */
final class LiveMetrics {

  /** The most series of a metric; responses beyond them enter series of {@value #OTHER}. */
  static final int MAX_SERIES = 500;

  private static final String OTHER = "other";
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final double NANOS_PER_SECOND = 1e9;

  /** One series of a metric: a histogram or a sum. */
  private static final class Cell {

    final @Nullable LiveHistogram histogram;
    long total;

    Cell(ExportedMetric metric) {
      histogram = metric.kind().isHistogram() ? new LiveHistogram(metric.kind().bounds()) : null;
    }

    void record(double value) {
      if (histogram != null) {
        histogram.record(value);
      }
    }
  }

  /**
   * One series of a metric at a moment.
   *
   * @param labels values of the metric's labels, in their order; empty for one that does not apply
   * @param total of a counter or a gauge
   * @param histogram of a histogram, else null
   */
  record Series(List<String> labels, long total, @Nullable State histogram) {}

  private final LiveFigures live;
  private final Objectives objectives;

  private final Map<ExportedMetric, Map<List<String>, Cell>> cells =
      new EnumMap<>(ExportedMetric.class);

  private final Map<Label, String> labels = new EnumMap<>(Label.class);
  private boolean cacheReported;
  private long unlabelled;

  LiveMetrics(LiveFigures live, Objectives objectives) {
    this.live = live;
    this.objectives = objectives;
  }

  /**
   * Adds a response.
   *
   * @param iteration in which it ended, by its name in files
   */
  synchronized void add(Response response, String iteration, RunClock clock) {
    if (response.status() == Status.UNSENT) {
      return;
    }
    Usage usage = response.usage();
    cacheReported |= usage.cachedTokens() >= 0;
    describe(response, iteration);
    cell(ExportedMetric.REQUESTS).total++;
    addTokens(response);
    if (!objectives.all().isEmpty() && objectives.areMetBy(response)) {
      cell(ExportedMetric.GOOD_REQUESTS).total++;
    }
    // as in the report, a request written in the warm-up adds no latency to the measured window
    if (clock.isWarmUp(response.timing().writtenNanos())) {
      labels.put(Label.PHASE, phase("warmup"));
    }
    addLatencies(response);
  }

  private void describe(Response response, String iteration) {
    labels.clear();
    labels.put(Label.SCENARIO, response.who().scenario());
    labels.put(Label.REQUEST, response.who().request());
    labels.put(Label.PHASE, phase(iteration));
    labels.put(Label.TURN, number(response.turn().number(), 1));
    labels.put(Label.GROUP, number(response.who().group(), 0));
    // one that did not come to a good end most often lacks the report that others have
    boolean mayKnow = response.ok() || response.usage().cachedTokens() >= 0;
    CacheState cache =
        mayKnow ? CacheState.of(response).settled(cacheReported) : CacheState.UNKNOWN;
    labels.put(Label.CACHE, cache == CacheState.UNKNOWN ? "" : cache.key());
    labels.put(Label.STATUS, Label.value(response.status()));
    String kind = response.outcome().failureKind();
    labels.put(Label.ERROR_TYPE, kind == null ? "" : kind);
  }

  private static String phase(String iteration) {
    return Character.isDigit(iteration.charAt(0)) ? "measured" : iteration;
  }

  private static String number(int number, int least) {
    return number < least ? "" : Integer.toString(number);
  }

  private void addTokens(Response response) {
    Usage usage = response.usage();
    if (response.ok()) {
      addTokens("input", response.inputTokensOrExpected());
      addTokens("cached", usage.cachedTokens());
      addTokens("reusable", response.turn().reusableTokens());
      addTokens("reasoning", usage.reasoningTokens());
    }
    addTokens("output", usage.outputTokens());
    if (response.ok()) {
      addUsage("input", response.inputTokensOrExpected());
      // as in the report, embeddings have no output, also where their usage says 0
      boolean isCounted = usage.isOutputCounted() && usage.outputTokens() > 0;
      addUsage("output", isCounted ? usage.outputTokens() : Response.UNKNOWN);
    }
    labels.remove(Label.TOKEN_TYPE);
  }

  private void addTokens(String type, int tokens) {
    if (tokens >= 0) {
      labels.put(Label.TOKEN_TYPE, type);
      cell(ExportedMetric.TOKENS).total += tokens;
    }
  }

  private void addUsage(String type, int tokens) {
    if (tokens >= 0) {
      labels.put(Label.TOKEN_TYPE, type);
      cell(ExportedMetric.TOKEN_USAGE).record(tokens);
    }
  }

  private void addLatencies(Response response) {
    if (response.ended()) {
      cell(ExportedMetric.OPERATION_DURATION)
          .record(response.timing().e2eNanos() / NANOS_PER_SECOND);
    }
    addSamples(Figure.TTFT, ExportedMetric.TIME_TO_FIRST_TOKEN, response);
    addSamples(Figure.TTFO, ExportedMetric.TIME_TO_FIRST_OUTPUT_TOKEN, response);
    addSamples(Figure.ICL, ExportedMetric.TIME_PER_OUTPUT_CHUNK, response);
    addSamples(Figure.TPOT, ExportedMetric.TIME_PER_OUTPUT_TOKEN, response);
    addSamples(Figure.SCHEDULE_DELAY, ExportedMetric.SCHEDULE_DELAY, response);
  }

  private void addSamples(Figure figure, ExportedMetric metric, Response response) {
    // a series without a sample would be an empty histogram
    Cell[] series = new Cell[1];
    figure.samples(
        response,
        millis -> {
          series[0] = series[0] == null ? cell(metric) : series[0];
          series[0].record(millis / MILLIS_PER_SECOND);
        });
  }

  /** Returns the series of a metric for the response that the labels describe. */
  private Cell cell(ExportedMetric metric) {
    Map<List<String>, Cell> series = cells.computeIfAbsent(metric, unseen -> new LinkedHashMap<>());
    List<String> key = key(metric, false);
    Cell cell = series.get(key);
    if (cell == null && series.size() >= MAX_SERIES) {
      unlabelled += metric == ExportedMetric.REQUESTS ? 1 : 0;
      key = key(metric, true);
      cell = series.get(key);
    }
    if (cell == null) {
      cell = new Cell(metric);
      series.put(key, cell);
    }
    return cell;
  }

  private List<String> key(ExportedMetric metric, boolean other) {
    String[] values = new String[metric.labels().size()];
    for (int i = 0; i < values.length; i++) {
      Label label = metric.labels().get(i);
      values[i] = other && !label.isFixed() ? OTHER : labels.getOrDefault(label, "");
    }
    return Arrays.asList(values);
  }

  /** Returns all series as they are now, by their metrics in order. */
  synchronized Map<ExportedMetric, List<Series>> snapshot() {
    Map<ExportedMetric, List<Series>> all = new EnumMap<>(ExportedMetric.class);
    cells.forEach(
        (metric, series) -> {
          List<Series> copies = new ArrayList<>();
          series.forEach(
              (values, cell) ->
                  copies.add(
                      new Series(
                          values,
                          cell.total,
                          cell.histogram == null ? null : cell.histogram.state())));
          all.put(metric, copies);
        });
    all.put(ExportedMetric.OUTPUT_CHUNKS, List.of(new Series(List.of(), live.chunks(), null)));
    all.put(ExportedMetric.ACTIVE_REQUESTS, List.of(new Series(List.of(), live.active(), null)));
    return all;
  }

  /**
   * Returns how many requests have the labels {@value #OTHER}, because there are too many series.
   */
  synchronized long unlabelled() {
    return unlabelled;
  }
}
