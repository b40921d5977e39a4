package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunState.DistributionState;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** The distribution of every metric over one scope. Not safe for threads. */
final class MetricHistograms {

  private final Map<Figure, ValueHistogram> distributions = new EnumMap<>(Figure.class);

  void accept(Response response) {
    for (Figure figure : Figure.distributions()) {
      figure.samples(response, value -> add(figure, value));
    }
  }

  private void add(Figure metric, double value) {
    distributions.computeIfAbsent(metric, MetricHistograms::empty).add(value);
  }

  private static ValueHistogram empty(Figure figure) {
    return new ValueHistogram(3, figure.ticksPerUnit());
  }

  void add(Map<Figure, DistributionState> others) {
    others.forEach(
        (metric, other) ->
            distributions.computeIfAbsent(metric, MetricHistograms::empty).add(other));
  }

  Map<Figure, DistributionState> state() {
    Map<Figure, DistributionState> states = new EnumMap<>(Figure.class);
    distributions.forEach((metric, distribution) -> states.put(metric, distribution.state()));
    return states;
  }

  /** The buckets of each metric that has samples. */
  Map<Figure, Buckets> buckets() {
    Map<Figure, Buckets> buckets = new EnumMap<>(Figure.class);
    distributions.forEach((metric, distribution) -> buckets.put(metric, distribution.buckets()));
    return buckets;
  }

  Map<Figure, Summary> summaries(Map<Figure, Buckets> buckets) {
    Map<Figure, Summary> summaries = new EnumMap<>(Figure.class);
    buckets.forEach(
        (metric, filled) -> summaries.put(metric, distributions.get(metric).summary(filled)));
    return Collections.unmodifiableMap(summaries);
  }

  static Map<Figure, ScopeSummary.PercentileCurve> percentileCurves(Map<Figure, Buckets> buckets) {
    Map<Figure, ScopeSummary.PercentileCurve> curves = new EnumMap<>(Figure.class);
    buckets.forEach((metric, filled) -> curves.put(metric, filled.percentileCurve()));
    return Collections.unmodifiableMap(curves);
  }

  static Map<Figure, ScopeSummary.Curve> curves(Map<Figure, Buckets> buckets) {
    Map<Figure, ScopeSummary.Curve> curves = new EnumMap<>(Figure.class);
    buckets.forEach((metric, filled) -> curves.put(metric, filled.curve()));
    return Collections.unmodifiableMap(curves);
  }
}
