package dev.gatlingllm.metrics;

/**
 * A confidence interval. Immutable.
 *
 * @param low its lower end
 * @param high its upper end, not below the lower; both NaN where there is none
 */
public record Interval(double low, double high) {

  /** What is known of a figure that was measured too seldom. */
  public static final Interval UNKNOWN = new Interval(Double.NaN, Double.NaN);

  /** The values no further from a middle than half its width; unknown where that is not known. */
  public static Interval around(double middle, double halfWidth) {
    return new Interval(middle - halfWidth, middle + halfWidth);
  }

  /** Whether there is an interval at all. */
  public boolean isKnown() {
    return !Double.isNaN(low) && !Double.isNaN(high);
  }

  /** Whether a value lies in it, ends included; false where it is unknown. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  /** The interval of the figure times a factor of 0 or more. */
  public Interval times(double factor) {
    return new Interval(low * factor, high * factor);
  }
}
