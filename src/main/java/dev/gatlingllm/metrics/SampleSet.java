package dev.gatlingllm.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The {@link Figure}s of any replies, for a file that asks other percentiles than a {@link Summary}
 * has. Memory is bounded. Not safe for threads.
 */
public final class SampleSet {

  /**
   * One metric's samples, in its unit.
   *
   * @param percentiles as many as were asked for, in the same order
   */
  public record Figures(long count, double mean, double min, double max, double[] percentiles) {}

  private final Map<Figure, ValueHistogram> distributions = new EnumMap<>(Figure.class);

  /** Adds a good response's samples; of a failed one only what the client knows of itself. */
  public void add(Response response) {
    for (Figure figure : Figure.distributions()) {
      figure.samples(response, value -> add(figure, value));
    }
  }

  /** Adds one sample. */
  public void add(Figure metric, double value) {
    distributions
        .computeIfAbsent(metric, unseen -> new ValueHistogram(3, metric.ticksPerUnit()))
        .add(value);
  }

  /**
   * What the samples of a metric come to; empty where there is none.
   *
   * @param percentiles each from 0 to 100
   */
  public Optional<Figures> figures(Figure metric, double... percentiles) {
    return Optional.ofNullable(distributions.get(metric)).map(found -> figures(found, percentiles));
  }

  private static Figures figures(ValueHistogram distribution, double[] percentiles) {
    Buckets buckets = distribution.buckets();
    Summary summary = distribution.summary(buckets);
    double[] values = new double[percentiles.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = buckets.percentile(percentiles[i]);
    }
    return new Figures(summary.count(), summary.mean(), summary.min(), summary.max(), values);
  }
}
