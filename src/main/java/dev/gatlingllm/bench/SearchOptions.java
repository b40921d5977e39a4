package dev.gatlingllm.bench;

import dev.gatlingllm.bench.search.SearchAxis;
import dev.gatlingllm.bench.search.SearchObjectives;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code -search} and {@code -objective} ask for. */
record SearchOptions(SearchAxis axis, SearchObjectives objectives) {

  static final String SEARCH = "-search";
  static final String OBJECTIVE = "-objective";

  /**
   * @param given values by option; empty where none of both is there
   * @throws IllegalArgumentException for one without the other, or what cannot be read
   */
  static Optional<SearchOptions> of(Map<String, String> given) {
    String search = given.get(SEARCH);
    String objective = given.get(OBJECTIVE);
    if (search == null && objective == null) {
      return Optional.empty();
    }
    if (search == null) {
      throw new IllegalArgumentException(
          OBJECTIVE + ": say what is searched, too, as in -search users=1..512");
    }
    if (objective == null) {
      throw new IllegalArgumentException(
          SEARCH + ": say what has to be kept, too, as in -objective \"ttft p95 < 800ms\"");
    }
    return Optional.of(
        new SearchOptions(SearchAxis.parse(search), SearchObjectives.parse(objective)));
  }

  /**
   * Gives the searched parameter values to be checked before the first fork: both ends, and one in
   * between.
   *
   * @throws IllegalArgumentException if it was given values already
   */
  void addTo(Map<String, Collection<String>> parameters) {
    if (parameters.containsKey(axis.name())) {
      throw new IllegalArgumentException(
          "-p " + axis.name() + ": it is searched; leave it out, or -search");
    }
    parameters.put(axis.name(), axis.examples());
  }

  /** Combinations that differ in other parameters than the searched one. */
  List<Combination> bases(List<Combination> all) {
    String any = axis.examples().get(0);
    return all.stream()
        .filter(combination -> combination.parameters().get(axis.name()).equals(any))
        .toList();
  }
}
