package dev.gatlingllm.bench.search;

import dev.gatlingllm.text.Numbers;
import java.util.List;
import java.util.stream.Collectors;

/** The console lines of a search, in the form of JMH's. */
public final class SearchConsole {

  private SearchConsole() {}

  /** Returns the lines that announce a search. */
  public static List<String> plan(SearchAxis axis, SearchObjectives objectives) {
    return List.of(
        "# Search: the largest %s from %s to %s that meets %s"
            .formatted(
                axis.name(), axis.written(axis.start()), axis.written(axis.end()), objectives),
        ("# Doubling, then bisecting down to %s; at most %d points; intervals of %s; undecided"
                + " points are measured up to %d times")
            .formatted(
                Numbers.percentOf(SearchAxis.STEP),
                LimitSearch.maxPoints(axis),
                Numbers.percentOf(LimitSearch.CONFIDENCE),
                LimitSearch.MAX_ROUNDS));
  }

  /** Returns the line of a point that was measured. */
  public static String line(SearchAxis axis, Point point) {
    return "# Search %s=%s: %s after %d iterations: %s"
        .formatted(
            axis.name(),
            axis.written(point.value()),
            point.verdict(),
            point.iterations(),
            point.checks().stream().map(Point.Check::toString).collect(Collectors.joining(", ")));
  }
}
