package dev.gatlingllm.workload;

import dev.gatlingllm.text.Require;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of several load generators that share a workload: the i-th of n takes every n-th
 * conversation, so that all of them together have the same conversations as one alone.
 *
 * @param index this generator's number, from 1 to {@code count}
 * @param count number of generators, from 1
 * @param source where the numbers come from, in words for users
 */
public record Shard(int index, int count, String source) {

  /** The only generator. */
  public static final Shard WHOLE = new Shard(1, 1, "not set");

  /** Largest number of generators. */
  static final int MOST = 999_999;

  private static final String ALLOWED = "i/n with i from 1 to n, such as 1/4";
  private static final Pattern FORM = Pattern.compile("(\\d{1,6})\\s*/\\s*(\\d{1,6})");

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException unless {@code 1 <= index <= count}
   */
  public Shard {
    Require.that(index >= 1 && index <= count, "shard", index + "/" + count, ALLOWED);
  }

  /** Makes the shard that a simulation states. */
  public Shard(int index, int count) {
    this(index, count, "the simulation");
  }

  /**
   * Reads {@code i/n}.
   *
   * @throws IllegalArgumentException if the text is invalid
   */
  public static Shard parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    Require.that(form.matches(), "shard", text, "auto or " + ALLOWED);
    return new Shard(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)), "llm.shard");
  }

  /**
   * Returns the number of a conversation in the whole workload.
   *
   * @param own its number among this generator's conversations, from 0
   */
  public long conversation(long own) {
    return own * count + index - 1;
  }

  /**
   * Returns this generator's share of a number of users or conversations. Remainders go to the
   * first shards, as the conversations do.
   *
   * @param whole number of all generators together, from 0
   */
  public long share(long whole) {
    return (whole + count - index) / count;
  }

  /**
   * Returns whether a conversation belongs to this generator.
   *
   * @param conversation its number in the whole workload, from 0
   */
  public boolean has(long conversation) {
    return conversation % count == index - 1;
  }

  /** Returns whether a number of users or conversations leaves a shard without any. */
  public boolean isTooFew(long whole) {
    return whole > 0 && whole < count;
  }

  @Override
  public String toString() {
    return index + "/" + count;
  }
}
