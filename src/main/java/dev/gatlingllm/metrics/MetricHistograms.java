package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunState.DistributionState;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The distribution of every metric over one scope, from the {@link Samples} of its replies. Not
 * safe for threads.
 */
final class MetricHistograms {

  private final Map<Metric, ValueHistogram> distributions = new EnumMap<>(Metric.class);

  void accept(Response response) {
    Samples.of(response, this::add);
  }

  private void add(Metric metric, double value) {
    distributions.computeIfAbsent(metric, MetricHistograms::empty).add(value);
  }

  private static ValueHistogram empty(Metric metric) {
    if (metric.unit() == Metric.Unit.MILLISECONDS) {
      return ValueHistogram.ofMillis(3);
    }
    return new ValueHistogram(3, metric == Metric.TOKENS_PER_CHUNK ? 1_000 : 1);
  }

  void add(Map<Metric, DistributionState> others) {
    others.forEach(
        (metric, other) ->
            distributions.computeIfAbsent(metric, MetricHistograms::empty).add(other));
  }

  Map<Metric, DistributionState> state() {
    Map<Metric, DistributionState> states = new EnumMap<>(Metric.class);
    distributions.forEach((metric, distribution) -> states.put(metric, distribution.state()));
    return states;
  }

  /** The buckets of each metric that has samples. */
  Map<Metric, Buckets> buckets() {
    Map<Metric, Buckets> buckets = new EnumMap<>(Metric.class);
    distributions.forEach((metric, distribution) -> buckets.put(metric, distribution.buckets()));
    return buckets;
  }

  Map<Metric, Summary> summaries(Map<Metric, Buckets> buckets) {
    Map<Metric, Summary> summaries = new EnumMap<>(Metric.class);
    buckets.forEach(
        (metric, filled) -> summaries.put(metric, distributions.get(metric).summary(filled)));
    return Collections.unmodifiableMap(summaries);
  }

  static Map<Metric, ScopeSummary.PercentileCurve> percentileCurves(Map<Metric, Buckets> buckets) {
    Map<Metric, ScopeSummary.PercentileCurve> curves = new EnumMap<>(Metric.class);
    buckets.forEach((metric, filled) -> curves.put(metric, filled.percentileCurve()));
    return Collections.unmodifiableMap(curves);
  }

  static Map<Metric, ScopeSummary.Curve> curves(Map<Metric, Buckets> buckets) {
    Map<Metric, ScopeSummary.Curve> curves = new EnumMap<>(Metric.class);
    buckets.forEach((metric, filled) -> curves.put(metric, filled.curve()));
    return Collections.unmodifiableMap(curves);
  }
}
