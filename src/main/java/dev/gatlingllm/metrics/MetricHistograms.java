package dev.gatlingllm.metrics;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BiFunction;

/** A histogram for each figure that has samples. */
@Accumulator
public final class MetricHistograms {

  private int significantDigits;
  private EnumMap<Figure, ValueHistogram> histograms = new EnumMap<>(Figure.class);

  /** Creates histograms of 3 significant digits. */
  public MetricHistograms() {
    this(3);
  }

  /** Creates histograms of a precision in decimal digits. */
  MetricHistograms(int significantDigits) {
    this.significantDigits = significantDigits;
  }

  /** Adds samples to histograms of 3 significant digits. */
  void add(AddedSamples samples) {
    for (int i = 0; i < samples.size(); i++) {
      samples.addTo(histogram(samples.figure(i)), i);
    }
  }

  /** Adds the samples that a response has of one figure. */
  void add(Figure figure, Response response) {
    ValueHistogram known = histograms.get(figure);
    figure.samples(response, known == null ? value -> add(figure, value) : known);
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
      histogram = new ValueHistogram(significantDigits, figure.ticksPerUnit());
      histograms.put(figure, histogram);
    }
    return histogram;
  }

  boolean has(Figure figure) {
    return histograms.containsKey(figure);
  }

  void remove(Figure figure) {
    histograms.remove(figure);
  }

  /** Returns the filled buckets of each figure that has samples. */
  public Map<Figure, Buckets> buckets() {
    return map((figure, histogram) -> histogram.buckets());
  }

  /** Returns the statistics of each figure that has samples. */
  Map<Figure, Summary> summaries() {
    return map((figure, histogram) -> histogram.summary());
  }

  /** Returns the statistics of each figure that has samples; takes its {@link #buckets}. */
  public Map<Figure, Summary> summaries(Map<Figure, Buckets> buckets) {
    return map(
        (figure, histogram) -> {
          Buckets known = buckets.get(figure);
          return known == null ? histogram.summary() : histogram.summary(known);
        });
  }

  private <T> Map<Figure, T> map(BiFunction<Figure, ValueHistogram, T> function) {
    Map<Figure, T> results = new EnumMap<>(Figure.class);
    histograms.forEach(
        (figure, histogram) -> results.put(figure, function.apply(figure, histogram)));
    return Collections.unmodifiableMap(results);
  }
}
