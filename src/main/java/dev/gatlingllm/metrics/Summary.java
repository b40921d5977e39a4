package dev.gatlingllm.metrics;

/**
 * The distribution D of {@code tokens.json}: what a histogram says in a dozen numbers, in the unit
 * of its {@link Figure}. Immutable. A distribution without samples is {@code null}, not a row of
 * zeros.
 *
 * @param count samples
 * @param mean of the samples themselves, not of buckets
 * @param stddev of the samples themselves, as a population (divided by {@code count})
 * @param min the least sample, exact
 * @param p50 to 3 significant digits, as every percentile here, never beyond min or max
 * @param p75 see {@code p50}
 * @param p90 see {@code p50}
 * @param p95 see {@code p50}
 * @param p99 see {@code p50}
 * @param p999 percentile 99.9; see {@code p50}
 * @param max the greatest sample, exact
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
