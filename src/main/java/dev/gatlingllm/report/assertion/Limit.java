package dev.gatlingllm.report.assertion;

/**
 * What a figure must come to, in the figure's unit. Immutable.
 *
 * @param comparison how it is compared
 * @param low the limit, or the lower one of two, included
 * @param high the upper one of two, included; else the same as {@code low}
 */
public record Limit(Comparison comparison, double low, double high) {

  /** Ways to compare a figure with a limit. */
  public enum Comparison {
    LESS("lt", "is less than"),
    LESS_OR_EQUAL("lte", "is at most"),
    GREATER("gt", "is greater than"),
    GREATER_OR_EQUAL("gte", "is at least"),
    EQUAL("is", "is"),
    BETWEEN("between", "is between");

    private final String method;
    private final String words;

    Comparison(String method, String words) {
      this.method = method;
      this.words = words;
    }
  }

  /**
   * Refuses what no figure can be held against.
   *
   * @throws IllegalArgumentException if a limit is negative, no number or above 2 million ms,
   *     tokens or whatever the figure counts, or the lower one is above the upper one
   */
  public Limit {
    refuseUnlessPossible(comparison, low);
    refuseUnlessPossible(comparison, high);
    if (low > high) {
      throw new IllegalArgumentException(
          "between(%s, %s): give the lower limit first".formatted(low, high));
    }
  }

  private static void refuseUnlessPossible(Comparison comparison, double limit) {
    if (!(limit >= 0 && limit <= Unit.GREATEST)) {
      throw new IllegalArgumentException(
          "%s(%s): a limit of an assertion lies in 0 … 2,000,000; of a time, 2,000 seconds"
              .formatted(comparison.method, limit));
    }
  }

  /** A limit of one number. */
  public static Limit of(Comparison comparison, double limit) {
    return new Limit(comparison, limit, limit);
  }

  boolean allows(double value, Unit unit) {
    int ticks = unit.ticks(value);
    int least = unit.ticks(low);
    int greatest = unit.ticks(high);
    return switch (comparison) {
      case LESS -> ticks < greatest;
      case LESS_OR_EQUAL -> ticks <= greatest;
      case GREATER -> ticks > least;
      case GREATER_OR_EQUAL -> ticks >= least;
      case EQUAL, BETWEEN -> ticks >= least && ticks <= greatest;
    };
  }

  String words(Unit unit) {
    return comparison.words
        + " "
        + (comparison == Comparison.BETWEEN ? unit.words(low) + " and " : "")
        + unit.words(high);
  }
}
