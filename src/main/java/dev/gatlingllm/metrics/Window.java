package dev.gatlingllm.metrics;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Which part of a run is measured, and in which iterations. Immutable, for any thread.
 *
 * <p>A run is one continuous load. The window is a span of its wall time that opens {@code warmUp}
 * after the first request was written and is cut into successive iterations. A reply belongs to the
 * iteration in which it ends, a token to the one in which it arrives; a moment on a border belongs
 * to the later side. What lies before the window is warm-up and what lies after it is neither: both
 * are kept out of every total, rate and distribution.
 *
 * <p>The length of the window, by which every rate is divided, counts from the end of the warm-up
 * to the end of the last iteration, or to the end of the run's last reply where that is earlier: an
 * open-ended run, and one that was cut short, are not diluted by time in which nothing was left to
 * do.
 */
public final class Window {

  /** The iteration of what lies before the window. */
  static final int WARM_UP = 0;

  /** The iteration of what lies after the window. */
  static final int AFTER = -1;

  /** What lies after the window, told apart from the numbers of a warm-up's iterations. */
  static final int AFTER_ALL = Integer.MAX_VALUE;

  /** Nanoseconds since the first request: the end of each part of the warm-up and iteration. */
  private final long[] ends;

  /** How many of them are warm-up, from 1. */
  private final int warmUps;

  private final boolean apart;

  private Window(long[] ends, int warmUps, boolean apart) {
    this.ends = ends;
    this.warmUps = warmUps;
    this.apart = apart;
  }

  /**
   * One iteration from the end of the warm-up to the end of the last reply.
   *
   * @param warmUp zero or longer
   * @throws IllegalArgumentException if {@code warmUp} is negative
   */
  public static Window openEnded(Duration warmUp) {
    return new Window(new long[] {notNegative(warmUp), Long.MAX_VALUE}, 1, false);
  }

  /**
   * Iterations of given lengths, back to back, after the warm-up.
   *
   * @param warmUp zero or longer
   * @param iterations one or more, each longer than zero
   * @throws IllegalArgumentException if a duration is out of its range or there is no iteration
   */
  public static Window of(Duration warmUp, List<Duration> iterations) {
    return backToBack(List.of(warmUp), iterations, false);
  }

  /**
   * Iterations whose figures are kept apart, too, those of the warm-up included.
   *
   * @param warmUp lengths of the warm-up's iterations, each longer than zero; may be none
   * @param iterations one or more, each longer than zero
   * @throws IllegalArgumentException if a duration is out of its range or there is no iteration
   */
  public static Window ofIterations(List<Duration> warmUp, List<Duration> iterations) {
    if (warmUp.contains(Duration.ZERO)) {
      throw new IllegalArgumentException("a warm-up iteration must be longer than zero");
    }
    return backToBack(warmUp.isEmpty() ? List.of(Duration.ZERO) : warmUp, iterations, true);
  }

  private static Window backToBack(
      List<Duration> warmUp, List<Duration> iterations, boolean apart) {
    if (iterations.isEmpty()) {
      throw new IllegalArgumentException("a window needs at least one iteration");
    }
    long[] ends = new long[warmUp.size() + iterations.size()];
    long end = 0;
    for (int i = 0; i < warmUp.size(); i++) {
      ends[i] = end = Math.addExact(end, notNegative(warmUp.get(i)));
    }
    for (int i = 0; i < iterations.size(); i++) {
      long length = notNegative(iterations.get(i));
      if (length == 0) {
        throw new IllegalArgumentException("iteration " + (i + 1) + " must be longer than zero");
      }
      ends[warmUp.size() + i] = end = Math.addExact(end, length);
    }
    return new Window(ends, warmUp.size(), apart);
  }

  /** The moment of an iteration, named by its label, that is nearest to a moment. */
  long nearestIn(String label, long sinceStart) {
    if (label.equals(label(WARM_UP))) {
      return Math.min(sinceStart, warmUpNanos() - 1);
    }
    if (label.equals(label(AFTER))) {
      return Math.max(sinceStart, closeNanos());
    }
    int index = Math.min(Integer.parseInt(label) + warmUps, ends.length) - 1;
    return Math.max(ends[index - 1], Math.min(ends[index] - 1, sinceStart));
  }

  /** The window whose {@linkplain #borderNanos borders} these are. */
  static Window of(List<Long> borderNanos) {
    return new Window(array(borderNanos), 1, false);
  }

  /** Nanoseconds since the first request: the end of the warm-up, then of each iteration. */
  List<Long> borderNanos() {
    return endNanos().subList(warmUps - 1, ends.length);
  }

  /** The window whose {@linkplain #endNanos ends} of iterations these are, to be kept apart. */
  static Window ofIterations(List<Long> endNanos, int warmUps) {
    return new Window(array(endNanos), warmUps, true);
  }

  /** Nanoseconds since the first request: the end of each iteration, those of the warm-up first. */
  List<Long> endNanos() {
    return Arrays.stream(ends).boxed().toList();
  }

  /** How many iterations are warm-up, from 1. */
  int warmUps() {
    return warmUps;
  }

  /** Whether this one has the same iterations, and keeps them apart or not as the other does. */
  boolean hasPartsOf(Window other) {
    return Arrays.equals(ends, other.ends) && warmUps == other.warmUps && apart == other.apart;
  }

  private static long[] array(List<Long> numbers) {
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  private static long notNegative(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("a duration must not be negative, but was " + duration);
    }
    return duration.toNanos();
  }

  /** The iteration, from 1, of a moment in nanoseconds since the first request. */
  int iterationAt(long sinceStart) {
    int part = partAt(sinceStart);
    return part == AFTER_ALL ? AFTER : Math.max(WARM_UP, part);
  }

  /**
   * The iteration of a moment, those of the warm-up told apart: they have the numbers up to 0, the
   * last one.
   */
  int partAt(long sinceStart) {
    int found = Arrays.binarySearch(ends, sinceStart);
    // an end is a moment of what follows it
    int index = found >= 0 ? found + 1 : -found - 1;
    return index == ends.length ? AFTER_ALL : index - warmUps + 1;
  }

  /** Whether figures are kept of each iteration. */
  boolean keepsIterationsApart() {
    return apart;
  }

  /** Nanoseconds of an iteration, by {@link #partAt}. */
  long partNanos(int part) {
    int index = part + warmUps - 1;
    return ends[index] - (index == 0 ? 0 : ends[index - 1]);
  }

  /** How files name an iteration: {@code warmup}, its number, or {@code drain} after the window. */
  static String label(int iteration) {
    return switch (iteration) {
      case WARM_UP -> "warmup";
      case AFTER -> "drain";
      default -> Integer.toString(iteration);
    };
  }

  /** Whether a label names an iteration, and not what lies around the window. */
  static boolean isMeasured(String label) {
    return Character.isDigit(label.charAt(0));
  }

  long warmUpNanos() {
    return ends[warmUps - 1];
  }

  /** Nanoseconds since the first request at which the window ends. */
  long closeNanos() {
    return ends[ends.length - 1];
  }

  /** Nanoseconds of the window that have passed when a run's last reply has ended. */
  long lengthNanos(long lastEndSinceStart) {
    return Math.max(0, Math.min(lastEndSinceStart, closeNanos()) - warmUpNanos());
  }
}
