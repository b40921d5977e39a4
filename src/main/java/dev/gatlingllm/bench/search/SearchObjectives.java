package dev.gatlingllm.bench.search;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All that a load has to keep to count as sustained. Immutable.
 *
 * @param all of them; one is always about failures
 */
public record SearchObjectives(List<SearchObjective> all) {

  /** In percent: what goes where nothing is said about failures. */
  private static final SearchObjective FEW_FAILURES =
      new SearchObjective(SearchObjective.FAILURES, SearchObjective.Comparison.AT_MOST, 1, "%");

  /** The metric that failures are a share of. */
  static final String REQUESTS = "requests";

  /** Takes a copy. */
  public SearchObjectives {
    all = List.copyOf(all);
  }

  /**
   * Reads objectives such as {@code ttft p95 < 800ms & tpot p95 < 50ms}. At most 1 % of the
   * requests may fail, unless one of them says otherwise.
   *
   * @throws IllegalArgumentException if one cannot be read or is there twice; the message names it
   *     and says what would be right
   */
  public static SearchObjectives parse(String text) {
    List<SearchObjective> all = new ArrayList<>();
    for (String piece : text.split("&", -1)) {
      SearchObjective objective = SearchObjective.parse(piece);
      if (all.stream().anyMatch(other -> other.metric().equals(objective.metric()))) {
        throw new IllegalArgumentException(
            "-objective: " + objective.metric() + " is there twice; keep the stricter one");
      }
      all.add(objective);
    }
    if (all.stream().noneMatch(SearchObjective::isAboutFailures)) {
      all.add(FEW_FAILURES);
    }
    return new SearchObjectives(all);
  }

  /** The names of all metrics that a measurement has to have. */
  public Set<String> metrics() {
    Set<String> metrics = new LinkedHashSet<>();
    all.forEach(objective -> metrics.add(objective.metric()));
    metrics.add(REQUESTS);
    return metrics;
  }

  @Override
  public String toString() {
    return all.stream().map(SearchObjective::toString).collect(Collectors.joining(" & "));
  }
}
