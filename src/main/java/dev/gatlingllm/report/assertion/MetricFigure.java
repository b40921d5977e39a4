package dev.gatlingllm.report.assertion;

import dev.gatlingllm.metrics.Metric;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.Summary;
import java.util.Locale;
import java.util.OptionalDouble;

/** A statistic of a metric's samples. Immutable. */
public record MetricFigure(Metric metric, Statistic statistic) implements Figure {

  @Override
  public String words() {
    return name() + " " + statistic.words();
  }

  private String name() {
    return switch (metric) {
      case TTFT, TTFO, ICL, ITL, TPOT, E2E, NTPOT -> metric.name();
      default -> metric.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    };
  }

  @Override
  public Unit unit() {
    return metric.unit() == Metric.Unit.TOKENS ? Unit.TOKENS : Unit.MILLISECONDS;
  }

  @Override
  public OptionalDouble in(ScopeSummary replies) {
    Summary summary = replies.metrics().get(metric);
    return summary == null || summary.count() == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(statistic.of(summary, replies.curves().get(metric)));
  }

  @Override
  public String whyAbsent(ScopeSummary replies) {
    if (replies.totals().ok() == 0 && metric != Metric.SCHEDULE_DELAY) {
      return "none of its %d replies was a good one".formatted(replies.totals().requests());
    }
    return switch (metric) {
      case ITL -> "in no reply was each chunk one token; assert icl() or tpot() instead";
      case TPOT, ICL -> "no reply had two tokens or more in chunks of their own";
      case TTFO -> "no reply held output other than reasoning";
      case SCHEDULE_DELAY -> "no request was due at a moment that is known";
      default -> "no reply reported it";
    };
  }
}
