package dev.gatlingllm.bench.search;

import static java.util.stream.Collectors.joining;

import dev.gatlingllm.text.Numbers;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The result of a search. Immutable.
 *
 * @param axis the searched parameter
 * @param objectives the conditions that had to be met
 * @param confidence of all intervals
 * @param points in the order in which they were measured; a point that was measured again is there
 *     once, with all of its iterations
 * @param failure why the search ended before it found the limit; empty if it found it
 */
public record SearchResult(
    SearchAxis axis,
    SearchObjectives objectives,
    double confidence,
    List<Point> points,
    String failure) {

  /** Copies the list. */
  public SearchResult {
    points = List.copyOf(points);
  }

  /** Returns the largest value that was shown to be sustained. */
  public Optional<Point> limit() {
    return points.stream()
        .filter(point -> point.verdict() == SearchVerdict.SUSTAINED)
        .reduce((a, b) -> a.value() > b.value() ? a : b);
  }

  /** Returns the smallest measured value above the limit. */
  public Optional<Point> next() {
    double above = limit().map(Point::value).orElse(0.0);
    return points.stream()
        .filter(point -> point.value() > above)
        .reduce((a, b) -> a.value() < b.value() ? a : b);
  }

  /** Returns whether the search found its limit. */
  public boolean isComplete() {
    return failure.isEmpty();
  }

  /**
   * Returns the points whose verdicts make the limit and at which the load generator could not keep
   * up: a limit between them may be its own.
   */
  private List<Point> late() {
    return Stream.of(limit(), next()).flatMap(Optional::stream).filter(Point::clientLate).toList();
  }

  /** Returns whether the limit was found, and is known to be that of the server. */
  public boolean isTrusted() {
    return limit().isPresent() && late().isEmpty();
  }

  /** Returns the result in a sentence. */
  public String summary() {
    String name = axis.name();
    StringBuilder text = new StringBuilder();
    Optional<Point> limit = limit();
    Optional<Point> next = next();
    if (limit.isPresent()) {
      text.append("Sustained: ").append(name).append('=').append(written(limit.get()));
      double rate = limit.get().outputTokensPerSecond();
      if (Double.isFinite(rate)) {
        text.append(" at ").append(Numbers.score(rate)).append(" output tokens/s");
      }
      text.append(
          next.map(point -> "; " + written(point) + " is " + because(point))
              .orElse(isComplete() ? ", the largest value searched; the limit may lie above" : ""));
    } else if (next.isPresent()) {
      text.append("Not sustained: even ").append(name).append('=');
      text.append(written(next.get())).append(" is ").append(because(next.get()));
    } else {
      text.append("Nothing was measured");
    }
    if (!isComplete()) {
      text.append(". The search stopped early: ").append(failure);
    }
    text.append(text.toString().endsWith(".") ? "" : ".");
    if (!late().isEmpty()) {
      text.append(" The load generator was late at ").append(name).append('=');
      text.append(late().stream().map(this::written).collect(joining(" and ")));
      text.append(": the limit may be its own.");
    }
    return text.toString();
  }

  private String written(Point point) {
    return axis.written(point.value());
  }

  private static String because(Point point) {
    StringBuilder text = new StringBuilder(point.verdict().toString());
    String separator = " (";
    for (Point.Check check : point.checks()) {
      if (check.verdict() == point.verdict()) {
        text.append(separator).append(check).append(", required: ").append(check.condition());
        separator = "; ";
      }
    }
    return text.append(')').toString();
  }
}
