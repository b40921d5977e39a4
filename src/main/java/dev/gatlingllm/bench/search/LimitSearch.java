package dev.gatlingllm.bench.search;

import dev.gatlingllm.bench.result.BenchmarkScores;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds the largest sustained load: doubles (or halves) the load until the verdict changes, then
 * bisects by ratio until both ends are neighbours. A load whose verdict is undecided is measured
 * again, and counts as not sustained if that does not decide it.
 */
public final class LimitSearch {

  /** The most times that one load is measured. */
  public static final int MAX_ROUNDS = 3;

  /** The confidence of the intervals that decide. */
  public static final double CONFIDENCE = 0.99;

  /** Measures a load. */
  @FunctionalInterface
  public interface Load {

    /**
     * Measures once more at a value of the searched parameter.
     *
     * @param value as the parameter takes it
     * @return the scores of new iterations
     * @throws MeasureFailedException if there is no result; the search ends with what it has
     */
    BenchmarkScores measure(String value) throws MeasureFailedException;
  }

  /** A load could not be measured; the message says why. */
  public static final class MeasureFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    public MeasureFailedException(String message) {
      super(message);
    }
  }

  private final SearchAxis axis;
  private final SearchObjectives objectives;
  private final Load load;
  private final Consumer<Point> onJudged;
  private final List<Point> points = new ArrayList<>();

  private LimitSearch(
      SearchAxis axis, SearchObjectives objectives, Load load, Consumer<Point> onJudged) {
    this.axis = axis;
    this.objectives = objectives;
    this.load = load;
    this.onJudged = onJudged;
  }

  /**
   * Searches, in the calling thread.
   *
   * @param onJudged receives every point each time that it was measured and judged
   * @return what was found, also if a measurement failed
   */
  public static SearchResult run(
      SearchAxis axis, SearchObjectives objectives, Load load, Consumer<Point> onJudged) {
    LimitSearch search = new LimitSearch(axis, objectives, load, onJudged);
    String failure = "";
    try {
      search.run();
    } catch (MeasureFailedException e) {
      failure = String.valueOf(e.getMessage());
    }
    return new SearchResult(axis, objectives, CONFIDENCE, search.points, failure);
  }

  /** Returns how many points a search measures at most, each up to {@link #MAX_ROUNDS} times. */
  public static int maxPoints(SearchAxis axis) {
    double ratio = Math.max(axis.start(), axis.end()) / Math.min(axis.start(), axis.end());
    int steps = 1 + (int) Math.ceil(Math.log(ratio) / Math.log(2));
    int halvings =
        (int) Math.ceil(Math.log(Math.log(2) / Math.log(1 + SearchAxis.STEP)) / Math.log(2));
    return steps + halvings;
  }

  private void run() throws MeasureFailedException {
    double value = axis.start();
    boolean first = isSustained(value);
    // a climbing search goes on while the load is sustained, a descending one until it is
    boolean expected = axis.climbs();
    if (first != expected) {
      return;
    }
    double before;
    do {
      if (value == axis.end()) {
        return;
      }
      before = value;
      value = axis.stepFrom(value);
    } while (isSustained(value) == expected);
    bisect(Math.min(before, value), Math.max(before, value));
  }

  private void bisect(double sustained, double notSustained) throws MeasureFailedException {
    double low = sustained;
    double high = notSustained;
    while (!axis.areNeighbours(low, high)) {
      double middle = axis.between(low, high);
      if (isSustained(middle)) {
        low = middle;
      } else {
        high = middle;
      }
    }
  }

  private boolean isSustained(double value) throws MeasureFailedException {
    BenchmarkScores all = measure(value, Optional.empty());
    Point point = judge(value, all);
    for (int round = 1; round < MAX_ROUNDS && isUndecided(point); round++) {
      all = all.plus(measure(value, Optional.of(point)));
      point = judge(value, all);
    }
    points.add(point);
    return point.verdict() == SearchVerdict.SUSTAINED;
  }

  private static boolean isUndecided(Point point) {
    return point.verdict() == SearchVerdict.UNDECIDED;
  }

  private Point judge(double value, BenchmarkScores scores) {
    Point point = Point.judged(value, scores, objectives, CONFIDENCE);
    onJudged.accept(point);
    return point;
  }

  private BenchmarkScores measure(double value, Optional<Point> soFar)
      throws MeasureFailedException {
    try {
      return load.measure(axis.written(value));
    } catch (MeasureFailedException e) {
      soFar.ifPresent(points::add);
      throw new MeasureFailedException(
          axis.name() + "=" + axis.written(value) + " could not be measured: " + e.getMessage());
    }
  }
}
