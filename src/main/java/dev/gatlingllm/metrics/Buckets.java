package dev.gatlingllm.metrics;

import java.util.stream.DoubleStream;

/**
 * The filled buckets of a distribution, ascending; not to be modified.
 *
 * @param ends upper end of each bucket, in the metric's unit
 * @param counts samples in each bucket, all above 0
 * @param total samples in all buckets
 */
record Buckets(double[] ends, long[] counts, long total) {

  private static final int MAX_POINTS = 400;
  private static final int POINTS_PER_HALVING = 4;

  /** Down to one in 2<sup>30</sup>. */
  private static final int MAX_CURVE_POINTS = 30 * POINTS_PER_HALVING + 1;

  private static final double[] CUSTOMARY = {50, 75, 90, 95, 99, 99.9, 99.99, 99.999, 99.9999};

  /** The upper end of the bucket that holds the percentile, 0 to 100; there must be a sample. */
  double percentile(double percentile) {
    // a hair less, as HdrHistogram takes it, so that 99.9 % of 1,000 is sample 999 and not 1,000
    double share = Math.nextDown(percentile) / 100;
    long rank = Math.max(1, (long) Math.ceil(share * total));
    int i = 0;
    for (long seen = counts[0]; seen < rank; seen += counts[i]) {
      i++;
    }
    return ends[i];
  }

  /**
   * The values below which given shares lie, ever finer towards the greatest value: four to each
   * halving of what is left above, and the customary ones, for as long as at least one sample is
   * left; the greatest value ends it, at half a sample.
   */
  ScopeSummary.PercentileCurve percentileCurve() {
    double finest = 100 - 50.0 / total;
    double[] percentiles =
        DoubleStream.concat(
                DoubleStream.concat(
                    DoubleStream.iterate(1, left -> left * Math.pow(2, -1.0 / POINTS_PER_HALVING))
                        .limit(MAX_CURVE_POINTS)
                        .map(left -> 100 * (1 - left)),
                    DoubleStream.of(CUSTOMARY)),
                DoubleStream.of(finest))
            .filter(percentile -> percentile <= 100 - 100.0 / total || percentile == finest)
            .sorted()
            .distinct()
            .toArray();
    return new ScopeSummary.PercentileCurve(
        percentiles, DoubleStream.of(percentiles).map(this::percentile).toArray());
  }

  /**
   * The shape in at most {@value #MAX_POINTS} points. Where there are more buckets, as many
   * neighbours as needed become one; the sparse buckets of the tail span more, so that it keeps its
   * shape.
   */
  ScopeSummary.Curve curve() {
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
