package dev.gatlingllm.metrics;

import java.util.List;

/**
 * The conditions of goodput: upper limits that a response must meet, all of them. Immutable.
 *
 * @param all one per figure at most; empty where goodput is not asked for
 */
public record Objectives(List<Condition> all) {

  /** Goodput is not asked for. */
  public static final Objectives NONE = new Objectives(List.of());

  /** Copies the list. */
  public Objectives {
    all = List.copyOf(all);
  }

  /**
   * Reads objectives such as {@code ttft<500ms,tpot<=50ms,e2e<10s}: conditions on figures that a
   * single response has.
   *
   * @throws IllegalArgumentException if one is invalid or a figure has two; the message says what
   *     is allowed
   */
  public static Objectives parse(String text) {
    List<Condition> all = Condition.parseAll(text);
    for (Condition condition : all) {
      Figure figure = condition.indicator().figure();
      require(
          figure.isJudgeable(),
          condition,
          "cannot be judged per response; use " + String.join(", ", Figure.judgeable()));
      require(
          condition.indicator().statistic().equals(Statistic.MEAN),
          condition,
          "a single response has no statistics; write " + figure.key() + " alone");
      require(condition.comparison().wantsLess(), condition, "the sign must be < or <=");
      require(condition.limit() > 0, condition, "the limit must be above 0");
    }
    return new Objectives(all);
  }

  private static void require(boolean met, Condition condition, String problem) {
    if (!met) {
      throw new IllegalArgumentException("'" + condition + "': " + problem);
    }
  }

  /** Returns whether a response meets all of them; a failed response does not. */
  public boolean areMetBy(Response response) {
    boolean all = response.ok();
    for (boolean met : metBy(response)) {
      all &= met;
    }
    return all;
  }

  /** Which of them a response meets, in their order; a failed response meets none. */
  boolean[] metBy(Response response) {
    boolean[] met = new boolean[all.size()];
    for (int i = 0; response.ok() && i < met.length; i++) {
      met[i] = all.get(i).isMetBy(response);
    }
    return met;
  }
}
