package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunState.StepState;
import dev.gatlingllm.metrics.RunState.TimelineState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A scope's replies second by second, warm-up included. Not safe for threads.
 *
 * <p>A step is one second until a run spans more than a number of them. Then neighbours are merged
 * and steps last 2 seconds, later 4, and so on: counts are those of the whole step, percentiles
 * those of all its replies, and the distance between two of them says how long it is.
 */
final class Timeline {

  /** Of the whole run: two hours of seconds. */
  static final int MAX_STEPS = 7_200;

  /** As many as a chart has room for. */
  static final int MAX_CHART_STEPS = 600;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final RunClock clock;
  private final int maxSteps;

  /** By number; step 0 is the first after the warm-up. */
  private SortedMap<Long, TimelineStep> steps = new TreeMap<>();

  private long stepSeconds = 1;
  private long earliest = Long.MAX_VALUE;
  private long latest = Long.MIN_VALUE;

  Timeline(RunClock clock, int maxSteps) {
    this.clock = clock;
    this.maxSteps = maxSteps;
  }

  void accept(WindowedResponse placed) {
    Response response = placed.response();
    long written = clock.sinceWarmUp(response.timing().writtenNanos());
    long end = clock.sinceWarmUp(response.timing().endNanos());
    makeRoomFor(written, end);
    step(numberOf(end)).ended(response);
    addStream(written, end);
    addTokens(placed);
    if (response.ok() && response.timing().hasOutput()) {
      step(numberOf(clock.sinceWarmUp(response.timing().chunkNanos()[0])))
          .firstToken(response.timing().ttftNanos());
    }
  }

  private void addStream(long written, long end) {
    long width = stepNanos();
    for (long from = written; from < end; ) {
      long number = numberOf(from);
      long to = Math.min(end, (number + 1) * width);
      step(number).streamed(to - from);
      from = to;
    }
  }

  /** Adds runs of tokens at a time: many arrive in one step. */
  private void addTokens(WindowedResponse placed) {
    long[] arrivals = placed.arrivals();
    for (int from = 0, to; from < arrivals.length; from = to) {
      long number = numberOf(clock.sinceWarmUp(arrivals[from]));
      to = from + 1;
      while (to < arrivals.length && numberOf(clock.sinceWarmUp(arrivals[to])) == number) {
        to++;
      }
      step(number).arrived((to - from) * placed.tokensPerArrival());
    }
  }

  private void makeRoomFor(long written, long end) {
    earliest = Math.min(earliest, written);
    latest = Math.max(latest, end);
    while (numberOf(latest) - numberOf(earliest) >= maxSteps) {
      widen();
    }
  }

  private void widen() {
    stepSeconds *= 2;
    SortedMap<Long, TimelineStep> narrow = steps;
    steps = new TreeMap<>();
    narrow.forEach((number, step) -> step(Math.floorDiv(number, 2L)).add(step));
  }

  /**
   * Adds the timeline of another load generator, moved to the nearest second.
   *
   * @param laterNanos by how much later its window opened
   */
  void add(TimelineState other, long laterNanos) {
    if (other.steps().isEmpty()) {
      return;
    }
    while (stepSeconds < other.stepSeconds()) {
      widen();
    }
    long laterSeconds = Math.round((double) laterNanos / NANOS_PER_SECOND);
    makeRoomFor(
        other.fromNanos() + laterSeconds * NANOS_PER_SECOND,
        other.toNanos() + laterSeconds * NANOS_PER_SECOND);
    other
        .steps()
        .forEach(
            (number, step) -> {
              long second = number * other.stepSeconds() + laterSeconds;
              step(Math.floorDiv(second, stepSeconds)).add(step);
            });
  }

  TimelineState state() {
    SortedMap<Long, StepState> states = new TreeMap<>();
    steps.forEach((number, step) -> states.put(number, step.state()));
    return new TimelineState(stepSeconds, earliest, latest, states);
  }

  private long stepNanos() {
    return stepSeconds * NANOS_PER_SECOND;
  }

  private long numberOf(long sinceWarmUp) {
    return Math.floorDiv(sinceWarmUp, stepNanos());
  }

  private TimelineStep step(long number) {
    return steps.computeIfAbsent(number, unseen -> new TimelineStep());
  }

  /** Every second from the first with an event to the last; those between are there with zeros. */
  List<ScopeSummary.Second> summary() {
    if (steps.isEmpty()) {
      return List.of();
    }
    List<ScopeSummary.Second> seconds = new ArrayList<>();
    TimelineStep idle = new TimelineStep();
    for (long number = steps.firstKey(); number <= steps.lastKey(); number++) {
      TimelineStep step = steps.getOrDefault(number, idle);
      seconds.add(step.summary(number * stepSeconds, stepNanos()));
    }
    return List.copyOf(seconds);
  }

  /**
   * The same in at most {@value #MAX_CHART_STEPS} steps. Where the first and the last one are only
   * partly in the run, their rates are over the seconds that are.
   */
  List<ScopeSummary.Step> chart() {
    if (steps.isEmpty()) {
      return List.of();
    }
    long merged = 1;
    while (Math.floorDiv(steps.lastKey(), merged) - Math.floorDiv(steps.firstKey(), merged)
        >= MAX_CHART_STEPS) {
      merged *= 2;
    }
    SortedMap<Long, TimelineStep> wide = new TreeMap<>();
    for (Map.Entry<Long, TimelineStep> step : steps.entrySet()) {
      wide.computeIfAbsent(Math.floorDiv(step.getKey(), merged), unseen -> new TimelineStep())
          .add(step.getValue());
    }
    return chart(wide, merged * stepSeconds);
  }

  private List<ScopeSummary.Step> chart(SortedMap<Long, TimelineStep> wide, long seconds) {
    List<ScopeSummary.Step> chart = new ArrayList<>();
    TimelineStep idle = new TimelineStep();
    for (long number = wide.firstKey(); number <= wide.lastKey(); number++) {
      long from = Math.max(number * seconds, Math.floorDiv(earliest, NANOS_PER_SECOND));
      long to = Math.min((number + 1) * seconds, Math.floorDiv(latest, NANOS_PER_SECOND) + 1);
      chart.add(wide.getOrDefault(number, idle).chart(number * seconds, to - from));
    }
    return List.copyOf(chart);
  }
}
