package dev.gatlingllm.bench.search;

import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.Percentile;

/**
 * How long responses take of which some have not ended, if these would have taken as long as others
 * of their age: the product-limit estimator of E. L. Kaplan and P. Meier (Journal of the American
 * Statistical Association 53, 1958). Where users leave by chance, the others tell how long their
 * responses would have taken; where all leave after a time, nothing is known beyond it. Immutable.
 */
final class ProductLimit {

  /** Of a product of shares. */
  private static final double ROUNDING = 1e-9;

  /** Fewer responses that ended last, with no other under way, tell little of those that left. */
  private static final int FEW = 10;

  /** They would stand for so many times as many responses as they are, those that left included. */
  private static final double FAR_MORE = 1.5;

  private final long total;
  private final long ended;
  private final double[] values;

  /** The share of responses that took longer than each value. */
  private final double[] longer;

  /** Greenwood's sums up to each value: the variance of {@link #longer} by its square. */
  private final double[] variances;

  private final double greatest;

  /**
   * Estimates from responses.
   *
   * @param unfinished by their age
   */
  ProductLimit(Buckets ended, Buckets unfinished) {
    this.total = ended.total() + unfinished.total();
    this.ended = ended.total();
    this.values = ended.ends();
    this.longer = new double[values.length];
    this.variances = new double[values.length];
    double[] ages = unfinished.ends();
    long atRisk = total;
    double share = 1;
    double variance = 0;
    int younger = 0;
    for (int i = 0; i < values.length; i++) {
      while (younger < ages.length && ages[younger] < values[i]) {
        atRisk -= unfinished.counts()[younger++];
      }
      long end = ended.counts()[i];
      // those who left may have been slower
      boolean isLast = end == atRisk && end < FEW && share * total > FAR_MORE * end;
      if (!isLast) {
        variance += (double) end / atRisk / (atRisk - end);
        share *= 1 - (double) end / atRisk;
      }
      atRisk -= end;
      longer[i] = share;
      variances[i] = variance;
    }
    this.greatest = Math.max(last(values), last(ages));
  }

  private static double last(double[] ascending) {
    return ascending.length == 0 ? 0 : ascending[ascending.length - 1];
  }

  /** Returns a percentile by the estimator of {@link Percentile}. */
  double percentile(double percentile) {
    return Percentile.of(percentile, total, rank -> atLeast((double) rank / total));
  }

  /**
   * Returns how long a share of the responses takes at most, or the greatest value or age where
   * fewer are known to end.
   *
   * @param share above 0 and up to 1
   */
  double atLeast(double share) {
    int i = indexOf(share);
    return i < values.length ? values[i] : greatest;
  }

  /** Returns the same, or infinity where fewer are known to end. */
  double atMost(double share) {
    int i = indexOf(share);
    return i < values.length ? values[i] : Double.POSITIVE_INFINITY;
  }

  /**
   * Returns the number of independent responses, all of which end, from which the share that takes
   * longer would be known as well at a quantile, or at the greatest value that is known.
   */
  double worth(double share) {
    int i = Math.min(indexOf(share), values.length - 1);
    double known = i < 0 ? 0 : (1 - longer[i]) / (longer[i] * variances[i]);
    return Double.isFinite(known) ? known : ended;
  }

  private int indexOf(double share) {
    int i = 0;
    while (i < values.length && 1 - longer[i] < share - ROUNDING) {
      i++;
    }
    return i;
  }
}
