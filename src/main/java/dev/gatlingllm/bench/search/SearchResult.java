package dev.gatlingllm.bench.search;

import java.util.List;
import java.util.Optional;

/**
 * What a search found. Immutable.
 *
 * @param axis what was searched
 * @param objectives that had to be kept
 * @param confidence of all intervals
 * @param points in the order in which they were measured; one that was measured again is there
 *     once, with all of its iterations
 * @param failure why the search ended before it had found the limit; empty where it did
 */
public record SearchResult(
    SearchAxis axis,
    SearchObjectives objectives,
    double confidence,
    List<Point> points,
    String failure) {

  /** Takes a copy. */
  public SearchResult {
    points = List.copyOf(points);
  }

  /** The largest value that was shown to be sustained. */
  public Optional<Point> limit() {
    return points.stream()
        .filter(point -> point.verdict() == Sustained.YES)
        .reduce((a, b) -> a.value() > b.value() ? a : b);
  }

  /** The smallest value above the limit that was measured and not shown to be sustained. */
  public Optional<Point> next() {
    double above = limit().map(Point::value).orElse(0.0);
    return points.stream()
        .filter(point -> point.value() > above)
        .reduce((a, b) -> a.value() < b.value() ? a : b);
  }

  /** Whether the search ended by itself. */
  public boolean isComplete() {
    return failure.isEmpty();
  }

  /** The result in a sentence. */
  public String summary() {
    String name = axis.name();
    StringBuilder text = new StringBuilder();
    Optional<Point> limit = limit();
    Optional<Point> next = next();
    if (limit.isPresent()) {
      text.append("Sustained: ").append(name).append('=').append(written(limit.get()));
      text.append(
          next.map(point -> "; " + written(point) + " is " + because(point))
              .orElse(isComplete() ? ", the largest value searched; the limit may lie above" : ""));
    } else if (next.isPresent()) {
      text.append("Nothing was shown to be sustained: even ").append(name).append('=');
      text.append(written(next.get())).append(" is ").append(because(next.get()));
    } else {
      text.append("Nothing was measured");
    }
    if (!isComplete()) {
      text.append(". The search stopped early: ").append(failure);
    }
    return text.append(text.toString().endsWith(".") ? "" : ".").toString();
  }

  private String written(Point point) {
    return axis.written(point.value());
  }

  private static String because(Point point) {
    StringBuilder text = new StringBuilder(point.verdict().toString());
    String separator = " (";
    for (Check check : point.checks()) {
      if (check.verdict() == point.verdict()) {
        text.append(separator).append(check).append(", asked for ").append(check.objective());
        separator = "; ";
      }
    }
    return text.append(')').toString();
  }
}
