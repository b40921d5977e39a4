package dev.gatlingllm.workload;

import static java.util.stream.Collectors.joining;

import dev.gatlingllm.text.Numbers;
import java.util.List;

/**
 * The rate of new users over time, in straight pieces. Immutable.
 *
 * @param legs one after the other
 */
public record ArrivalCurve(List<Leg> legs) {

  /** Takes a copy. */
  public ArrivalCurve {
    legs = List.copyOf(legs);
  }

  /**
   * A part of the curve.
   *
   * @param seconds its length, above 0
   * @param from users per second at its beginning, from 0
   * @param to users per second at its end, from 0
   */
  public record Leg(double seconds, double from, double to) {

    /** Returns the expected number of users. */
    double users() {
      return (from + to) / 2 * seconds;
    }

    /**
     * Returns when so many users are expected to have come: the root of {@code from·t + (to −
     * from)·t²/(2·seconds) = users}, in the form that does not cancel.
     *
     * @param users from 0 to {@link #users()}
     * @return seconds since the beginning of the leg
     */
    double secondsUntil(double users) {
      if (users <= 0 || users() == 0) {
        return 0;
      }
      double root = Math.sqrt(Math.max(0, from * from + 2 * (to - from) * users / seconds));
      return Math.min(seconds, 2 * users / (from + root));
    }

    @Override
    public String toString() {
      return Numbers.decimals(from, 3)
          + (from == to ? "" : " to " + Numbers.decimals(to, 3))
          + " per second during "
          + Numbers.decimals(seconds, 3)
          + " s";
    }
  }

  /** Returns the expected number of users. */
  public double users() {
    return legs.stream().mapToDouble(Leg::users).sum();
  }

  /** Returns the length in seconds. */
  public double seconds() {
    return legs.stream().mapToDouble(Leg::seconds).sum();
  }

  @Override
  public String toString() {
    return legs.stream().map(Leg::toString).collect(joining(" then "));
  }
}
