package dev.gatlingllm.workload;

import dev.gatlingllm.text.Require;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Assigns conversations to groups by their number alone. Immutable.
 *
 * <p>After any number of conversations, each group of equal weight is within one conversation of
 * its share, and groups of unequal weight within a few. Every n-th conversation is balanced too, to
 * within 1 % of 2,000 conversations for any n, so that each of several load generators has balanced
 * groups.
 */
public final class GroupWeights {

  /**
   * How much later each round begins, as a share of all groups: √11. Of the square roots of small
   * numbers it balances up to 12 groups over up to 8 generators best.
   */
  private static final double ROUND_STEP = Math.sqrt(11);

  /** 1/φ as a fraction of 2^64; multiples wrap around as fractional parts do. */
  private static final long GOLDEN_FRACTION = 0x9E3779B97F4A7C15L;

  private static final Pattern ZIPF = Pattern.compile("zipf\\s*\\(([^()]*)\\)");

  private final String text;
  private final double[] upTo;
  private final boolean equal;

  private GroupWeights(String text, double[] weights, boolean equal) {
    this.text = text;
    this.equal = equal;
    this.upTo = new double[weights.length];
    double sum = Arrays.stream(weights).sum();
    double running = 0;
    for (int i = 0; i < weights.length; i++) {
      running += weights[i];
      upTo[i] = running / sum;
    }
  }

  /**
   * Returns groups of equal weight.
   *
   * @param groups from 1
   */
  public static GroupWeights equal(int groups) {
    return new GroupWeights("equal", DoubleStream.generate(() -> 1).limit(groups).toArray(), true);
  }

  /**
   * Returns groups whose weights follow Zipf's law: the r-th has 1/r^s of the first one's.
   *
   * @param groups from 1
   * @param exponent s, from 0
   * @throws IllegalArgumentException for a negative exponent
   */
  public static GroupWeights zipf(int groups, double exponent) {
    Require.that(
        exponent >= 0 && Double.isFinite(exponent),
        "groupWeights",
        "zipf(" + exponent + ")",
        "zipf(s) with s at least 0");
    double[] weights =
        IntStream.rangeClosed(1, groups).mapToDouble(rank -> Math.pow(rank, -exponent)).toArray();
    return new GroupWeights("zipf(" + exponent + ")", weights, false);
  }

  /**
   * Returns groups of given weights, in any unit.
   *
   * @throws IllegalArgumentException unless all are positive
   */
  public static GroupWeights of(double... weights) {
    Require.that(
        weights.length > 0
            && Arrays.stream(weights).allMatch(weight -> weight > 0 && Double.isFinite(weight)),
        "groupWeights",
        Arrays.toString(weights),
        "above 0");
    return new GroupWeights(Arrays.toString(weights), weights.clone(), false);
  }

  /**
   * Reads {@code equal}, {@code zipf(s)} or weights separated by commas.
   *
   * @param groups number of groups
   * @throws IllegalArgumentException if the text is invalid, or if there are not as many weights as
   *     groups
   */
  public static GroupWeights parse(String text, int groups) {
    if (text.equals("equal")) {
      return equal(groups);
    }
    Matcher zipf = ZIPF.matcher(text.toLowerCase(Locale.ROOT));
    if (zipf.matches()) {
      return zipf(groups, number(text, zipf.group(1)));
    }
    GroupWeights weights =
        of(Arrays.stream(text.split(",")).mapToDouble(part -> number(text, part)).toArray());
    Require.that(
        weights.groups() == groups,
        "groupWeights",
        weights.groups(),
        "a weight for each of " + groups + " groups");
    return weights;
  }

  private static double number(String text, String part) {
    try {
      return Double.parseDouble(part.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "groupWeights must be equal, zipf(s) or numbers such as 0.5,0.3,0.2, got " + text, e);
    }
  }

  /** Returns the number of groups. */
  public int groups() {
    return upTo.length;
  }

  /**
   * Returns the group of a conversation.
   *
   * @param conversation its number, from 0
   * @return from 0 to {@code groups() - 1}
   */
  public int groupOf(long conversation) {
    return equal ? roundRobin(conversation) : byShare(conversation);
  }

  /**
   * Each round begins with another group. Otherwise a generator with every n-th conversation could
   * have a few of the groups only.
   */
  private int roundRobin(long conversation) {
    long round = conversation / groups();
    long start = (long) (groups() * ((round * ROUND_STEP) % 1));
    return (int) ((conversation + start) % groups());
  }

  private int byShare(long conversation) {
    int found = Arrays.binarySearch(upTo, goldenPoint(conversation + 1));
    return Math.min(groups() - 1, found < 0 ? -found - 1 : found + 1);
  }

  /**
   * Returns the fractional part of k/φ: a sequence that fills the unit interval evenly at any
   * length (Knuth, <i>The Art of Computer Programming</i>, vol. 3, 6.4, theorem S).
   */
  static double goldenPoint(long k) {
    return ((k * GOLDEN_FRACTION) >>> 11) * 0x1p-53;
  }

  @Override
  public String toString() {
    return text;
  }
}
