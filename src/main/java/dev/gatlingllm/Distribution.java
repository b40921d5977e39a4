package dev.gatlingllm;

import static dev.gatlingllm.text.Numbers.plain;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A probability distribution of lengths, numbers of turns or pauses. Immutable; any thread may
 * draw, each with its own generator.
 *
 * <p>The text form is the one of the settings: {@code 128}, {@code uniform(a,b)}, {@code
 * normal(mean,sd)}, {@code lognormal(mean,sd)}, {@code poisson(mean)}, {@code exponential(mean)},
 * each with or without {@code .clamp(min,max)}. Distributions with equal text forms are equal.
 * Parameters that a distribution does not allow are an {@link IllegalArgumentException}.
 */
public final class Distribution {

  private static final String FORMS =
      "a number, uniform(a,b), normal(mean,sd), lognormal(mean,sd), poisson(mean) or"
          + " exponential(mean), with or without .clamp(min,max)";

  private static final Pattern CALL = Pattern.compile("\\s*(\\w+)\\s*\\(([^()]*)\\)\\s*");

  /** Small enough for exp(−mean) to keep its precision in Knuth's product method. */
  private static final double POISSON_STEP = 32;

  private final String text;
  private final double minimum;
  private final double maximum;
  private final ToDoubleFunction<RandomGenerator> draw;
  private final ToIntFunction<RandomGenerator> drawInt;

  private Distribution(
      String text, double minimum, double maximum, ToDoubleFunction<RandomGenerator> draw) {
    this(text, minimum, maximum, draw, random -> rounded(draw.applyAsDouble(random)));
  }

  private Distribution(
      String text,
      double minimum,
      double maximum,
      ToDoubleFunction<RandomGenerator> draw,
      ToIntFunction<RandomGenerator> drawInt) {
    this.text = text;
    this.minimum = minimum;
    this.maximum = maximum;
    this.draw = draw;
    this.drawInt = drawInt;
  }

  private static int rounded(double value) {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(Integer.MIN_VALUE, Math.round(value)));
  }

  /** Returns the distribution with one value only, any finite one. */
  public static Distribution constant(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("must be a finite number, got " + value);
    }
    return new Distribution(plain(value), value, value, random -> value);
  }

  /**
   * Returns the uniform distribution from {@code min} to {@code max}, both included. Whole numbers
   * have equal chances too, including the two ends.
   */
  public static Distribution uniform(double min, double max) {
    String text = text("uniform", min, max);
    require(min <= max && Double.isFinite(max - min), text, "min must not be above max");
    ToDoubleFunction<RandomGenerator> draw = random -> min + random.nextDouble() * (max - min);
    long low = (long) Math.ceil(min);
    long high = (long) Math.floor(max);
    return low > high
        ? new Distribution(text, min, max, draw)
        : new Distribution(
            text, min, max, draw, random -> (int) (low + random.nextLong(high - low + 1)));
  }

  /** Returns the normal distribution with a standard deviation from 0. */
  public static Distribution normal(double mean, double standardDeviation) {
    String text = text("normal", mean, standardDeviation);
    require(
        Double.isFinite(mean) && standardDeviation >= 0,
        text,
        "the standard deviation must not be negative");
    boolean constant = standardDeviation == 0;
    return new Distribution(
        text,
        constant ? mean : Double.NEGATIVE_INFINITY,
        constant ? mean : Double.POSITIVE_INFINITY,
        random -> mean + standardDeviation * random.nextGaussian());
  }

  /**
   * Returns the log-normal distribution with a mean above 0 and a standard deviation from 0; these
   * are of the values, not of their logarithm.
   */
  public static Distribution lognormal(double mean, double standardDeviation) {
    String text = text("lognormal", mean, standardDeviation);
    require(
        mean > 0 && standardDeviation >= 0,
        text,
        "the mean must be positive, the standard deviation not negative");
    boolean constant = standardDeviation == 0;
    // with σ² = ln(1 + sd²/mean²) and μ = ln(mean) − σ²/2, exp(μ + σ·N(0,1)) has this mean and sd
    double variance = Math.log1p((standardDeviation / mean) * (standardDeviation / mean));
    double mu = Math.log(mean) - variance / 2;
    return new Distribution(
        text,
        constant ? mean : 0,
        constant ? mean : Double.POSITIVE_INFINITY,
        random -> Math.exp(mu + Math.sqrt(variance) * random.nextGaussian()));
  }

  /** Returns the Poisson distribution with a mean from 0 to 1,000,000. */
  public static Distribution poisson(double mean) {
    String text = text("poisson", mean);
    require(mean >= 0 && mean <= 1_000_000, text, "the mean must be from 0 to 1000000");
    return new Distribution(
        text, 0, mean == 0 ? 0 : Double.POSITIVE_INFINITY, random -> drawPoisson(mean, random));
  }

  /**
   * Knuth's product method (<i>The Art of Computer Programming</i>, vol. 2, 3.4.1), in steps: a
   * Poisson number of mean a + b is the sum of one of mean a and one of mean b.
   */
  private static double drawPoisson(double mean, RandomGenerator random) {
    long count = 0;
    for (double rest = mean; rest > 0; rest -= POISSON_STEP) {
      double limit = Math.exp(-Math.min(rest, POISSON_STEP));
      for (double product = random.nextDouble(); product > limit; product *= random.nextDouble()) {
        count++;
      }
    }
    return count;
  }

  /** Returns the exponential distribution with a mean from 0. */
  public static Distribution exponential(double mean) {
    String text = text("exponential", mean);
    require(mean >= 0 && Double.isFinite(mean), text, "the mean must not be negative");
    return new Distribution(
        text,
        0,
        mean == 0 ? 0 : Double.POSITIVE_INFINITY,
        random -> mean * random.nextExponential());
  }

  /** Returns the same distribution with values outside a range moved to its ends. */
  public Distribution clamp(Number lowest, Number highest) {
    double min = lowest.doubleValue();
    double max = highest.doubleValue();
    String clamped = text(text + ".clamp", min, max);
    require(min <= max, clamped, "min must not be above max");
    return new Distribution(
        clamped,
        Math.min(max, Math.max(min, minimum)),
        Math.max(min, Math.min(max, maximum)),
        random -> Math.min(max, Math.max(min, draw(random))),
        random -> (int) Math.min(Math.floor(max), Math.max(Math.ceil(min), drawInt(random))));
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if the text is invalid; the message lists the forms
   */
  public static Distribution parse(String text) {
    int clamp = text.indexOf(".clamp");
    if (clamp >= 0) {
      double[] range = arguments(text, text.substring(clamp + 1), "clamp", 2);
      return parse(text.substring(0, clamp)).clamp(range[0], range[1]);
    }
    Matcher call = CALL.matcher(text);
    if (!call.matches()) {
      return constant(number(text, text));
    }
    String name = call.group(1).toLowerCase(Locale.ROOT);
    return switch (name) {
      case "uniform" -> ofTwo(text, name, Distribution::uniform);
      case "normal" -> ofTwo(text, name, Distribution::normal);
      case "lognormal" -> ofTwo(text, name, Distribution::lognormal);
      case "poisson" -> poisson(arguments(text, text, name, 1)[0]);
      case "exponential" -> exponential(arguments(text, text, name, 1)[0]);
      default -> throw invalid(text, "unknown distribution " + name);
    };
  }

  private static Distribution ofTwo(
      String text, String name, BiFunction<Double, Double, Distribution> form) {
    double[] arguments = arguments(text, text, name, 2);
    return form.apply(arguments[0], arguments[1]);
  }

  private static double[] arguments(String text, String callText, String name, int count) {
    Matcher call = CALL.matcher(callText);
    if (!call.matches() || !call.group(1).equalsIgnoreCase(name)) {
      throw invalid(text, "invalid " + name + "(…)");
    }
    double[] values =
        Arrays.stream(call.group(2).split(",", -1))
            .mapToDouble(argument -> number(text, argument))
            .toArray();
    if (values.length != count) {
      throw invalid(text, name + " takes " + count + " number" + (count == 1 ? "" : "s"));
    }
    return values;
  }

  private static double number(String text, String part) {
    try {
      return Double.parseDouble(part.strip());
    } catch (NumberFormatException e) {
      throw invalid(text, "\"" + part.strip() + "\" is not a number");
    }
  }

  private static IllegalArgumentException invalid(String text, String why) {
    return new IllegalArgumentException("must be " + FORMS + ", got " + text + ": " + why);
  }

  private static void require(boolean condition, String distribution, String rule) {
    if (!condition) {
      throw new IllegalArgumentException(distribution + ": " + rule);
    }
  }

  /** Writes a call; NaN and infinities too, for error messages. */
  private static String text(String name, double... arguments) {
    StringBuilder text = new StringBuilder(name).append('(');
    for (double argument : arguments) {
      text.append(Double.isFinite(argument) ? plain(argument) : argument).append(',');
    }
    text.setCharAt(text.length() - 1, ')');
    return text.toString();
  }

  /** Draws a value. */
  public double draw(RandomGenerator random) {
    return draw.applyAsDouble(random);
  }

  /** Draws a whole number: the nearest to what {@link #draw} returns, ties up. */
  public int drawInt(RandomGenerator random) {
    return drawInt.applyAsInt(random);
  }

  /** Returns the smallest value that can be drawn; negative infinity without a limit. */
  public double minimum() {
    return minimum;
  }

  /** Returns the largest value that can be drawn; positive infinity without a limit. */
  public double maximum() {
    return maximum;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Distribution that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** Returns the text form, which {@link #parse} reads. */
  @Override
  public String toString() {
    return text;
  }
}
