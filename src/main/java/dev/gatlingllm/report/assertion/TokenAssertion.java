package dev.gatlingllm.report.assertion;

import dev.gatlingllm.metrics.Comparison;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.text.Numbers;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * An assertion on a token figure. Immutable.
 *
 * @param asserted the number that is asserted
 * @param comparison how it is compared
 * @param low the limit, or the lower one of two, in its unit
 * @param high the upper one of two; else the same as {@code low}
 */
public record TokenAssertion(Asserted asserted, Comparison comparison, double low, double high) {

  /** The greatest limit; a value more than 1.07 times as large is judged as that. */
  private static final double MAX_LIMIT = 2_000_000;

  /** Gatling judges integers: each unit is cut into so many ticks, so that values keep decimals. */
  private static final int TICKS_PER_UNIT = 1_000;

  /** Of a tick; sums of doubles are less exact. */
  private static final double ROUNDING = 1e-6;

  /**
   * The outcome of an assertion. Immutable.
   *
   * @param value the number, in its unit; empty if it was not measured
   * @param remark why it was not measured, or why a bound of it is judged; else null
   */
  public record Outcome(TokenAssertion assertion, OptionalDouble value, @Nullable String remark) {

    /** Returns whether the assertion holds; it does not if there is no value. */
    public boolean holds() {
      return value.isPresent()
          && assertion.comparison.holds(ticks(), assertion.lowTicks(), assertion.highTicks());
    }

    /**
     * Returns the value as Gatling judges it; there must be one. It is rounded away from the limit:
     * one response of a million is not 0 %.
     */
    public int ticks() {
      double found = value.getAsDouble();
      double ticks = found * TICKS_PER_UNIT;
      // a conversion to int keeps what is out of its range at the end of that
      if (found > assertion.high) {
        return (int) Math.ceil(ticks - ROUNDING);
      }
      return (int) (found < assertion.low ? Math.floor(ticks + ROUNDING) : Math.rint(ticks));
    }

    /** Returns the outcome for CI servers. */
    public TestCase testCase() {
      return holds()
          ? TestCase.held(assertion.words())
          : TestCase.failed(assertion.words(), found());
    }

    /** Returns what was found, for messages. */
    public String found() {
      if (value.isEmpty()) {
        return "it was not measured: " + remark;
      }
      double found = value.getAsDouble();
      double shown = found > MAX_LIMIT ? found : (double) ticks() / TICKS_PER_UNIT;
      return "it is " + assertion.words(shown) + (remark == null ? "" : " (" + remark + ")");
    }
  }

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException if a limit is not from 0 to 2,000,000, or the lower one is
   *     above the upper one
   */
  public TokenAssertion {
    requireInRange(comparison, low);
    requireInRange(comparison, high);
    if (low > high) {
      throw new IllegalArgumentException(
          "between(%s, %s): the lower limit must be the first".formatted(low, high));
    }
  }

  private static void requireInRange(Comparison comparison, double limit) {
    if (!(limit >= 0 && limit <= MAX_LIMIT)) {
      throw new IllegalArgumentException(
          "a token assertion's limit must be from 0 to 2,000,000 (a time up to 2,000 s), got '%s %s'"
              .formatted(comparison.words(), limit));
    }
  }

  /** Returns whether nearly any percentage meets it: the limit may be meant as a fraction of 1. */
  public boolean looksLikeFraction() {
    return asserted.symbol().equals("%")
        && (comparison == Comparison.GREATER || comparison == Comparison.GREATER_OR_EQUAL)
        && low > 0
        && low <= 1;
  }

  /** Returns the assertion in words, such as {@code TTFT p95 of answer is less than 800 ms}. */
  public String words() {
    return asserted.words()
        + " "
        + comparison.words()
        + " "
        + (comparison == Comparison.BETWEEN ? words(low) + " and " : "")
        + words(high);
  }

  private String words(double value) {
    return (Numbers.decimals(value, 3) + " " + asserted.symbol()).strip();
  }

  /** Returns the group under which Gatling's log has the value; its message begins with it. */
  public String group() {
    return words() + " (in " + (asserted.isTime() ? "microseconds" : "thousandths") + ")";
  }

  /** Returns the limit, or the lower one of two, as Gatling judges it. */
  public int lowTicks() {
    return ticks(low);
  }

  /** Returns the limit, or the upper one of two, as Gatling judges it. */
  public int highTicks() {
    return ticks(high);
  }

  private static int ticks(double value) {
    return (int) Math.rint(value * TICKS_PER_UNIT);
  }

  /** Returns the outcome of the assertion in a run. */
  public Outcome judge(RunSummary run) {
    boolean hasTwoSides = comparison == Comparison.BETWEEN || comparison == Comparison.EQUAL;
    Outcome outcome = outcome(run, comparison.wantsLess() || hasTwoSides);
    // of too few samples, the greatest may keep a limit that the least does not keep
    return hasTwoSides && outcome.holds() ? outcome(run, false) : outcome;
  }

  private Outcome outcome(RunSummary run, boolean wantsLess) {
    Asserted.Found found = asserted.in(run, wantsLess);
    return new Outcome(this, found.value(), found.remark());
  }
}
