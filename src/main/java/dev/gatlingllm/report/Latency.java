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
import java.util.function.Predicate;
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

  /** So many times as high as any before, a mean has jumped. */
  private static final double JUMP = 2;

  /** The mean of fewer responses may be that of one. */
  private static final double MIN_JUMPED = 5;

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
    return Trend.of(of.charts().steps(), begin, windowSeconds, value(average));
  }

  private ToDoubleFunction<List<Step>> value(Average average) {
    return average == Average.MEDIAN
        ? this::median
        : Trend.mean(step -> value(step, Summary::mean), step -> value(step, Summary::count));
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

  /** Returns the average that fell, if one did. */
  Optional<Average> fallen() {
    return averageOf(trend -> trend.fell(CHANGE));
  }

  /**
   * Returns the average that is steady where none changed: medians or, where these jump because
   * responses are of two kinds, such as cold and warm ones, means.
   */
  Optional<Average> steady() {
    return averageOf(Latency::rose).isPresent() || fallen().isPresent() || jump().isPresent()
        ? Optional.empty()
        : averageOf(Latency::isSteady);
  }

  private Optional<Average> averageOf(Predicate<Trend> is) {
    return Stream.of(Average.values())
        .filter(average -> trend(average, 0).filter(is).isPresent())
        .findFirst();
  }

  /** Returns the jump at the end of the window, which no straight line shows; or none. */
  Optional<Jump> jump() {
    List<List<Step>> parts = Trend.parts(of.charts().steps(), 0, windowSeconds);
    List<Step> end = parts.get(parts.size() - 1);
    double last = value(Average.MEAN).applyAsDouble(end);
    double before =
        parts.subList(0, parts.size() - 1).stream()
            .mapToDouble(value(Average.MEAN))
            .filter(mean -> !Double.isNaN(mean))
            .max()
            .orElse(Double.NaN);
    double count = end.stream().mapToDouble(step -> value(step, Summary::count)).sum();
    return count >= MIN_JUMPED && last > JUMP * before
        ? Optional.of(new Jump(before, last))
        : Optional.empty();
  }

  /**
   * A mean that is far higher in the last tenth of the window than in any before.
   *
   * @param before the highest one before, in milliseconds
   * @param last that of the last tenth
   */
  record Jump(double before, double last) {}

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
