package dev.gatlingllm.metrics;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * The measured part of a run and its iterations. Immutable.
 *
 * <p>A run is one continuous load. The window opens {@code warmUp} after the start of the run and
 * is cut into successive iterations. What lies before it is warm-up, what lies after it is drain:
 * neither enters totals, rates or histograms. Each thing belongs to the iteration in which it
 * happens: a token to the one in which it arrives, TTFT to that of the first token, a gap between
 * chunks to that in which it ends, the other latencies and the outcome to that in which the
 * response ends. A moment on a border belongs to the later side. A request that was written in the
 * warm-up gives the window no latency.
 *
 * <p>Every rate is divided by the length of the window: from the end of the warm-up to the end of
 * the last iteration, or to the end of the run's last response if the load ended before. So the
 * idle time after the load of an open-ended run, or of one that was cut short, does not lower its
 * rates.
 */
@Accumulator
public final class Window {

  /** The last iteration of the warm-up; those before it have the numbers below. */
  static final int WARM_UP = 0;

  /** The iteration of moments after the window. */
  static final int DRAIN = Integer.MAX_VALUE;

  /** End of each iteration, those of the warm-up first, in nanoseconds since the start. */
  private final long[] ends;

  /** How many of them are warm-up, at least 1. */
  private final int warmUps;

  /** Whether each iteration has figures of its own. */
  private final boolean apart;

  @JsonCreator
  private Window(
      @JsonProperty("ends") long[] ends,
      @JsonProperty("warmUps") int warmUps,
      @JsonProperty("apart") boolean apart) {
    this.ends = ends;
    this.warmUps = warmUps;
    this.apart = apart;
  }

  /**
   * Returns a window of one iteration, from the end of the warm-up to the end of the last response.
   *
   * @param warmUp zero or longer
   * @throws IllegalArgumentException if {@code warmUp} is negative
   */
  public static Window openEnded(Duration warmUp) {
    return new Window(new long[] {notNegative(warmUp), Long.MAX_VALUE}, 1, false);
  }

  /**
   * Returns a window of iterations of given lengths, back to back, after the warm-up.
   *
   * @param warmUp zero or longer
   * @param iterations one or more, each longer than zero
   * @throws IllegalArgumentException if a duration is out of its range or there is no iteration
   */
  public static Window of(Duration warmUp, List<Duration> iterations) {
    return backToBack(List.of(warmUp), iterations, false);
  }

  /**
   * Returns a window whose iterations have figures of their own, those of the warm-up included.
   *
   * @param warmUp lengths of the warm-up's iterations, each longer than zero; may be empty
   * @param iterations one or more, each longer than zero
   * @throws IllegalArgumentException if a duration is out of its range or there is no iteration
   */
  public static Window ofIterations(List<Duration> warmUp, List<Duration> iterations) {
    if (warmUp.contains(Duration.ZERO)) {
      throw new IllegalArgumentException("a warm-up iteration must be longer than 0");
    }
    return backToBack(warmUp.isEmpty() ? List.of(Duration.ZERO) : warmUp, iterations, true);
  }

  private static Window backToBack(
      List<Duration> warmUp, List<Duration> iterations, boolean apart) {
    if (iterations.isEmpty()) {
      throw new IllegalArgumentException("iterations must not be empty");
    }
    long[] ends = new long[warmUp.size() + iterations.size()];
    long end = 0;
    for (int i = 0; i < warmUp.size(); i++) {
      ends[i] = end = Math.addExact(end, notNegative(warmUp.get(i)));
    }
    for (int i = 0; i < iterations.size(); i++) {
      long length = notNegative(iterations.get(i));
      if (length == 0) {
        throw new IllegalArgumentException("iteration " + (i + 1) + " must be longer than 0");
      }
      ends[warmUp.size() + i] = end = Math.addExact(end, length);
    }
    return new Window(ends, warmUp.size(), apart);
  }

  /** Returns a window of one iteration, from nanoseconds since the start of the run. */
  static Window between(long open, long close) {
    return new Window(new long[] {open, close}, 1, false);
  }

  private static long notNegative(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("a duration must be at least 0, got " + duration);
    }
    return duration.toNanos();
  }

  /**
   * Returns the iteration of a moment in nanoseconds since the start: from 1, up to {@link
   * #WARM_UP} in the warm-up, or {@link #DRAIN}.
   */
  int iterationAt(long sinceStart) {
    int found = Arrays.binarySearch(ends, sinceStart);
    // the end of one iteration is the first moment of the next
    int index = found >= 0 ? found + 1 : -found - 1;
    return index == ends.length ? DRAIN : index - warmUps + 1;
  }

  /** Returns whether a moment in nanoseconds since the start lies in the window. */
  boolean isMeasured(long sinceStart) {
    int iteration = iterationAt(sinceStart);
    return iteration > WARM_UP && iteration != DRAIN;
  }

  /** Returns the end of an iteration in nanoseconds since the start. */
  long endOf(int iteration) {
    return ends[iteration + warmUps - 1];
  }

  /** Returns the last iteration before the drain. */
  int lastIteration() {
    return ends.length - warmUps;
  }

  /** Returns whether each iteration has figures of its own. */
  boolean keepsIterationsApart() {
    return apart;
  }

  /** Returns the length in nanoseconds of an iteration. */
  long iterationNanos(int iteration) {
    int index = iteration + warmUps - 1;
    return ends[index] - (index == 0 ? 0 : ends[index - 1]);
  }

  /** Returns an iteration's name in files: {@code warmup}, its number, or {@code drain}. */
  static String label(int iteration) {
    if (iteration == DRAIN) {
      return "drain";
    }
    return iteration <= WARM_UP ? "warmup" : Integer.toString(iteration);
  }

  /** Returns the iteration of a label, as far as the window has it. */
  int ofLabel(String label) {
    return label.equals(label(DRAIN))
        ? DRAIN
        : label.equals(label(WARM_UP))
            ? WARM_UP
            : Math.min(Integer.parseInt(label), lastIteration());
  }

  /** Returns the begin of an iteration in nanoseconds since the start; 0 outside of the window. */
  long beginOf(int iteration) {
    return iteration <= WARM_UP || iteration == DRAIN ? 0 : endOf(iteration - 1);
  }

  long warmUpNanos() {
    return ends[warmUps - 1];
  }

  /** Returns the end of the window in nanoseconds since the start. */
  long closeNanos() {
    return ends[ends.length - 1];
  }

  /**
   * Returns the length of the window in nanoseconds.
   *
   * @param lastEnd end of the run's last response in nanoseconds since the start
   */
  long lengthNanos(long lastEnd) {
    return Math.max(0, Math.min(lastEnd, closeNanos()) - warmUpNanos());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Window that
        && Arrays.equals(ends, that.ends)
        && warmUps == that.warmUps
        && apart == that.apart;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ends);
  }
}
