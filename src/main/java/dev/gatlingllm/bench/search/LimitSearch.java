package dev.gatlingllm.bench.search;

import dev.gatlingllm.bench.result.BenchmarkScores;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds the largest load that is sustained: by steps of two until the verdict changes, then by
 * halving the ratio in between until its ends are neighbours. A load that an interval leaves
 * undecided is measured again, and counts as not shown to be sustained if that does not help.
 */
public final class LimitSearch {

  /** How often a load is measured at most. */
  public static final int MOST_ROUNDS = 3;

  /** Of the intervals that decide; a limit needs no more, and rounds are dear. */
  public static final double CONFIDENCE = 0.99;

  private final SearchAxis axis;
  private final SearchObjectives objectives;
  private final Measure measure;
  private final Consumer<Point> onJudged;
  private final List<Point> points = new ArrayList<>();

  private LimitSearch(
      SearchAxis axis, SearchObjectives objectives, Measure measure, Consumer<Point> onJudged) {
    this.axis = axis;
    this.objectives = objectives;
    this.measure = measure;
    this.onJudged = onJudged;
  }

  /**
   * Searches, in the calling thread.
   *
   * @param onJudged is told of every point each time that it was measured and judged
   * @return what was found, also where measuring failed on the way
   */
  public static SearchResult run(
      SearchAxis axis, SearchObjectives objectives, Measure measure, Consumer<Point> onJudged) {
    LimitSearch search = new LimitSearch(axis, objectives, measure, onJudged);
    String failure = "";
    try {
      search.run();
    } catch (MeasureFailedException e) {
      failure = e.getMessage();
    }
    return new SearchResult(axis, objectives, CONFIDENCE, search.points, failure);
  }

  /** How many points a search measures at most, of as many as {@link #MOST_ROUNDS} rounds each. */
  public static int mostPoints(SearchAxis axis) {
    double ratio = Math.max(axis.start(), axis.end()) / Math.min(axis.start(), axis.end());
    int steps = 1 + (int) Math.ceil(Math.log(ratio) / Math.log(2));
    int halvings =
        (int) Math.ceil(Math.log(Math.log(2) / Math.log(1 + SearchAxis.STEP)) / Math.log(2));
    return steps + halvings;
  }

  private void run() throws MeasureFailedException {
    double value = axis.start();
    boolean first = isSustained(value);
    // climbing goes on while the load is sustained, descending until it is
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

  private void bisect(double sustained, double not) throws MeasureFailedException {
    double low = sustained;
    double high = not;
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
    BenchmarkScores all = null;
    Point point = null;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      BenchmarkScores more = measureAt(value, point);
      all = all == null ? more : all.plus(more);
      point = Point.judged(value, all, objectives, CONFIDENCE);
      onJudged.accept(point);
      if (point.verdict() != Sustained.UNDECIDED) {
        break;
      }
    }
    points.add(point);
    return point.verdict() == Sustained.YES;
  }

  private BenchmarkScores measureAt(double value, Point soFar) throws MeasureFailedException {
    try {
      return measure.at(axis.written(value));
    } catch (MeasureFailedException e) {
      if (soFar != null) {
        points.add(soFar);
      }
      throw new MeasureFailedException(
          axis.name() + "=" + axis.written(value) + " could not be measured: " + e.getMessage());
    }
  }
}
