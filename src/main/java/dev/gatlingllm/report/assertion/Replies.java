package dev.gatlingllm.report.assertion;

import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary;
import java.util.Optional;

/**
 * The replies that an assertion is about. Immutable.
 *
 * @param request name of their request, or null for every one
 * @param turn their turn, from 1, or null for every one
 * @param group their prefix group, from 0, or null for every one; not together with the others
 * @param scenario name of their scenario, or null for every one; not together with the others
 */
public record Replies(String request, Integer turn, Integer group, String scenario) {

  /** All of a run. */
  public static final Replies ALL = new Replies(null, null, null, null);

  private static final int MAX = 64;

  /**
   * Refuses what no run keeps apart.
   *
   * @throws IllegalArgumentException if a turn is not in 1 … 64, a group not in 0 … 63, a name is
   *     blank, or a group or a scenario comes together with another restriction
   */
  public Replies {
    if (request != null && request.isBlank()) {
      throw new IllegalArgumentException("forRequest(\"\"): give the request's name in the report");
    }
    if (turn != null && (turn < 1 || turn > MAX)) {
      throw new IllegalArgumentException(
          "forTurn(%d): turns count from 1, and those from %d on are one".formatted(turn, MAX));
    }
    if (group != null && (group < 0 || group >= MAX)) {
      throw new IllegalArgumentException(
          "forGroup(%d): groups count from 0, and those from %d on are one"
              .formatted(group, MAX - 1));
    }
    if (scenario != null && scenario.isBlank()) {
      throw new IllegalArgumentException("forScenario(\"\"): give the scenario's name");
    }
    if (group != null && (request != null || turn != null || scenario != null)) {
      throw new IllegalArgumentException(
          "forGroup(%d): a group is kept as a whole; leave out the other restrictions"
              .formatted(group));
    }
    if (scenario != null && (request != null || turn != null)) {
      throw new IllegalArgumentException(
          "forScenario(\"%s\"): a scenario is kept as a whole; leave out the other restrictions"
              .formatted(scenario));
    }
  }

  /** The same of one request. */
  public Replies ofRequest(String name) {
    return new Replies(name, turn, group, scenario);
  }

  /** The same of one turn. */
  public Replies ofTurn(int number) {
    return new Replies(request, number, group, scenario);
  }

  /** The same of one group. */
  public Replies ofGroup(int number) {
    return new Replies(request, turn, number, scenario);
  }

  /** The same of one scenario. */
  public Replies ofScenario(String name) {
    return new Replies(request, turn, group, name);
  }

  /** What a run knows of them; empty where it has none. */
  Optional<ScopeSummary> in(RunSummary run) {
    if (group != null) {
      return Optional.ofNullable(run.byGroup().get(group));
    }
    if (scenario != null) {
      return Optional.ofNullable(run.byScenario().get(scenario));
    }
    Optional<ScopeSummary> scope =
        request == null
            ? Optional.of(run.overall())
            : Optional.ofNullable(run.byRequest().get(request));
    return turn == null ? scope : scope.map(of -> of.byTurn().get(turn));
  }

  /** As it follows the name of a figure; empty for all replies. */
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
    if (scenario != null) {
      words.append(" of scenario ").append(onOneLine(scenario));
    }
    return words.toString();
  }

  /** Gatling reads its log back with such characters made blanks. */
  private static String onOneLine(String name) {
    return name.replaceAll("[\\n\\r\\t]", " ");
  }
}
