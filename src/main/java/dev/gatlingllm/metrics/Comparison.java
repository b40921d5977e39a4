package dev.gatlingllm.metrics;

import java.util.Optional;
import java.util.stream.Stream;

/** Ways to compare a value with a limit, or with two. */
public enum Comparison {
  LESS("<", "is less than"),
  LESS_OR_EQUAL("<=", "is at most"),
  GREATER(">", "is greater than"),
  GREATER_OR_EQUAL(">=", "is at least"),
  EQUAL("=", "is"),
  /** From one limit to another, both included. */
  BETWEEN("in", "is between");

  private final String sign;
  private final String words;

  Comparison(String sign, String words) {
    this.sign = sign;
    this.words = words;
  }

  /** Finds a comparison by its sign. */
  static Optional<Comparison> ofSign(String sign) {
    return Stream.of(values()).filter(comparison -> comparison.sign.equals(sign)).findFirst();
  }

  /** Returns the sign in a condition, such as {@code <=}. */
  public String sign() {
    return sign;
  }

  /** Returns the words in an assertion's message, such as {@code is at most}. */
  public String words() {
    return words;
  }

  /**
   * Returns whether a value meets the limits.
   *
   * @param low the limit; of {@link #BETWEEN} the lower one
   * @param high the upper limit of {@link #BETWEEN}; else the same as {@code low}
   */
  public boolean holds(double value, double low, double high) {
    return switch (this) {
      case LESS -> value < high;
      case LESS_OR_EQUAL -> value <= high;
      case GREATER -> value > low;
      case GREATER_OR_EQUAL -> value >= low;
      case EQUAL, BETWEEN -> value >= low && value <= high;
    };
  }

  /** Returns whether smaller values are more likely to meet the limit. */
  public boolean wantsLess() {
    return this == LESS || this == LESS_OR_EQUAL;
  }
}
