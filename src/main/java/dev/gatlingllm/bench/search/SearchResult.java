package dev.gatlingllm.bench.search;

import static java.util.stream.Collectors.joining;

import dev.gatlingllm.text.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
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

  /** Returns those of the points whose verdicts make the limit that have a fault, in words. */
  private String faulty(Predicate<Point> fault) {
    return Stream.of(limit(), next())
        .flatMap(Optional::stream)
        .filter(fault)
        .map(this::load)
        .collect(joining(" and "));
  }

  /** Returns whether the limit was found, and is known to be that of the server. */
  public boolean isTrusted() {
    return isComplete()
        && limit().isPresent()
        && faulty(point -> point.clientLate() || point.cacheWarm() || point.otherLoad()).isEmpty();
  }

  /** Returns the smallest value above the limit that was shown not to be sustained. */
  public Optional<Point> broke() {
    double above = limit().map(Point::value).orElse(0.0);
    return points.stream()
        .filter(point -> point.value() > above && point.verdict() == SearchVerdict.NOT_SUSTAINED)
        .reduce((a, b) -> a.value() < b.value() ? a : b);
  }

  /**
   * Returns the result in sentences: the limit, what broke first, and what could not be decided.
   */
  public String summary() {
    List<String> sentences = new ArrayList<>();
    Optional<Point> limit = limit();
    limit.ifPresent(point -> sentences.add(met(point)));
    if (points.isEmpty()) {
      sentences.add("Nothing was measured");
    } else if (limit.isEmpty()) {
      sentences.add("No load was shown to meet every objective");
    }
    broke().ifPresent(point -> sentences.add(load(point) + " did not: " + because(point)));
    next()
        .filter(point -> point.verdict() == SearchVerdict.UNDECIDED)
        .ifPresent(
            point -> sentences.add(load(point) + " could not be decided: " + because(point)));
    if (!isComplete()) {
      sentences.add("The search stopped early: " + failure.replaceFirst("\\.$", ""));
    }
    String late = faulty(Point::clientLate);
    if (!late.isEmpty()) {
      sentences.add("The load generator was late at " + late + ": the limit may be its own");
    }
    String warm = faulty(Point::cacheWarm);
    if (!warm.isEmpty()) {
      sentences.add(
          "The server had prompts cached before they were sent at "
              + warm
              + ": the limit may be too high; use -cache reset or, for generated prompts, a new"
              + " llm.salt");
    }
    String shared = faulty(Point::otherLoad);
    if (!shared.isEmpty()) {
      sentences.add(
          "The server worked for others, too, at "
              + shared
              + ": the limit is not that of this load alone");
    }
    return String.join(". ", sentences) + ".";
  }

  private String met(Point limit) {
    double rate = limit.outputTokensPerSecond();
    return load(limit)
        + " met every objective"
        + (Double.isFinite(rate) ? ", at " + Numbers.score(rate) + " output tokens/s" : "")
        + (next().isEmpty() && isComplete()
            ? "; this is the largest load searched, and the limit may lie above"
            : "");
  }

  /** Returns a load in words, such as {@code 8 users} or {@code rate=0.5}. */
  private String load(Point point) {
    String value = axis.written(point.value());
    return axis.name().equals("users")
        ? value + (point.value() == 1 ? " user" : " users")
        : axis.name() + "=" + value;
  }

  /** Returns the values that decided, and what was required of them. */
  private static String because(Point point) {
    return point.checks().stream()
        .filter(check -> check.verdict() == point.verdict())
        .map(check -> check + ", required: " + check.condition())
        .collect(joining("; "));
  }
}
