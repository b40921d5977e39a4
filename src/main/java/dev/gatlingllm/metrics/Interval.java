package dev.gatlingllm.metrics;

/**
 * A confidence interval. Immutable.
 *
 * @param low lower end, or NaN if unknown
 * @param high upper end, not below the lower, or NaN if unknown
 */
public record Interval(double low, double high) {

  /** The interval of too few values. */
  public static final Interval UNKNOWN = new Interval(Double.NaN, Double.NaN);

  /** Returns the interval around a middle; unknown if either number is NaN. */
  public static Interval around(double middle, double halfWidth) {
    return new Interval(middle - halfWidth, middle + halfWidth);
  }

  /** Returns whether the interval is known. */
  public boolean isKnown() {
    return !Double.isNaN(low) && !Double.isNaN(high);
  }

  /** Returns whether a value lies in the interval, ends included; false if it is unknown. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  /** Returns both ends multiplied by a factor of 0 or more. */
  public Interval times(double factor) {
    return new Interval(low * factor, high * factor);
  }
}
