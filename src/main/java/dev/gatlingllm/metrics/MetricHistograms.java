package dev.gatlingllm.metrics;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BiFunction;

/** A histogram for each figure that has samples, to 3 significant digits. */
@Accumulator
public final class MetricHistograms {

  private static final int SIGNIFICANT_DIGITS = 3;

  private EnumMap<Figure, ValueHistogram> histograms = new EnumMap<>(Figure.class);

  /** Adds the samples of a response; of a failed one only those about the client. */
  public void add(Response response) {
    for (Figure figure : Figure.distributions()) {
      ValueHistogram known = histograms.get(figure);
      figure.samples(response, known == null ? value -> add(figure, value) : known);
    }
  }

  /** Adds one sample, in the figure's unit. */
  public void add(Figure figure, double value) {
    histogram(figure).add(value);
  }

  void add(MetricHistograms other) {
    other.histograms.forEach((figure, histogram) -> histogram(figure).add(histogram));
  }

  private ValueHistogram histogram(Figure figure) {
    ValueHistogram histogram = histograms.get(figure);
    if (histogram == null) {
      histogram = new ValueHistogram(SIGNIFICANT_DIGITS, figure.ticksPerUnit());
      histograms.put(figure, histogram);
    }
    return histogram;
  }

  void remove(Figure figure) {
    histograms.remove(figure);
  }

  /** Returns the filled buckets of each figure that has samples. */
  public Map<Figure, Buckets> buckets() {
    return map((figure, histogram) -> histogram.buckets());
  }

  /** Returns the statistics of each figure that has samples; takes its {@link #buckets}. */
  public Map<Figure, Summary> summaries(Map<Figure, Buckets> buckets) {
    return map((figure, histogram) -> histogram.summary(buckets.get(figure)));
  }

  private <T> Map<Figure, T> map(BiFunction<Figure, ValueHistogram, T> function) {
    Map<Figure, T> results = new EnumMap<>(Figure.class);
    histograms.forEach(
        (figure, histogram) -> results.put(figure, function.apply(figure, histogram)));
    return Collections.unmodifiableMap(results);
  }
}
