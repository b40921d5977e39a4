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

  /** Nanoseconds since the first request: the end of the warm-up, then of each iteration. */
  private final long[] borders;

  private Window(long[] borders) {
    this.borders = borders;
  }

  /**
   * One iteration from the end of the warm-up to the end of the last reply.
   *
   * @param warmUp zero or longer
   * @throws IllegalArgumentException if {@code warmUp} is negative
   */
  public static Window openEnded(Duration warmUp) {
    return new Window(new long[] {notNegative(warmUp), Long.MAX_VALUE});
  }

  /**
   * Iterations of given lengths, back to back, after the warm-up.
   *
   * @param warmUp zero or longer
   * @param iterations one or more, each longer than zero
   * @throws IllegalArgumentException if a duration is out of its range or there is no iteration
   */
  public static Window of(Duration warmUp, List<Duration> iterations) {
    if (iterations.isEmpty()) {
      throw new IllegalArgumentException("a window needs at least one iteration");
    }
    long[] borders = new long[iterations.size() + 1];
    borders[0] = notNegative(warmUp);
    for (int i = 1; i < borders.length; i++) {
      long length = notNegative(iterations.get(i - 1));
      if (length == 0) {
        throw new IllegalArgumentException("iteration " + i + " must be longer than zero");
      }
      borders[i] = Math.addExact(borders[i - 1], length);
    }
    return new Window(borders);
  }

  /** The window whose {@linkplain #borderNanos borders} these are. */
  static Window of(List<Long> borderNanos) {
    return new Window(borderNanos.stream().mapToLong(Long::longValue).toArray());
  }

  List<Long> borderNanos() {
    return Arrays.stream(borders).boxed().toList();
  }

  private static long notNegative(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("a duration must not be negative, but was " + duration);
    }
    return duration.toNanos();
  }

  /** The iteration, from 1, of a moment in nanoseconds since the first request. */
  int iterationAt(long sinceStart) {
    for (int i = 0; i < borders.length; i++) {
      if (sinceStart < borders[i]) {
        return i;
      }
    }
    return AFTER;
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
    return borders[0];
  }

  /** Nanoseconds of the window that have passed when a run's last reply has ended. */
  long lengthNanos(long lastEndSinceStart) {
    return Math.max(0, Math.min(lastEndSinceStart, borders[borders.length - 1]) - borders[0]);
  }
}
