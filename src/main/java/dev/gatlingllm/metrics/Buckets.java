package dev.gatlingllm.metrics;

import dev.gatlingllm.text.Require;
import java.util.Arrays;
import java.util.Collection;

/**
 * The filled buckets of a histogram, ascending. Arrays must not be modified.
 *
 * @param ends upper end of each bucket, in the metric's unit
 * @param counts samples in each bucket, all above 0
 * @param total samples in all buckets; 0 if there are none
 */
public record Buckets(double[] ends, long[] counts, long total) {

  private static final int MAX_POINTS = 400;
  private static final int POINTS_PER_HALVING = 4;

  /** Down to one in 2<sup>30</sup>. */
  private static final int MAX_CURVE_POINTS = 30 * POINTS_PER_HALVING + 1;

  /** The share above a point, as a part of that above the point before. */
  private static final double STEP = Math.pow(2, -1.0 / POINTS_PER_HALVING);

  private static final double[] USUAL = {50, 75, 90, 95, 99, 99.9, 99.99, 99.999, 99.9999};

  /**
   * Checks that the buckets are filled and ascending, and contain all samples.
   *
   * @throws IllegalArgumentException if they are not
   */
  public Buckets {
    boolean isFilled = ends.length == counts.length;
    for (int i = 0; isFilled && i < ends.length; i++) {
      isFilled = counts[i] > 0 && (i == 0 ? !Double.isNaN(ends[i]) : ends[i] > ends[i - 1]);
    }
    Require.that(isFilled, "counts", counts.length, "above 0, one for each of the ascending ends");
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    Require.that(sum == total, "total", total, "the sum of all counts");
  }

  /** Returns all samples of some histograms in one; empty, with a total of 0, for none. */
  public static Buckets pooled(Collection<Buckets> all) {
    Buckets pooled = new Buckets(new double[0], new long[0], 0);
    for (Buckets buckets : all) {
      pooled = pooled.and(buckets);
    }
    return pooled;
  }

  private Buckets and(Buckets other) {
    double[] bothEnds = new double[ends.length + other.ends.length];
    long[] bothCounts = new long[bothEnds.length];
    int size = 0;
    for (int i = 0, j = 0; i < ends.length || j < other.ends.length; size++) {
      int order =
          i == ends.length
              ? 1
              : j == other.ends.length ? -1 : Double.compare(ends[i], other.ends[j]);
      bothEnds[size] = order <= 0 ? ends[i] : other.ends[j];
      bothCounts[size] = (order <= 0 ? counts[i++] : 0) + (order >= 0 ? other.counts[j++] : 0);
    }
    return new Buckets(
        Arrays.copyOf(bothEnds, size), Arrays.copyOf(bothCounts, size), total + other.total);
  }

  /**
   * Returns a percentile by the estimator of {@link Percentile}, to the histogram's precision.
   *
   * @param percentile from 0 to 100
   */
  public double percentile(double percentile) {
    return Percentile.of(percentile, total, this::sampleAt);
  }

  /**
   * Returns a confidence interval of a percentile, which assumes nothing about the distribution.
   *
   * @param percentile above 0 and below 100
   * @param confidence of the interval, between 0 and 1, such as 0.95
   */
  public Interval percentileInterval(double percentile, double confidence) {
    return Percentile.interval(percentile, confidence, total, this::sampleAt);
  }

  /** Returns how many samples are in buckets that end at a value or above. */
  public long countFrom(double value) {
    long from = 0;
    for (int i = ends.length; i > 0 && ends[i - 1] >= value; i--) {
      from += counts[i - 1];
    }
    return from;
  }

  /** Returns the sum of the samples of these, to the histogram's precision. */
  public double sumFrom(double value) {
    double sum = 0;
    for (int i = ends.length; i > 0 && ends[i - 1] >= value; i--) {
      sum += counts[i - 1] * ends[i - 1];
    }
    return sum;
  }

  /** Returns the upper end of the bucket that holds the sample of a rank, from 1. */
  public double sampleAt(long rank) {
    int i = 0;
    for (long seen = counts[0]; seen < rank; seen += counts[i]) {
      i++;
    }
    return ends[i];
  }

  /**
   * Returns values by percentile, ever finer towards the greatest value: four to each halving of
   * the share above, and the usual ones, as long as at least one sample is above. The greatest
   * value is the last, at half a sample.
   */
  public ScopeSummary.PercentileCurve percentileCurve() {
    double finest = 100 - 50.0 / total;
    double coarsest = 100 - 100.0 / total;
    double[] percentiles = new double[MAX_CURVE_POINTS + USUAL.length + 1];
    int size = 0;
    double left = 1;
    for (int i = 0; i < MAX_CURVE_POINTS; i++) {
      percentiles[size] = 100 * (1 - left);
      size += percentiles[size] <= coarsest ? 1 : 0;
      left *= STEP;
    }
    for (double usual : USUAL) {
      percentiles[size] = usual;
      size += usual <= coarsest ? 1 : 0;
    }
    percentiles[size++] = finest;
    Arrays.sort(percentiles, 0, size);
    int distinct = 1;
    for (int i = 1; i < size; i++) {
      percentiles[distinct] = percentiles[i];
      distinct += percentiles[i] > percentiles[distinct - 1] ? 1 : 0;
    }
    percentiles = Arrays.copyOf(percentiles, distinct);
    double[] values = new double[distinct];
    for (int i = 0; i < distinct; i++) {
      values[i] = percentile(percentiles[i]);
    }
    return new ScopeSummary.PercentileCurve(percentiles, values);
  }

  /**
   * Returns the shape in at most {@value #MAX_POINTS} points. If there are more buckets, neighbours
   * are merged, the same number everywhere, so that the sparse tail keeps its shape.
   */
  public ScopeSummary.Curve curve() {
    int merged = Math.max(1, (ends.length + MAX_POINTS - 1) / MAX_POINTS);
    int points = (ends.length + merged - 1) / merged;
    double[] values = new double[points];
    long[] pooled = new long[points];
    for (int i = 0; i < ends.length; i++) {
      values[i / merged] = ends[i];
      pooled[i / merged] += counts[i];
    }
    return new ScopeSummary.Curve(values, pooled);
  }
}
