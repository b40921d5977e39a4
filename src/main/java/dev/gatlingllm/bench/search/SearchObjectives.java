package dev.gatlingllm.bench.search;

import dev.gatlingllm.metrics.Comparison;
import dev.gatlingllm.metrics.Condition;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Figure.Unit;
import dev.gatlingllm.metrics.Indicator;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The conditions that a load must meet to count as sustained. Immutable.
 *
 * @param all the conditions; one is always about failures
 */
public record SearchObjectives(List<Condition> all) {

  /** Copies the list. */
  public SearchObjectives {
    all = List.copyOf(all);
  }

  /** What gets worse as a queue grows. */
  private static final Set<Figure> OF_QUEUES =
      EnumSet.of(Figure.TTFT, Figure.TTFO, Figure.E2E, Figure.NTPOT);

  /** What is known only of responses that ended, not of those whose users left. */
  private static final Set<Figure> OF_ENDED = EnumSet.of(Figure.E2E, Figure.NTPOT);

  /** The score that shows a queue where no condition does. */
  static final String QUEUE = Figure.TTFT.key();

  /** Used unless a condition is about failures. */
  private static final Condition FEW_FAILURES =
      new Condition(Indicator.of(Figure.FAILED_PERCENT), Comparison.LESS_OR_EQUAL, 1);

  /**
   * Reads conditions such as {@code ttft p95 < 800ms & tpot p95 < 50ms}. At most 1 % of the
   * requests may fail unless a condition sets another limit.
   *
   * @throws IllegalArgumentException if a condition is invalid; the message names the option and
   *     says what is allowed
   */
  public static SearchObjectives parse(String text) {
    List<Condition> all;
    try {
      all = new ArrayList<>(Condition.parseAll(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("-objective: " + e.getMessage(), e);
    }
    all.forEach(SearchObjectives::requireKnownEnds);
    all.forEach(SearchObjectives::requireRoomForFailures);
    if (all.stream().noneMatch(SearchObjectives::isAboutFailures)) {
      all.add(FEW_FAILURES);
    }
    return new SearchObjectives(all);
  }

  /**
   * Refuses times of conversations: iterations have those of completed ones alone, so that a slower
   * server, which completes only the short ones, would meet any limit.
   */
  private static void requireKnownEnds(Condition condition) {
    Figure figure = condition.indicator().figure();
    if (Figure.ofConversations().contains(figure) && figure.unit() == Unit.MILLISECONDS) {
      throw new IllegalArgumentException(
          "-objective: "
              + figure.key()
              + " is known of conversations that end within an iteration only; limit ttft, tpot or"
              + " e2e, or assert it of a run");
    }
  }

  /** Refuses a share of 100 % or 0 %: however many requests were good, another one may not be. */
  private static void requireRoomForFailures(Condition condition) {
    if (countsOf(condition).isEmpty()) {
      return;
    }
    boolean isAll = condition.isMetBy(100) && !condition.isMetBy(99.999);
    boolean isNone = condition.isMetBy(0) && !condition.isMetBy(0.001);
    if (isAll || isNone) {
      throw new IllegalArgumentException(
          "-objective: %s cannot be shown by any number of requests; the limit must be %s"
              .formatted(condition, isAll ? "below 100%, such as 99%" : "above 0%, such as 1%"));
    }
  }

  /** Returns the names of all scores that a measurement has to have. */
  public Set<String> scores() {
    Set<String> scores = new LinkedHashSet<>();
    for (Condition condition : all) {
      scores.add(scoreOf(condition));
      countsOf(condition).forEach(count -> scores.add(count.key()));
      if (lacksLeavers(condition)) {
        scores.add(Figure.ABANDONED.key());
      }
    }
    scores.add(Figure.REQUESTS.key());
    scores.add(Figure.DRAIN_REQUESTS.key());
    if (ignoreQueues()) {
      scores.add(QUEUE);
    }
    return scores;
  }

  /** Returns whether no condition is about a time that grows with the server's queue. */
  boolean ignoreQueues() {
    return all.stream()
        .map(condition -> condition.indicator().figure())
        .noneMatch(OF_QUEUES::contains);
  }

  /** Returns the name of the score that a condition is judged by, such as {@code ttft·p95}. */
  public static String scoreOf(Condition condition) {
    return isAboutFailures(condition) ? Figure.FAILURES.key() : condition.indicator().label();
  }

  /** Returns what a share of requests or conversations is of; empty for other figures. */
  static List<Figure> countsOf(Condition condition) {
    return switch (condition.indicator().figure()) {
      case GOODPUT_PERCENT -> List.of(Figure.REQUESTS);
      case INVALID_JSON_PERCENT -> List.of(Figure.JSON_RESPONSES);
      case DIFFERENT_PERCENT -> List.of(Figure.COMPARED_RESPONSES);
      case CONVERSATION_SUCCESS_PERCENT ->
          List.of(Figure.COMPLETED_CONVERSATIONS, Figure.FAILED_CONVERSATIONS);
      default -> List.of();
    };
  }

  /** Returns whether a condition limits what is not known of responses whose users left. */
  static boolean lacksLeavers(Condition condition) {
    return OF_ENDED.contains(condition.indicator().figure());
  }

  /** Returns whether a condition limits the share of failed requests. */
  static boolean isAboutFailures(Condition condition) {
    return condition.indicator().figure() == Figure.FAILED_PERCENT;
  }

  @Override
  public String toString() {
    return all.stream().map(Condition::toString).collect(Collectors.joining(" & "));
  }
}
