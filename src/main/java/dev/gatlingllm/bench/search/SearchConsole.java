package dev.gatlingllm.bench.search;

import dev.gatlingllm.text.Numbers;
import java.util.List;
import java.util.stream.Collectors;

/** What a search says while it goes on, line by line as JMH's console does. */
public final class SearchConsole {

  private SearchConsole() {}

  /** What is going to be done. */
  public static List<String> plan(SearchAxis axis, SearchObjectives objectives) {
    return List.of(
        String.format(
            "# Search: the largest %s from %s to %s that keeps %s",
            axis.name(), axis.written(axis.start()), axis.written(axis.end()), objectives),
        String.format(
            "# Steps of two, then halving down to %s; at most %d points; intervals of %s; what is"
                + " undecided is measured up to %d times",
            Numbers.percentOf(SearchAxis.STEP),
            LimitSearch.mostPoints(axis),
            Numbers.percentOf(LimitSearch.CONFIDENCE),
            LimitSearch.MOST_ROUNDS));
  }

  /** A point that was measured. */
  public static String line(SearchAxis axis, Point point) {
    return String.format(
        "# Search %s=%s: %s after %d iterations: %s",
        axis.name(),
        axis.written(point.value()),
        point.verdict(),
        point.iterations(),
        point.checks().stream().map(Check::toString).collect(Collectors.joining(", ")));
  }
}
