package dev.gatlingllm.bench;

import dev.gatlingllm.metrics.ClientHealth;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.metrics.Totals;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What can be a score: something that each iteration has one value of.
 *
 * @param label its name in tables and result files, such as {@code ttft·p50}
 * @param kind what the value counts
 * @param reader takes it from an iteration's figures, in milliseconds, per second, percent or
 *     pieces; NaN where there is none
 */
record ScoreMetric(String label, Kind kind, ToDoubleFunction<Iteration> reader) {

  /** What a value counts, and so how it is written. */
  enum Kind {
    TIME,
    RATE,
    PERCENT,
    COUNT
  }

  private static final Map<String, ToDoubleFunction<Summary>> STATISTICS = new LinkedHashMap<>();
  private static final Map<String, ScoreMetric> ALL = new LinkedHashMap<>();

  static {
    STATISTICS.put("", Summary::mean);
    STATISTICS.put("·p50", Summary::p50);
    STATISTICS.put("·p75", Summary::p75);
    STATISTICS.put("·p90", Summary::p90);
    STATISTICS.put("·p95", Summary::p95);
    STATISTICS.put("·p99", Summary::p99);
    STATISTICS.put("·p999", Summary::p999);
    STATISTICS.put("·min", Summary::min);
    STATISTICS.put("·max", Summary::max);
    for (Figure metric : Figure.distributions()) {
      Kind kind = metric.unit() == Figure.Unit.MILLISECONDS ? Kind.TIME : Kind.COUNT;
      STATISTICS.forEach(
          (name, statistic) ->
              add(
                  metric.key() + name,
                  kind,
                  seen -> of(seen.replies().metrics().get(metric), statistic)));
    }
    STATISTICS.forEach(
        (name, statistic) ->
            add(
                "clientLag" + name,
                Kind.TIME,
                seen ->
                    seen.client() == null
                        ? Double.NaN
                        : of(seen.client().eventLoopLag(), statistic)));
    add(
        "clientCpuPercent",
        Kind.PERCENT,
        seen -> seen.client() == null ? Double.NaN : orNaN(seen.client().cpuPercent()));
    total("outputTokensPerSecond", Kind.RATE, Totals::outputTokensPerSecond);
    total("inputTokensPerSecond", Kind.RATE, Totals::inputTokensPerSecond);
    total("requestsPerSecond", Kind.RATE, Totals::requestsPerSecond);
    total("goodputPerSecond", Kind.RATE, t -> t.goodput() == null ? null : t.goodput().perSecond());
    total("goodputPercent", Kind.PERCENT, t -> t.goodput() == null ? null : t.goodput().percent());
    total("cacheHitPercent", Kind.PERCENT, Totals::cacheHitPercent);
    total("expectedReusablePercent", Kind.PERCENT, Totals::expectedReusablePercent);
    total("requests", Kind.COUNT, totals -> (double) totals.requests());
    total("failures", Kind.COUNT, totals -> (double) totals.ko());
  }

  /** What is measured where nothing else is asked for, the score first. */
  static final List<ScoreMetric> USUAL =
      List.of(
              "ttft·p50",
              "ttft",
              "ttft·p95",
              "ttft·p99",
              "icl·p50",
              "icl·p99",
              "tpot",
              "e2e·p50",
              "e2e·p95",
              "outputTokensPerSecond",
              "inputTokensPerSecond",
              "requestsPerSecond",
              "cacheHitPercent",
              "goodputPercent",
              "failures",
              "scheduleDelay·p99",
              "clientLag·p99",
              "clientCpuPercent")
          .stream()
          .map(ALL::get)
          .toList();

  private static void add(String label, Kind kind, ToDoubleFunction<Iteration> reader) {
    ALL.put(label, new ScoreMetric(label, kind, reader));
  }

  private static void total(String label, Kind kind, Function<Totals, Double> reader) {
    add(label, kind, seen -> orNaN(reader.apply(seen.replies().totals())));
  }

  private static double orNaN(Double value) {
    return value == null ? Double.NaN : value;
  }

  private static double of(Summary summary, ToDoubleFunction<Summary> statistic) {
    return summary == null ? Double.NaN : statistic.applyAsDouble(summary);
  }

  /**
   * A metric by name; {@code ttft.p95} and {@code ttft-p95} are the same as {@code ttft·p95}.
   *
   * @throws IllegalArgumentException for a name that is none
   */
  static ScoreMetric parse(String name) {
    ScoreMetric found = ALL.get(name.replaceAll("[^A-Za-z0-9]", "·"));
    if (found == null) {
      throw new IllegalArgumentException(
          "-metric "
              + name
              + ": there is no such metric; there are ttft, ttfo, icl, itl, tpot, e2e and others,"
              + " alone for the mean or with ·p50 ·p75 ·p90 ·p95 ·p99 ·p999 ·min ·max, and"
              + " outputTokensPerSecond, inputTokensPerSecond, requestsPerSecond, goodputPerSecond,"
              + " goodputPercent, cacheHitPercent, expectedReusablePercent, requests, failures");
    }
    return found;
  }

  /** Whether a greater value is a better one. */
  boolean biggerIsBetter() {
    return kind == Kind.RATE || kind == Kind.PERCENT && !label.startsWith("client");
  }

  /**
   * What was seen of an iteration.
   *
   * @param replies null where nothing ended in it and no token arrived: then rates and counts are
   *     truly 0, and of replies there is nothing else
   * @param client how the load generator fared, or null where that is not known
   */
  record Iteration(ScopeSummary replies, ClientHealth client) {}

  /** What an iteration measured, in {@link #unit}; NaN for nothing. */
  double of(Iteration seen, Units units) {
    if (seen.replies() == null && !label.startsWith("client")) {
      return kind == Kind.RATE || isTotal() ? 0 : Double.NaN;
    }
    double value = reader.applyAsDouble(seen);
    return switch (kind) {
      case TIME -> value * 1e6 / units.ofTimes().toNanos(1);
      case RATE -> value * units.ofRates().toNanos(1) / 1e9;
      case PERCENT, COUNT -> value;
    };
  }

  private boolean isTotal() {
    return label.equals("requests") || label.equals("failures");
  }

  /** How the unit is written. */
  String unit(Units units) {
    return switch (kind) {
      case TIME -> shortName(units.ofTimes());
      case RATE ->
          (label.contains("Tokens") ? "tokens/" : "requests/") + shortName(units.ofRates());
      case PERCENT -> "%";
      case COUNT -> label.contains("okens") ? "tokens" : "requests";
    };
  }

  /** The units of all scores of a run. */
  record Units(TimeUnit ofTimes, TimeUnit ofRates) {

    /** Times in ms, rates per second. */
    static final Units USUAL = new Units(TimeUnit.MILLISECONDS, TimeUnit.SECONDS);

    /** These units as options say them, with a given score. */
    List<String> asOptions(ScoreMetric score) {
      return switch (score.kind()) {
        case TIME -> option(ofTimes);
        case RATE -> option(ofRates);
        case PERCENT, COUNT -> List.of();
      };
    }

    private static List<String> option(TimeUnit unit) {
      return switch (unit) {
        case MINUTES -> List.of("-tu", "m");
        case HOURS -> List.of("-tu", "h");
        // an annotation's, which the fork reads, too
        case DAYS -> List.of();
        default -> List.of("-tu", shortName(unit));
      };
    }

    /** With another unit for what is of a metric's kind. */
    Units with(TimeUnit unit, ScoreMetric metric) {
      return switch (metric.kind()) {
        case TIME -> new Units(unit, ofRates);
        case RATE -> new Units(ofTimes, unit);
        case PERCENT, COUNT ->
            throw new IllegalArgumentException(
                "-tu: " + metric.label() + " has no time in it; leave -tu out");
      };
    }
  }

  private static String shortName(TimeUnit unit) {
    return switch (unit) {
      case NANOSECONDS -> "ns";
      case MICROSECONDS -> "us";
      case MILLISECONDS -> "ms";
      case SECONDS -> "s";
      case MINUTES -> "min";
      case HOURS -> "hr";
      case DAYS -> "day";
    };
  }
}
