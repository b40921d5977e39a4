package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunSummary.Arrivals;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** When users arrived in the window of an open load, and when they were planned to. */
@Accumulator
final class ArrivalsAccumulator {

  /** Whether arrivals are recorded: those of a closed load depend on the server. */
  private boolean isOpen;

  private boolean isPlanned;

  /** Whether any user was seen, at any time: those without a conversation of a workload are not. */
  private boolean hasUsers;

  private Times actual = new Times();
  private Times planned = new Times();

  /** The same for each iteration, by its number, where the window keeps iterations apart. */
  private TreeMap<Integer, Times> actualOf = new TreeMap<>();

  private TreeMap<Integer, Times> plannedOf = new TreeMap<>();

  /** Notes that the load is open. */
  void setOpen(boolean isPlanned) {
    this.isOpen = true;
    this.isPlanned = isPlanned;
  }

  /**
   * Adds a user who arrived.
   *
   * @param sinceStart in nanoseconds since the start of the run, ascending
   */
  void add(long sinceStart, Window window) {
    hasUsers = true;
    add(sinceStart, window, actual, actualOf);
  }

  /** Adds a user who was planned to arrive. */
  void addPlanned(long sinceStart, Window window) {
    add(sinceStart, window, planned, plannedOf);
  }

  private static void add(
      long sinceStart, Window window, Times all, Map<Integer, Times> byIteration) {
    if (window.isMeasured(sinceStart)) {
      all.add(sinceStart);
      if (window.keepsIterationsApart()) {
        byIteration
            .computeIfAbsent(window.iterationAt(sinceStart), unseen -> new Times())
            .add(sinceStart);
      }
    }
  }

  /** Adds the users of another load generator. */
  void add(ArrivalsAccumulator other) {
    boolean isFirst = !actual.isSum;
    isPlanned = other.isPlanned && (isFirst || isPlanned);
    isOpen = other.isOpen && (isFirst || isOpen);
    hasUsers |= other.hasUsers;
    actual.add(other.actual);
    planned.add(other.planned);
  }

  /** Returns what is known, or null of a load that is not open, or whose users are not seen. */
  @Nullable Arrivals summary(double seconds) {
    return isOpen && hasUsers ? actual.summary(seconds, isPlanned ? planned : null) : null;
  }

  /** Returns the figures of an iteration; empty where they are not known. */
  Map<Figure, Double> figures(int iteration, double seconds) {
    Times plan = isPlanned ? plannedOf.get(iteration) : null;
    if (!isOpen || !hasUsers || (plan == null && !actualOf.containsKey(iteration))) {
      return Map.of();
    }
    return actualOf.getOrDefault(iteration, new Times()).summary(seconds, plan).figures();
  }

  /** Moments at which users arrive. */
  @Accumulator
  static final class Times {

    private transient @Nullable Long previous;
    private long users;

    /** Between two arrivals in the window, in seconds. */
    private Moments gaps = new Moments();

    /** Whether this adds up several load generators, between whose users no gaps are known. */
    private boolean isSum;

    void add(long sinceStart) {
      users++;
      if (previous != null) {
        gaps.add((sinceStart - previous) / 1e9);
      }
      previous = sinceStart;
    }

    void add(Times other) {
      isSum = true;
      users += other.users;
    }

    private @Nullable Double variation() {
      return isSum || gaps.count() < 2 || gaps.mean() == 0
          ? null
          : Double.valueOf(Math.sqrt(gaps.variance()) / gaps.mean());
    }

    private Arrivals summary(double seconds, @Nullable Times planned) {
      return new Arrivals(
          users,
          seconds > 0 ? users / seconds : 0,
          variation(),
          planned == null ? null : planned.summary(seconds, null));
    }
  }
}
