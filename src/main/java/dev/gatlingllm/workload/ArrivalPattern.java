package dev.gatlingllm.workload;

import dev.gatlingllm.text.Numbers;
import dev.gatlingllm.text.Require;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.math3.distribution.GammaDistribution;
import org.apache.commons.math3.random.AbstractRandomGenerator;

/**
 * How irregularly users arrive, as {@code llm.arrivals} has it. Immutable.
 *
 * @param kind how the times between arrivals are distributed
 * @param burstiness shape of the gamma distribution, 1 otherwise: below 1, users come in bursts,
 *     above 1 more evenly than by chance
 */
public record ArrivalPattern(Kind kind, double burstiness) {

  /** How the times between arrivals are distributed. */
  public enum Kind {
    /** Exponentially: users come independently of each other. */
    POISSON,
    /** All alike. */
    CONSTANT,
    /** By a gamma distribution. */
    GAMMA,
    /** As recorded in the trace that is replayed. */
    TRACE
  }

  /** Users come independently of each other. */
  public static final ArrivalPattern POISSON = new ArrivalPattern(Kind.POISSON, 1);

  /** Users come at equal distances. */
  public static final ArrivalPattern CONSTANT = new ArrivalPattern(Kind.CONSTANT, 1);

  /** Users come as recorded. */
  public static final ArrivalPattern TRACE = new ArrivalPattern(Kind.TRACE, 1);

  private static final double LEAST_BURSTINESS = 0.01;
  private static final double MOST_BURSTINESS = 1_000;
  private static final String FORMS = "poisson, constant, gamma(burstiness) or trace";
  private static final Pattern GAMMA = Pattern.compile("gamma\\s*\\(([^()]*)\\)");

  /** Returns gamma-distributed times: with 1 the same as {@link #POISSON}. */
  public static ArrivalPattern gamma(double burstiness) {
    Require.that(
        burstiness >= LEAST_BURSTINESS && burstiness <= MOST_BURSTINESS,
        "burstiness",
        Numbers.plain(burstiness),
        "from 0.01 to 1000");
    return new ArrivalPattern(Kind.GAMMA, burstiness);
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if the text is invalid; the message lists the forms
   */
  public static ArrivalPattern parse(String text) {
    Matcher gamma = GAMMA.matcher(text);
    if (gamma.matches()) {
      try {
        return gamma(Double.parseDouble(gamma.group(1)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "must be gamma(burstiness) with a burstiness from 0.01 to 1000, got " + text, e);
      }
    }
    return switch (text) {
      case "poisson" -> POISSON;
      case "constant" -> CONSTANT;
      case "trace" -> TRACE;
      default -> throw new IllegalArgumentException("must be " + FORMS + ", got " + text);
    };
  }

  /** Returns the source of times between arrivals, whose mean is 1. */
  DoubleSupplier gaps(RandomGenerator random) {
    return switch (kind) {
      case POISSON -> random::nextExponential;
      case CONSTANT -> () -> 1;
      case GAMMA -> new GammaDistribution(adapter(random), burstiness, 1 / burstiness)::sample;
      case TRACE -> throw new IllegalStateException("a trace has times of its own");
    };
  }

  private static AbstractRandomGenerator adapter(RandomGenerator random) {
    return new AbstractRandomGenerator() {
      @Override
      public void setSeed(long seed) {
        // seeded already
      }

      @Override
      public double nextDouble() {
        return random.nextDouble();
      }
    };
  }

  /** Returns the text form. */
  @Override
  public String toString() {
    return switch (kind) {
      case POISSON -> "poisson";
      case CONSTANT -> "constant";
      case GAMMA -> "gamma(" + Numbers.plain(burstiness) + ")";
      case TRACE -> "trace";
    };
  }
}
