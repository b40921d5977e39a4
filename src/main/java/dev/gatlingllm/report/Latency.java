package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.ScopeSummary.Step;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.metrics.Trend;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * A latency of some responses, and how it changed over the window. docs/report.md lists the limits.
 *
 * @param request name of their request; empty if they are all
 * @param of the responses
 * @param figure TTFT, TPOT or E2E
 * @param windowSeconds length of the window
 */
record Latency(String request, ScopeSummary of, Figure figure, double windowSeconds) {

  /** A change by less than this share of the mean is no trend. */
  static final double CHANGE = 0.25;

  /** Fewer responses have no 95th percentile, and tell little of a trend or a share. */
  static final long MIN_RESPONSES = 20;

  /** A wider interval, in percent of the mean, does not show that a latency was steady. */
  private static final double MAX_INTERVAL_PERCENT = 100;

  /** What is drawn as a trend. */
  enum Average {
    /** It tells what most responses did. */
    MEDIAN,
    /** It tells what some did, such as those of one replica of several. */
    MEAN
  }

  boolean isJudged() {
    return samples() >= MIN_RESPONSES;
  }

  long samples() {
    return of.samples(figure);
  }

  /**
   * Returns the trend; empty if too little is known.
   *
   * @param begin from when on, in seconds since the window opened
   */
  Optional<Trend> trend(Average average, double begin) {
    return Trend.of(
        of.charts().steps(),
        begin,
        windowSeconds,
        average == Average.MEDIAN
            ? this::median
            : Trend.mean(step -> value(step, Summary::mean), step -> value(step, Summary::count)));
  }

  private double median(List<Step> part) {
    Buckets all =
        Buckets.pooled(
            part.stream()
                .map(step -> step.buckets().get(figure))
                .filter(Objects::nonNull)
                .toList());
    return all.total() == 0 ? Double.NaN : all.percentile(50);
  }

  private double value(Step step, ToDoubleFunction<Summary> value) {
    Summary latency = step.latencies().get(figure);
    return latency == null ? 0 : value.applyAsDouble(latency);
  }

  /** Returns whether its median or its mean rose. */
  boolean hasRisen() {
    return Stream.of(Average.values())
        .anyMatch(average -> trend(average, 0).filter(Latency::rose).isPresent());
  }

  /**
   * Returns by what it is known to be steady: by medians or, where these jump because responses are
   * of two kinds, such as cold and warm ones, by means.
   */
  Optional<Average> steady() {
    boolean hasFallen = trend(Average.MEDIAN, 0).filter(trend -> trend.fell(CHANGE)).isPresent();
    return hasRisen() || hasFallen
        ? Optional.empty()
        : Stream.of(Average.values())
            .filter(average -> trend(average, 0).filter(Latency::isSteady).isPresent())
            .findFirst();
  }

  private static boolean isSteady(Trend trend) {
    return Math.abs(trend.percent(trend.last() - trend.first())) <= 100 * CHANGE
        && trend.percent(trend.high() - trend.low()) < MAX_INTERVAL_PERCENT;
  }

  static boolean rose(Trend latency) {
    return latency.rose(CHANGE);
  }

  /** Returns whether it rose by more than may be chance, by which one of many often does. */
  static boolean roseFar(Trend latency) {
    double change = (latency.low() + latency.high()) / 2;
    return rose(latency) && change > latency.high() - latency.low();
  }
}
