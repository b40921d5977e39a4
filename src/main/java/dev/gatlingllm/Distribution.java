package dev.gatlingllm;

import java.util.random.RandomGenerator;

/**
 * How a length, a number of turns or a pause varies. Immutable; any thread may draw, each with its
 * own generator.
 *
 * <p>The text form is the one of the settings: {@code 128}, {@code uniform(a,b)}, {@code
 * normal(mean,sd)}, {@code lognormal(mean,sd)}, {@code poisson(mean)}, {@code exponential(mean)},
 * each with {@code .clamp(min,max)}.
 */
public sealed interface Distribution
    permits Distributions.Constant,
        Distributions.Uniform,
        Distributions.Normal,
        Distributions.LogNormal,
        Distributions.Poisson,
        Distributions.Exponential,
        Distributions.Clamped {

  /** Draws a value. */
  double draw(RandomGenerator random);

  /** Draws a whole number: the nearest to what {@link #draw} gives, ties up. */
  default int drawInt(RandomGenerator random) {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(Integer.MIN_VALUE, Math.round(draw(random))));
  }

  /** The smallest value that can be drawn; negative infinity where there is none. */
  double minimum();

  /** The largest value that can be drawn; positive infinity where there is none. */
  double maximum();

  /**
   * The same distribution with values outside a range moved to its ends.
   *
   * @throws IllegalArgumentException unless {@code min <= max}
   */
  default Distribution clamp(double min, double max) {
    return new Distributions.Clamped(this, min, max);
  }

  /** Always the same value. */
  static Distribution constant(double value) {
    return new Distributions.Constant(value);
  }

  /**
   * Every value from {@code min} to {@code max}, both included, is as likely as another.
   *
   * @throws IllegalArgumentException unless {@code min <= max}
   */
  static Distribution uniform(double min, double max) {
    return new Distributions.Uniform(min, max);
  }

  /**
   * The normal distribution.
   *
   * @throws IllegalArgumentException if {@code standardDeviation} is negative
   */
  static Distribution normal(double mean, double standardDeviation) {
    return new Distributions.Normal(mean, standardDeviation);
  }

  /**
   * The log-normal distribution of the given mean and standard deviation; these are the drawn
   * values' own, not those of their logarithm.
   *
   * @throws IllegalArgumentException unless {@code mean} is positive and {@code standardDeviation}
   *     not negative
   */
  static Distribution lognormal(double mean, double standardDeviation) {
    return new Distributions.LogNormal(mean, standardDeviation);
  }

  /**
   * The Poisson distribution.
   *
   * @throws IllegalArgumentException unless {@code mean} is from 0 to 1,000,000
   */
  static Distribution poisson(double mean) {
    return new Distributions.Poisson(mean);
  }

  /**
   * The exponential distribution.
   *
   * @throws IllegalArgumentException if {@code mean} is negative
   */
  static Distribution exponential(double mean) {
    return new Distributions.Exponential(mean);
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if the text is none; the message says what is wrong and lists
   *     the forms
   */
  static Distribution parse(String text) {
    return DistributionParser.parse(text);
  }
}
