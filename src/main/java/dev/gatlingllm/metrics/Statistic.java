package dev.gatlingllm.metrics;

import dev.gatlingllm.text.Numbers;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A statistic of a distribution, such as its mean. Immutable.
 *
 * @param kind which statistic
 * @param percentile from 1 to 100; 0 for the other kinds
 */
public record Statistic(Kind kind, double percentile) {

  /** The kinds of statistics. */
  public enum Kind {
    MEAN("mean", "mean"),
    MIN("min", "min"),
    MAX("max", "max"),
    STANDARD_DEVIATION("stddev", "standard deviation"),
    PERCENTILE("p", "p");

    private final String key;
    private final String words;

    Kind(String key, String words) {
      this.key = key;
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

  private static final Pattern PERCENTILE = Pattern.compile("p(\\d{1,2})(?:\\.?(\\d+))?");

  /**
   * The value that a share of the samples does not exceed.
   *
   * @param percentile from 1 to 100; what is less is likely meant as a fraction of 1
   * @throws IllegalArgumentException for any other percentile
   */
  public static Statistic percentile(double percentile) {
    if (!(percentile >= 1 && percentile <= 100)) {
      throw new IllegalArgumentException(
          "percentile(%s): must be from 1 to 100, such as 95".formatted(percentile));
    }
    return new Statistic(Kind.PERCENTILE, percentile);
  }

  /**
   * Reads {@code mean}, {@code min}, {@code max}, {@code stddev} or a percentile: {@code p95},
   * {@code p99.9} or {@code p999}, which are the same. Empty for any other text.
   */
  static Optional<Statistic> parse(String text) {
    if (text.equals("p100")) {
      return Optional.of(percentile(100));
    }
    Matcher percentile = PERCENTILE.matcher(text);
    if (percentile.matches()) {
      double value =
          Double.parseDouble(
              percentile.group(1) + "." + Optional.ofNullable(percentile.group(2)).orElse("0"));
      return value >= 1 ? Optional.of(percentile(value)) : Optional.empty();
    }
    for (Statistic other : new Statistic[] {MEAN, MIN, MAX, STANDARD_DEVIATION}) {
      if (other.kind.key.equals(text)) {
        return Optional.of(other);
      }
    }
    return Optional.empty();
  }

  /**
   * Returns this statistic of one distribution.
   *
   * @param buckets null where they were not kept; then NaN for a percentile that the summary lacks
   */
  double of(Summary summary, @Nullable Buckets buckets) {
    return switch (kind) {
      case MEAN -> summary.mean();
      case MIN -> summary.min();
      case MAX -> summary.max();
      case STANDARD_DEVIATION -> summary.stddev();
      case PERCENTILE -> {
        double kept = summary.percentile(percentile);
        yield Double.isNaN(kept) && buckets != null ? buckets.percentile(percentile) : kept;
      }
    };
  }

  /** Returns whether this is the greatest sample, also as {@code p100}. */
  public boolean takesGreatest() {
    return kind == Kind.MAX || percentile == 100;
  }

  /** Returns the name in scores and options: {@code mean}, {@code p95}, {@code p999}. */
  public String key() {
    if (kind != Kind.PERCENTILE) {
      return kind.key;
    }
    String number = Numbers.plain(percentile);
    return kind.key + (percentile < 10 ? number : number.replace(".", ""));
  }

  /** Returns the display name: {@code mean}, {@code p95}, {@code p99.9}. */
  public String words() {
    return kind.words + (kind == Kind.PERCENTILE ? Numbers.plain(percentile) : "");
  }
}
