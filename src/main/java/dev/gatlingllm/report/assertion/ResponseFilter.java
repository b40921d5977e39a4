package dev.gatlingllm.report.assertion;

import dev.gatlingllm.metrics.Breakdown;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Selects the responses that an assertion is about. Immutable.
 *
 * @param request name of their request, or null for any
 * @param turn their turn, from 1, or null for any
 * @param group their prefix group, from 0, or null for any; not combined with the others
 * @param by the breakdown by which they are selected, or null; not combined with the others
 * @param value their value of that breakdown, or null without one
 */
public record ResponseFilter(
    @Nullable String request,
    @Nullable Integer turn,
    @Nullable Integer group,
    @Nullable Breakdown by,
    @Nullable String value) {

  /** Selects all responses of a run. */
  public static final ResponseFilter ALL = new ResponseFilter(null, null, null, null, null);

  private static final int MAX = 64;

  /**
   * Checks the selection.
   *
   * @throws IllegalArgumentException if a turn is not in 1 … 64, a group not in 0 … 63, a name is
   *     blank, or a group or a value of a breakdown comes together with another restriction
   */
  public ResponseFilter {
    if (request != null && request.isBlank()) {
      throw new IllegalArgumentException(
          "forRequest(\"\"): must be the request's name in the report");
    }
    if (turn != null && (turn < 1 || turn > MAX)) {
      throw new IllegalArgumentException(
          "forTurn(%d): must be from 1 to %d, which stands for all later turns"
              .formatted(turn, MAX));
    }
    if (group != null && (group < 0 || group >= MAX)) {
      throw new IllegalArgumentException(
          "forGroup(%d): must be from 0 to %d, which stands for all later groups"
              .formatted(group, MAX - 1));
    }
    if (by != null && (value == null || value.isBlank())) {
      throw new IllegalArgumentException(
          "%s(\"\"): must be the %s in the report".formatted(by.selector(), by.words()));
    }
    if (group != null && (request != null || turn != null || by != null)) {
      throw new IllegalArgumentException(
          "forGroup(%d): a group cannot be combined with other restrictions".formatted(group));
    }
    if (by != null && (request != null || turn != null)) {
      throw new IllegalArgumentException(
          "%s(\"%s\"): cannot be combined with other restrictions".formatted(by.selector(), value));
    }
  }

  /** Returns the same selection of one request. */
  public ResponseFilter ofRequest(String name) {
    return new ResponseFilter(name, turn, group, by, value);
  }

  /** Returns the same selection of one turn. */
  public ResponseFilter ofTurn(int number) {
    return new ResponseFilter(request, number, group, by, value);
  }

  /** Returns the same selection of one group. */
  public ResponseFilter ofGroup(int number) {
    return new ResponseFilter(request, turn, number, by, value);
  }

  /**
   * Returns the same selection of one value of a breakdown.
   *
   * @throws IllegalArgumentException if there is already one of another breakdown
   */
  public ResponseFilter of(Breakdown breakdown, String name) {
    if (by != null && by != breakdown) {
      throw new IllegalArgumentException(
          "%s(\"%s\"): cannot be combined with %s"
              .formatted(breakdown.selector(), name, by.selector()));
    }
    return new ResponseFilter(request, turn, group, breakdown, name);
  }

  /** Returns the selected responses of a run; empty if there are none. */
  Optional<ScopeSummary> in(RunSummary run) {
    if (group != null) {
      return Optional.ofNullable(run.byGroup().get(group));
    }
    if (by != null) {
      return Optional.ofNullable(run.by(by).get(value));
    }
    Optional<ScopeSummary> scope = requested(run);
    return turn == null ? scope : scope.map(of -> of.byTurn().get(turn));
  }

  private Optional<ScopeSummary> requested(RunSummary run) {
    return request == null
        ? Optional.of(run.overall())
        : Optional.ofNullable(run.byRequest().get(request));
  }

  /** Returns which names a run has instead; empty if that does not help. */
  String hint(RunSummary run) {
    if (request != null && !run.byRequest().containsKey(request)) {
      return "; the requests of this run are " + run.byRequest().keySet();
    }
    if (by != null) {
      return "; the " + by.words() + "s of this run are " + run.by(by).keySet();
    }
    if (turn == null) {
      return "";
    }
    Set<Integer> turns = requested(run).map(of -> of.byTurn().keySet()).orElse(Set.of());
    return turns.isEmpty()
        ? "; turns are kept of conversations, for the first 16 request names of each run"
        : "; the turns of these responses are " + turns;
  }

  /** Returns the selection in words that follow a figure's name; empty for all responses. */
  String words() {
    StringBuilder words = new StringBuilder();
    if (request != null) {
      words.append(" of ").append(onOneLine(request));
    }
    if (turn != null) {
      words.append(" of turn ").append(turn);
    }
    if (group != null) {
      words.append(" of group ").append(group);
    }
    if (by != null && value != null) {
      words.append(" of ").append(by.words()).append(' ').append(onOneLine(value));
    }
    return words.toString();
  }

  /** Gatling's log turns these characters into blanks. */
  private static String onOneLine(String name) {
    return name.replaceAll("[\\n\\r\\t]", " ");
  }
}
