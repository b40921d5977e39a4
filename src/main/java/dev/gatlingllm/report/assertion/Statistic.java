package dev.gatlingllm.report.assertion;

import dev.gatlingllm.metrics.ScopeSummary.Curve;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.text.Numbers;
import java.util.Arrays;

/**
 * What is taken of a metric's samples. Immutable.
 *
 * @param kind which one
 * @param percentile above 0, at most 100; 0 for the other kinds
 */
public record Statistic(Kind kind, double percentile) {

  /** The kinds of statistics. */
  enum Kind {
    MEAN("mean"),
    MIN("min"),
    MAX("max"),
    STANDARD_DEVIATION("standard deviation"),
    PERCENTILE("p");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  /** Arithmetic mean of the samples. */
  public static final Statistic MEAN = new Statistic(Kind.MEAN, 0);

  /** The least sample. */
  public static final Statistic MIN = new Statistic(Kind.MIN, 0);

  /** The greatest sample. */
  public static final Statistic MAX = new Statistic(Kind.MAX, 0);

  /** Of the samples as a population. */
  public static final Statistic STANDARD_DEVIATION = new Statistic(Kind.STANDARD_DEVIATION, 0);

  /**
   * The value that a share of the samples does not exceed.
   *
   * @param percentile above 0, at most 100
   * @throws IllegalArgumentException if it is none
   */
  public static Statistic percentile(double percentile) {
    if (!(percentile > 0 && percentile <= 100)) {
      throw new IllegalArgumentException(
          "percentile(%s): give a number above 0 and up to 100, such as 95".formatted(percentile));
    }
    return new Statistic(Kind.PERCENTILE, percentile);
  }

  /** To be given one metric's samples in both forms. */
  double of(Summary summary, Curve curve) {
    return switch (kind) {
      case MEAN -> summary.mean();
      case MIN -> summary.min();
      case MAX -> summary.max();
      case STANDARD_DEVIATION -> summary.stddev();
      case PERCENTILE -> percentile(summary, curve);
    };
  }

  /** The summary's where it has this one, which its histogram's own buckets gave. */
  private double percentile(Summary summary, Curve curve) {
    if (percentile == 50) {
      return summary.p50();
    } else if (percentile == 75) {
      return summary.p75();
    } else if (percentile == 90) {
      return summary.p90();
    } else if (percentile == 95) {
      return summary.p95();
    } else if (percentile == 99) {
      return summary.p99();
    } else if (percentile == 99.9) {
      return summary.p999();
    }
    return percentile(curve);
  }

  private double percentile(Curve curve) {
    long total = Arrays.stream(curve.counts()).sum();
    // a hair less, so that 99.9 % of 1,000 is sample 999 and not 1,000
    double share = Math.nextDown(percentile) / 100;
    long rank = Math.max(1, (long) Math.ceil(share * total));
    int i = 0;
    for (long seen = curve.counts()[0]; seen < rank; seen += curve.counts()[i]) {
      i++;
    }
    return curve.values()[i];
  }

  /** As it follows the name of a metric. */
  String words() {
    return kind == Kind.PERCENTILE ? kind.words + Numbers.plain(percentile) : kind.words;
  }
}
