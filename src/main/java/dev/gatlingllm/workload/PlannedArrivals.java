package dev.gatlingllm.workload;

import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.text.Numbers;
import dev.gatlingllm.text.Require;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.function.DoubleSupplier;

/**
 * When the users of a load arrive. The seed decides, so all runs and all shards have the same
 * arrivals. Times are drawn while they are read, and none are kept: memory does not depend on the
 * length of the load. Immutable; any thread may call.
 *
 * <p>The number of users is the expected one, rounded to the nearest whole number. With n users, n
 * + 1 times between arrivals are drawn and scaled so that they fill the load; what is random is
 * where users come, and not how many. A Poisson process of which n arrivals are known is exactly
 * this. Where the rate changes, the scaled times are expected numbers of users, and a user arrives
 * when so many are expected (time-rescaling theorem; E. N. Brown et al., <i>Neural Computation</i>
 * 14, 2002). At {@link ArrivalPattern#CONSTANT equal distances}, the first user comes at once.
 */
public final class PlannedArrivals {

  /** The most users of a load: drawing more would take minutes before the first one comes. */
  public static final long MOST_USERS = 1_000_000_000;

  /** Tells the random numbers of arrivals from those of conversations. */
  private static final long ARRIVALS = 0x0A77;

  private final ArrivalCurve curve;
  private final ArrivalPattern pattern;
  private final long seed;
  private final long users;
  private final double scale;

  /**
   * Draws all times between arrivals once, for their sum: takes about a second for ten million.
   *
   * @param number of the load among those of a simulation, from 0, so that they differ
   */
  public PlannedArrivals(ArrivalCurve curve, ArrivalPattern pattern, long seed, int number) {
    this.curve = curve;
    this.pattern = pattern;
    this.seed = SeededRandom.of(seed, ARRIVALS, number).nextLong();
    double expected = curve.users();
    Require.that(
        expected <= MOST_USERS,
        "users",
        Numbers.plain(expected),
        "at most " + Numbers.grouped(MOST_USERS));
    users = Math.round(expected);
    DoubleSupplier gaps = gaps();
    double sum = 0;
    for (long gap = isEven() ? 1 : 0; gap <= users; gap++) {
      sum += gaps.getAsDouble();
    }
    scale = sum == 0 ? 0 : expected / sum;
  }

  private boolean isEven() {
    return pattern.equals(ArrivalPattern.CONSTANT);
  }

  private DoubleSupplier gaps() {
    return pattern.gaps(SeededRandom.of(seed));
  }

  /** Returns the number of users. */
  public long users() {
    return users;
  }

  /** Returns the length of the load in nanoseconds. */
  public long lengthNanos() {
    return Math.round(curve.seconds() * 1e9);
  }

  /** Returns when users arrive, ascending, in nanoseconds since the beginning of the load. */
  public PrimitiveIterator.OfLong nanos() {
    return new Times();
  }

  private final class Times implements PrimitiveIterator.OfLong {

    private final DoubleSupplier gaps = gaps();
    private final Iterator<ArrivalCurve.Leg> following = curve.legs().iterator();
    private ArrivalCurve.Leg leg = following.next();
    private double secondsBefore;
    private double usersBefore;
    private double sum;
    private long next;

    @Override
    public boolean hasNext() {
      return next < users;
    }

    @Override
    public long nextLong() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      if (next > 0 || !isEven()) {
        sum += gaps.getAsDouble();
      }
      next++;
      double expected = sum * scale;
      // a user at the end of a leg belongs to the beginning of the next one that has users
      while (expected - usersBefore >= leg.users() && following.hasNext()) {
        usersBefore += leg.users();
        secondsBefore += leg.seconds();
        leg = following.next();
      }
      double at = secondsBefore + leg.secondsUntil(expected - usersBefore);
      return Math.min(lengthNanos(), Math.round(at * 1e9));
    }
  }

  @Override
  public String toString() {
    return pattern + " arrivals of " + curve;
  }
}
