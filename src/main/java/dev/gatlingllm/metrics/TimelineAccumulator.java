package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.Response.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * A scope second by second, warm-up included.
 *
 * <p>A step is one second until the run spans more than a maximum number of them. Then neighbours
 * are merged and steps last 2 seconds, later 4, and so on: counts are those of the whole step,
 * percentiles those of all its responses, and the distance between two steps is their length.
 */
@Accumulator
final class TimelineAccumulator {

  /** Steps of the whole run: two hours of seconds. */
  static final int MAX_STEPS = 7_200;

  /** As many steps as a chart has room for. */
  static final int MAX_CHART_STEPS = 600;

  /** Also the greatest number of a step; a run that has either has lasted for a century. */
  private static final long MAX_STEP_SECONDS = 1L << 32;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private int maxSteps;

  /** By number; step 0 begins when the window opens. */
  private NavigableMap<Long, TimelineStep> steps = new TreeMap<>();

  private long stepSeconds = 1;

  /** First and last moment of any response, in nanoseconds since the window opened. */
  private long earliest = Long.MAX_VALUE;

  private long latest = Long.MIN_VALUE;

  private TimelineAccumulator() {}

  TimelineAccumulator(int maxSteps) {
    this.maxSteps = maxSteps;
  }

  int maxSteps() {
    return maxSteps;
  }

  void add(WindowedResponse windowed) {
    Response response = windowed.response();
    if (response.status() == Status.UNSENT) {
      return;
    }
    RunClock clock = windowed.clock();
    long written = clock.sinceOpen(response.timing().writtenNanos());
    long end = clock.sinceOpen(response.timing().endNanos());
    makeRoomFor(written, end);
    step(numberOf(end)).addEnd(response);
    addInFlight(written, end);
    windowed.splitTokens(stepNanos(), (number, tokens) -> step(number).addOutput(tokens));
    if (response.timing().hasOutput()) {
      step(numberOf(clock.sinceOpen(response.timing().chunkNanos()[0]))).addFirstToken(response);
    }
  }

  private void addInFlight(long written, long end) {
    long width = stepNanos();
    for (long from = written; from < end; ) {
      long number = numberOf(from);
      long to = Math.min(end, (number + 1) * width);
      step(number).addInFlight(to - from);
      from = to;
    }
  }

  private void makeRoomFor(long from, long to) {
    earliest = Math.min(earliest, from);
    latest = Math.max(latest, to);
    while (numberOf(latest) - numberOf(earliest) >= maxSteps) {
      widen();
    }
  }

  private void widen() {
    stepSeconds *= 2;
    steps = merged(2);
  }

  /** Returns the steps with every so many neighbours merged into one. */
  private NavigableMap<Long, TimelineStep> merged(long neighbours) {
    NavigableMap<Long, TimelineStep> wide = new TreeMap<>();
    steps.forEach(
        (number, step) ->
            wide.computeIfAbsent(Math.floorDiv(number, neighbours), unseen -> new TimelineStep())
                .add(step));
    return wide;
  }

  /**
   * Adds the timeline of another load generator, moved to the nearest second.
   *
   * @param laterNanos by how much later its window opened
   */
  void add(TimelineAccumulator other, long laterNanos) {
    if (other.steps.isEmpty()) {
      return;
    }
    other.requireSound();
    while (stepSeconds < other.stepSeconds) {
      widen();
    }
    long laterSeconds = Math.round((double) laterNanos / NANOS_PER_SECOND);
    makeRoomFor(
        other.earliest + laterSeconds * NANOS_PER_SECOND,
        other.latest + laterSeconds * NANOS_PER_SECOND);
    other.steps.forEach(
        (number, step) ->
            step(Math.floorDiv(number * other.stepSeconds + laterSeconds, stepSeconds)).add(step));
  }

  /**
   * Refuses values that this class never has but a damaged file may: those of a timeline that is
   * longer than any memory.
   */
  private void requireSound() {
    boolean isSound =
        maxSteps <= MAX_STEPS
            && stepSeconds >= 1
            && stepSeconds <= MAX_STEP_SECONDS
            && (steps.isEmpty() || steps.lastKey() - steps.firstKey() <= maxSteps)
            && (steps.isEmpty() || Math.abs(steps.lastKey()) <= MAX_STEP_SECONDS);
    if (!isSound) {
      throw new IllegalStateException("the timeline has no sound length");
    }
  }

  private long stepNanos() {
    return stepSeconds * NANOS_PER_SECOND;
  }

  private long numberOf(long sinceOpen) {
    return Math.floorDiv(sinceOpen, stepNanos());
  }

  private TimelineStep step(long number) {
    return steps.computeIfAbsent(number, unseen -> new TimelineStep());
  }

  /** Returns every second from the first with an event to the last; idle ones have zeros. */
  List<ScopeSummary.Second> seconds() {
    requireSound();
    return withoutHoles(steps, (number, step) -> step.second(number * stepSeconds, stepNanos()));
  }

  /**
   * Returns the same in at most {@value #MAX_CHART_STEPS} steps. If the first or the last one is
   * only partly in the run, its rates are over the seconds that are.
   */
  List<ScopeSummary.Step> chart(SummaryContext context) {
    requireSound();
    if (steps.isEmpty()) {
      return List.of();
    }
    long neighbours = 1;
    while (Math.floorDiv(steps.lastKey(), neighbours) - Math.floorDiv(steps.firstKey(), neighbours)
        >= MAX_CHART_STEPS) {
      neighbours *= 2;
    }
    long seconds = neighbours * stepSeconds;
    return withoutHoles(
        merged(neighbours),
        (number, step) -> {
          long from = Math.max(number * seconds, Math.floorDiv(earliest, NANOS_PER_SECOND));
          long to = Math.min((number + 1) * seconds, Math.floorDiv(latest, NANOS_PER_SECOND) + 1);
          return step.step(number * seconds, to - from, context);
        });
  }

  private static <T> List<T> withoutHoles(
      NavigableMap<Long, TimelineStep> steps, BiFunction<Long, TimelineStep, T> function) {
    if (steps.isEmpty()) {
      return List.of();
    }
    TimelineStep idle = new TimelineStep();
    List<T> all = new ArrayList<>();
    for (long number = steps.firstKey(); number <= steps.lastKey(); number++) {
      all.add(function.apply(number, steps.getOrDefault(number, idle)));
    }
    return Collections.unmodifiableList(all);
  }
}
