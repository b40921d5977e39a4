package dev.gatlingllm.bench;

import dev.gatlingllm.metrics.ClientHealth;
import dev.gatlingllm.metrics.Figure.Unit;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.text.Durations;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The units of all scores of a run, which JMH's {@code -tu} and {@code @OutputTimeUnit} choose.
 * Immutable.
 *
 * @param ofTimes the unit of times
 * @param ofRates the time of rates, such as tokens per second
 */
record ScoreUnits(TimeUnit ofTimes, TimeUnit ofRates) {

  /** Times in ms, rates per second. */
  static final ScoreUnits USUAL = new ScoreUnits(TimeUnit.MILLISECONDS, TimeUnit.SECONDS);

  /** The metrics that are always measured, the usual score first. */
  static final List<Indicator> USUAL_METRICS =
      List.of(
              "ttft·p50",
              "ttft",
              "ttft·p95",
              "ttft·p99",
              "icl·p50",
              "icl·p99",
              "tpot",
              "tokensPerChunk",
              "e2e·p50",
              "e2e·p95",
              "outputTokensPerSecond",
              "outputTokensPerSecondPerGpu",
              "costPerMillionOutputTokens",
              "costPerThousandGoodConversations",
              "inputTokensPerSecond",
              "responsesPerSecond",
              "requestsPerSecond",
              "cacheHitPercent",
              "goodputPercent",
              "failures",
              "scheduleDelay·p99",
              "sendDelay·p99",
              "clientLag·p99",
              "clientCpuPercent")
          .stream()
          .map(ScoreUnits::metric)
          .toList();

  /**
   * Reads the name of a metric.
   *
   * @throws IllegalArgumentException for an unknown name; the message says what is allowed
   */
  static Indicator metric(String name) {
    return Indicator.parse(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "-metric " + name + ": unknown metric; must be " + Indicator.allowed()));
  }

  /** Returns the value of a metric in one iteration, in {@link #unit}; NaN if there is none. */
  double value(Indicator metric, @Nullable ScopeSummary responses, @Nullable ClientHealth client) {
    return of(metric, metric.of(responses, client).orElse(Double.NaN));
  }

  /**
   * Returns the least that the value of a metric can be in one iteration with the requests that had
   * not ended, whose ages count if that makes it greater; NaN if no sample is known.
   */
  double least(Indicator metric, ScopeSummary responses) {
    return of(metric, metric.bound(responses, true).value().orElse(Double.NaN));
  }

  /** Returns values of a metric in these units. */
  List<List<Double>> of(Indicator metric, List<List<Double>> forks) {
    return forks.stream()
        .map(fork -> fork.stream().map(value -> of(metric, value)).toList())
        .toList();
  }

  private double of(Indicator metric, double value) {
    boolean isRate = metric.unit().isRate();
    return time(metric)
        .map(unit -> isRate ? value * unit.toNanos(1) / 1e9 : value * 1e6 / unit.toNanos(1))
        .orElse(value);
  }

  /** Returns the unit of a metric's scores. */
  String unit(Indicator metric) {
    String symbol = metric.unit().symbol();
    return time(metric)
        .map(unit -> symbol.replaceFirst("(ms|(?<=/)s)$", Durations.symbol(unit)))
        .orElse(symbol);
  }

  /** Returns these units with another time for a metric's kind of unit. */
  ScoreUnits with(TimeUnit unit, Indicator metric) {
    if (metric.unit() == Unit.MILLISECONDS) {
      return new ScoreUnits(unit, ofRates);
    }
    if (metric.unit().isRate()) {
      return new ScoreUnits(ofTimes, unit);
    }
    throw new IllegalArgumentException(
        "-tu needs a score with a time in its unit, got " + metric.label());
  }

  /** Returns the time in a metric's unit; empty if there is none. */
  Optional<TimeUnit> time(Indicator metric) {
    if (metric.unit() == Unit.MILLISECONDS) {
      return Optional.of(ofTimes);
    }
    return metric.unit().isRate() ? Optional.of(ofRates) : Optional.empty();
  }
}
