package dev.gatlingllm.metrics;

/**
 * The statistics of a histogram in the unit of its {@link Figure}: a distribution in {@code
 * tokens.json}. Immutable. Without samples there is no summary, instead of a row of zeros.
 *
 * @param count number of samples
 * @param mean exact arithmetic mean, not that of the buckets
 * @param stddev exact standard deviation as a population (divided by {@code count})
 * @param min exact minimum
 * @param p50 to 3 significant digits, as every percentile here, never beyond min or max
 * @param p75 see {@code p50}
 * @param p90 see {@code p50}
 * @param p95 see {@code p50}
 * @param p99 see {@code p50}
 * @param p999 percentile 99.9; see {@code p50}
 * @param max exact maximum
 */
public record Summary(
    long count,
    double mean,
    double stddev,
    double min,
    double p50,
    double p75,
    double p90,
    double p95,
    double p99,
    double p999,
    double max) {

  /** Returns one of the percentiles above, or NaN for any other. */
  double percentile(double percentile) {
    double[] known = {50, p50, 75, p75, 90, p90, 95, p95, 99, p99, 99.9, p999};
    for (int i = 0; i < known.length; i += 2) {
      if (known[i] == percentile) {
        return known[i + 1];
      }
    }
    return Double.NaN;
  }
}
