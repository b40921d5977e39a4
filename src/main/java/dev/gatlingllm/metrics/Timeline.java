package dev.gatlingllm.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A scope's replies second by second, warm-up included. Not safe for threads.
 *
 * <p>A step is one second until a run spans more than {@link #MAX_STEPS} of them, which is two
 * hours. Then neighbours are merged and steps last 2 seconds, later 4, and so on: counts are those
 * of the whole step, and the distance between two of them says how long it is.
 */
final class Timeline {

  static final int MAX_STEPS = 7_200;

  private final RunClock clock;

  /** By number; step 0 is the first after the warm-up. */
  private SortedMap<Long, TimelineStep> steps = new TreeMap<>();

  private long stepSeconds = 1;
  private long earliest = Long.MAX_VALUE;
  private long latest = Long.MIN_VALUE;

  Timeline(RunClock clock) {
    this.clock = clock;
  }

  void accept(PlacedReply placed) {
    TurnMeasurement reply = placed.reply();
    long written = clock.sinceWarmUp(reply.writtenNanos());
    long end = clock.sinceWarmUp(reply.endNanos());
    makeRoomFor(written, end);
    step(numberOf(end)).ended(reply.ok());
    addStream(written, end);
    addTokens(placed);
    if (reply.ok() && reply.hasOutput()) {
      step(numberOf(clock.sinceWarmUp(reply.chunkNanos()[0]))).firstToken(reply.ttftNanos());
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
  private void addTokens(PlacedReply placed) {
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
    while (numberOf(latest) - numberOf(earliest) >= MAX_STEPS) {
      stepSeconds *= 2;
      SortedMap<Long, TimelineStep> narrow = steps;
      steps = new TreeMap<>();
      narrow.forEach((number, step) -> step(Math.floorDiv(number, 2L)).add(step));
    }
  }

  private long stepNanos() {
    return stepSeconds * 1_000_000_000L;
  }

  private long numberOf(long sinceWarmUp) {
    return Math.floorDiv(sinceWarmUp, stepNanos());
  }

  private TimelineStep step(long number) {
    return steps.computeIfAbsent(number, unseen -> new TimelineStep());
  }

  /** Every second from the first with an event to the last; those between are there with zeros. */
  List<ScopeSnapshot.Second> snapshot() {
    if (steps.isEmpty()) {
      return List.of();
    }
    List<ScopeSnapshot.Second> seconds = new ArrayList<>();
    TimelineStep idle = new TimelineStep();
    for (long number = steps.firstKey(); number <= steps.lastKey(); number++) {
      TimelineStep step = steps.getOrDefault(number, idle);
      seconds.add(step.snapshot(number * stepSeconds, stepNanos()));
    }
    return List.copyOf(seconds);
  }
}
