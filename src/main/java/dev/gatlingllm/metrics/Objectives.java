package dev.gatlingllm.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * What a response must keep to count for goodput: all of some {@linkplain Objective objectives}.
 * Immutable.
 *
 * @param all one for each figure at most; none where goodput is not asked for
 */
public record Objectives(List<Objective> all) {

  /** Goodput is not asked for. */
  public static final Objectives NONE = new Objectives(List.of());

  /** Takes a copy. */
  public Objectives {
    all = List.copyOf(all);
  }

  /**
   * Reads objectives such as {@code ttft<500ms,tpot<=50ms,e2e<10s}.
   *
   * @throws IllegalArgumentException if one cannot be read or a figure has two; the message says
   *     what would be right
   */
  public static Objectives parse(String text) {
    List<Objective> objectives = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Objective objective = Objective.parse(part);
      if (objectives.stream().anyMatch(other -> other.metric() == objective.metric())) {
        throw new IllegalArgumentException(
            objective.metric().key() + " has two objectives; keep the stricter one");
      }
      objectives.add(objective);
    }
    return new Objectives(objectives);
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
