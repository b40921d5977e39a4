package dev.gatlingllm.report;

import dev.gatlingllm.metrics.ScopeSummary.Step;
import dev.gatlingllm.metrics.ServerMetrics;
import dev.gatlingllm.metrics.ServerMetrics.Observed;
import dev.gatlingllm.metrics.ServerSignal;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The server's metrics over time, in the steps of the client's charts, so that both share a cursor.
 */
final class ServerCharts {

  /** More would not fit the page, and are in {@code tokens.json}. */
  private static final int MAX_OTHERS = 30;

  /**
   * A line of a chart.
   *
   * @param key stable name
   * @param label for the reader
   * @param unit of the values
   * @param values of each step; null where unknown
   */
  record Line(String key, String label, String unit, @Nullable BigDecimal[] values) {

    boolean hasValues() {
      return Arrays.stream(values).anyMatch(Objects::nonNull);
    }
  }

  private final ServerMetrics server;
  private final List<Step> steps;
  private final double stepSeconds;

  private ServerCharts(ServerMetrics server, List<Step> steps) {
    this.server = server;
    this.steps = steps;
    stepSeconds = steps.size() < 2 ? 1 : steps.get(1).second() - steps.get(0).second();
  }

  /** Returns all lines that are known, those of the vocabulary first. */
  static List<Line> of(ServerMetrics server, List<Step> steps) {
    return server.hasReadings() && !steps.isEmpty()
        ? new ServerCharts(server, steps).lines()
        : List.of();
  }

  private List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    lines.add(gauge("running", "Running", "requests", ServerSignal.RUNNING, 1));
    lines.add(gauge("waiting", "Waiting", "requests", ServerSignal.WAITING, 1));
    lines.add(gauge("kvCache", "KV cache in use", "%", ServerSignal.KV_CACHE, 100));
    lines.add(rate("preemptions", "Preemptions", "1/s", ServerSignal.PREEMPTIONS));
    lines.add(
        ratio(
            "queue",
            "Mean queue time",
            "ms",
            ServerSignal.QUEUE_SECONDS,
            ServerSignal.QUEUE_COUNT,
            1e3));
    lines.add(
        ratio(
            "prefill",
            "Mean prefill time",
            "ms",
            ServerSignal.PREFILL_SECONDS,
            ServerSignal.PREFILL_COUNT,
            1e3));
    lines.add(
        ratio(
            "ttft",
            "Mean TTFT in the server",
            "ms",
            ServerSignal.TTFT_SECONDS,
            ServerSignal.TTFT_COUNT,
            1e3));
    lines.add(
        ratio(
            "cacheHit",
            "Prefix-cache hit rate",
            "%",
            ServerSignal.CACHE_HITS,
            ServerSignal.CACHE_QUERIES,
            100));
    lines.add(rate("outputTokens", "Output tokens/s", "tokens/s", ServerSignal.OUTPUT_TOKENS));
    lines.add(gauge("power", "Power", "W", ServerSignal.POWER, 1));
    lines.add(
        ratio(
            "tokensPerJoule",
            "Output tokens per joule",
            "tokens/J",
            ServerSignal.OUTPUT_TOKENS,
            ServerSignal.ENERGY,
            1));
    lines.add(
        ratio(
            "acceptedTokens",
            "Accepted tokens per draft",
            "tokens",
            ServerSignal.ACCEPTED_TOKENS,
            ServerSignal.DRAFTS,
            1));
    server.otherTimelines().entrySet().stream()
        .limit(MAX_OTHERS)
        .forEach(other -> lines.add(other(other.getKey(), other.getValue())));
    return lines.stream().filter(Line::hasValues).toList();
  }

  private Line other(String name, double[] values) {
    Observed observed = server.metrics().get(name);
    return observed != null && observed.delta() != null
        ? new Line(name, name, "1/s", rates(values))
        : new Line(name, name, "", gauges(values, 1));
  }

  private Line gauge(String key, String label, String unit, ServerSignal signal, double factor) {
    return new Line(key, label, unit, gauges(of(signal), factor));
  }

  private Line rate(String key, String label, String unit, ServerSignal signal) {
    return new Line(key, label, unit, rates(of(signal)));
  }

  private Line ratio(
      String key, String label, String unit, ServerSignal part, ServerSignal whole, double factor) {
    double[] parts = of(part);
    double[] wholes = of(whole);
    return new Line(
        key,
        label,
        unit,
        each(
            step -> {
              double increase = increase(wholes, step);
              return increase > 0 ? factor * increase(parts, step) / increase : Double.NaN;
            }));
  }

  private double[] of(ServerSignal signal) {
    return server.timeline().getOrDefault(signal, new double[0]);
  }

  private BigDecimal[] rates(double[] values) {
    return each(step -> increase(values, step) / stepSeconds);
  }

  /** The greatest value that was read in each step. */
  private BigDecimal[] gauges(double[] values, double factor) {
    double[] greatest = new double[steps.size()];
    Arrays.fill(greatest, Double.NaN);
    for (int i = 0; i < values.length; i++) {
      double step = Math.floor((server.seconds()[i] - steps.get(0).second()) / stepSeconds);
      if (!Double.isNaN(values[i]) && step >= 0 && step < greatest.length) {
        int at = (int) step;
        greatest[at] = Double.isNaN(greatest[at]) ? values[i] : Math.max(greatest[at], values[i]);
      }
    }
    return Arrays.stream(greatest)
        .mapToObj(value -> ChartData.rounded(factor * value))
        .toArray(BigDecimal[]::new);
  }

  private BigDecimal[] each(ToDoubleFunction<Step> value) {
    return steps.stream()
        .map(step -> ChartData.rounded(value.applyAsDouble(step)))
        .toArray(BigDecimal[]::new);
  }

  private double increase(double[] values, Step step) {
    return at(values, step.second() + stepSeconds) - at(values, step.second());
  }

  /** Returns the value of a counter at a moment; NaN outside of the readings. */
  private double at(double[] values, double second) {
    double[] seconds = server.seconds();
    for (int i = 1; i < values.length; i++) {
      if (seconds[i] >= second) {
        double from = seconds[i - 1];
        return second < from
            ? Double.NaN
            : values[i - 1] + (values[i] - values[i - 1]) * (second - from) / (seconds[i] - from);
      }
    }
    return Double.NaN;
  }
}
