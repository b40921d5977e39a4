package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.ScopeSummary.Step;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.metrics.Trend;
import java.util.ArrayList;
import java.util.Comparator;
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

  /** Tokens of a mean prompt that had not been sent before. */
  private static final ToDoubleFunction<List<Step>> NEW =
      Trend.mean(Latency::newTokens, Latency::prompts);

  /** Fewer slow responses may be as slow by chance. */
  private static final long MIN_SLOW = 5;

  /** A response that is so many times as slow as the median is far slower. */
  private static final double MUCH_LONGER = 10;

  /** A shorter wait hardly matters to a user. */
  private static final double MIN_SLOW_MILLIS = 1_000;

  /** Text that comes faster is read more slowly. */
  private static final double MIN_SLOW_TPOT = 100;

  /** Users who begin together wait for each other in this part of the window, if not longer. */
  private static final double MAX_START = 0.1;

  private static final double MAX_START_SECONDS = 3;

  /** In a longer part of the window, slow responses are usual. */
  private static final double MAX_SLOW_LENGTH = 0.5;

  /** The probability below which slow responses do not lie so close to each other by chance. */
  private static final double CHANCE = 0.01;

  /** Shorter gaps than this percentile are usual, as where chunks have several tokens. */
  private static final double USUAL_GAPS = 90;

  /** Waits that took a smaller share of the time of all matter less. */
  private static final double MIN_SLOW_SHARE = 0.05;

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
    Buckets all = pooled(part);
    return all.total() == 0 ? Double.NaN : all.percentile(50);
  }

  private Buckets pooled(List<Step> part) {
    return Buckets.pooled(
        part.stream().map(step -> step.buckets().get(figure)).filter(Objects::nonNull).toList());
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
   * Returns the average by which it is known to be steady; empty if one changed. Medians jump where
   * responses are of two kinds, such as cold and warm ones: then it is the mean.
   */
  Optional<Average> steady() {
    return averageOf(Latency::rose).isPresent() || fallen().isPresent() || hump().isPresent()
        ? Optional.empty()
        : averageOf(Latency::isSteady);
  }

  private Optional<Average> averageOf(Predicate<Trend> is) {
    return Stream.of(Average.values())
        .filter(average -> trend(average, 0).filter(is).isPresent())
        .findFirst();
  }

  /** Returns the highest hump of the mean, which no straight line shows; or none. */
  Optional<Hump> hump() {
    Parts parts = Parts.of(of.charts().steps(), windowSeconds);
    double[] means = parts.values(value(Average.MEAN));
    double usual = Parts.usual(means);
    List<Hump> humps = new ArrayList<>();
    for (Parts.Span high : parts.high(means)) {
      double mean = value(Average.MEAN).applyAsDouble(high.steps());
      if (pooled(high.steps()).countFrom(Parts.limit(means)) >= MIN_SLOW
          && !(figure == Figure.TTFT && isAsPrompts(high, value(Average.MEAN)))) {
        humps.add(new Hump(high.from(), high.to(), mean, usual));
      }
    }
    return humps.stream().max(Comparator.comparingDouble(Hump::mean));
  }

  /**
   * Returns the far slower responses if there are few, within so short a time that this is not by
   * chance, and much of the time of all requests went by in such waits. Users who wait send nothing
   * meanwhile, so that neither a percentile nor a mean may tell of them.
   *
   * @param allMillis time of all requests
   */
  Optional<Slow> slow(double allMillis) {
    Summary all = of.metrics().get(figure);
    if (all == null || !isJudged()) {
      return Optional.empty();
    }
    double limit =
        Math.max(MUCH_LONGER * all.p50(), figure == Figure.TPOT ? MIN_SLOW_TPOT : MIN_SLOW_MILLIS);
    List<Step> measured = Parts.measured(of.charts().steps(), windowSeconds);
    List<Step> slow =
        measured.stream().filter(step -> pooled(List.of(step)).countFrom(limit) > 0).toList();
    if (slow.isEmpty() || measured.size() < 2) {
      return Optional.empty();
    }
    double from = slow.get(0).second();
    double to =
        slow.get(slow.size() - 1).second() + measured.get(1).second() - measured.get(0).second();
    Parts.Span span = Parts.Span.of(measured, from, to);
    Buckets there = pooled(slow);
    long count = there.countFrom(limit);
    double length = (to - from) / windowSeconds;
    double share =
        figure == Figure.TPOT ? shareOfGaps(limit, allMillis) : there.sumFrom(limit) / allMillis;
    return to > Math.max(MAX_START_SECONDS, MAX_START * windowSeconds)
            && length <= MAX_SLOW_LENGTH
            && count * Math.pow(length, count - 1) < CHANCE
            && share >= MIN_SLOW_SHARE
            && !(figure == Figure.TTFT && isAsPrompts(span, value(Average.MEAN)))
        ? Optional.of(new Slow(count, from, to, limit, all.p50(), 100 * share))
        : Optional.empty();
  }

  /**
   * Returns what gaps that are not usual took of the time of all requests, or of all gaps where
   * these are more, as of several choices.
   */
  private double shareOfGaps(double limit, double allMillis) {
    Buckets gaps = of.buckets().get(Figure.ICL);
    return gaps == null || gaps.total() == 0 || gaps.percentile(USUAL_GAPS) >= limit
        ? 0
        : gaps.sumFrom(limit) / Math.max(allMillis, gaps.sumFrom(0));
  }

  /**
   * Returns whether users who began together had first turns at the same time: by what had not been
   * sent before, since a cache that loses it is the server's.
   *
   * @param high their time
   * @param time what responses or tokens took, of steps
   */
  static boolean isAsPrompts(Parts.Span high, ToDoubleFunction<List<Step>> time) {
    double longer = times(high, NEW);
    // they wait for each other, too
    return times(high, time) < (1 + CHANGE) * longer * longer;
  }

  /** Returns how many times as high a value is as in the other parts. */
  private static double times(Parts.Span high, ToDoubleFunction<List<Step>> value) {
    return value.applyAsDouble(high.steps()) / value.applyAsDouble(high.others());
  }

  private static double newTokens(Step step) {
    Double sent = step.reusablePercent();
    return step.promptTokens() * (sent == null ? 1 : 1 - sent / 100);
  }

  /** Returns the number of prompts of known length per second, of a step. */
  static double prompts(Step step) {
    return step.promptTokens() > 0 ? step.okPerSecond() : 0;
  }

  /**
   * A span of the window in which the mean was far higher than in the rest of it.
   *
   * @param from seconds since the window opened
   * @param to the same
   * @param mean in milliseconds
   * @param usual 40th percentile of the means of all parts
   */
  record Hump(double from, double to, double mean, double usual) {}

  /**
   * Far slower responses within a short time.
   *
   * @param count how many
   * @param from when the first one came, in seconds since the window opened
   * @param to when the last one came
   * @param limit that they reached, in milliseconds
   * @param usual median of all, in milliseconds
   * @param percent of the time of all requests that went by in waits of this limit or longer
   */
  record Slow(long count, double from, double to, double limit, double usual, double percent) {}

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
