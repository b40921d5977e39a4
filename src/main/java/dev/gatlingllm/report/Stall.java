package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.ScopeSummary.Second;
import dev.gatlingllm.metrics.ScopeSummary.Step;
import dev.gatlingllm.metrics.ServerMetrics;
import dev.gatlingllm.metrics.ServerSignal;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.stream.Failure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A time of the window in which nothing arrived although requests were under way. In a closed load,
 * only those that were under way show it in their latencies, because their users wait meanwhile.
 *
 * @param request name of the request of which nothing arrived; empty if of all
 * @param from seconds since the window opened
 * @param seconds whole seconds in which nothing arrived
 * @param queuedUntil second until which more requests were in flight than before, warm-up included,
 *     for it left a queue; that at which this was shortest if it grew again; the end of this time
 *     if there is no such queue
 * @param inFlight requests under way, mean
 * @param others how many more such times there were
 */
record Stall(
    String request, double from, double seconds, double queuedUntil, double inFlight, int others) {

  /** Of seconds without anything. */
  private static final double MIN_SECONDS = 2;

  /** The time without anything may be longer by two parts of a second. */
  private static final double UNSEEN = 2;

  /** A request alone waits for what it asked for, such as the prefill of a long prompt. */
  private static final double MIN_IN_FLIGHT = 2;

  /** So many times as long as any usual wait. */
  private static final double LONGER = 1.5;

  /** So many mean waits, added up over all that wait, hardly ever pass without one that ends. */
  private static final double MEANS = 10;

  /** A queue is gone when at most so many times as many requests are in flight as before. */
  private static final double ABOUT_AS_MANY = 1.5;

  /** A queue becomes shorter if at most such a part of its requests is in flight in the end. */
  private static final double SHORTER = 0.75;

  /**
   * A queue grows if more than so many times as many requests are in flight as at its beginning.
   */
  private static final double GROWN = 1.1;

  /** The beginning of a queue, in steps. */
  private static final int BEGINNING = 2;

  /** With as many gaps as long as from this share of the responses, such gaps are usual. */
  private static final double USUAL_SHARE = 0.25;

  /** Failures of requests that the client gave up: nothing arrived. */
  private static final Set<String> TIMEOUTS = Set.of(Failure.TIMEOUT, Failure.STALLED);

  /** An event loop that was late for such a part of it may be why nothing arrived. */
  private static final double LAG_SHARE = 0.5;

  /** A server that generated so many times what arrived did not stop. */
  private static final double GONE_ON = 1.5;

  /** One that generates tokens at such a part of its mean rate does not stop meanwhile. */
  private static final double GOES_ON = 0.5;

  /** Returns the longest one of all requests, or else the longest one of a request; or none. */
  static Optional<Stall> of(RunSummary run) {
    Collection<ScopeSummary> requests = run.byRequest().values();
    Optional<Stall> ofAll =
        longest("", run.overall(), requests.isEmpty() ? List.of(run.overall()) : requests, run);
    return ofAll.isPresent()
        ? ofAll
        : run.byRequest().entrySet().stream()
            .map(of -> longest(of.getKey(), of.getValue(), List.of(of.getValue()), run))
            .flatMap(Optional::stream)
            .max(Comparator.comparingDouble(Stall::seconds));
  }

  /**
   * Returns the longest one of a scope.
   *
   * @param kinds its requests, each with latencies of its own
   */
  private static Optional<Stall> longest(
      String request, ScopeSummary scope, Collection<ScopeSummary> kinds, RunSummary run) {
    List<Stall> silent = silent(request, scope, run.durationSeconds());
    List<Stall> alone = silent.stream().map(time -> time.queued(time.end())).toList();
    // of a short run, little but queues may be left
    List<Waits> others =
        Stream.of(silent, alone)
            .map(times -> Waits.of(kinds, times, run.durationSeconds()))
            .toList();
    List<Stall> stalls =
        silent.stream()
            .filter(time -> others.stream().anyMatch(usual -> time.isUnlike(usual, silent.size())))
            .sorted(Comparator.comparingDouble(Stall::seconds).reversed())
            .toList();
    return stalls.stream().findFirst().map(longest -> longest.with(stalls.size() - 1));
  }

  private static List<Stall> silent(String request, ScopeSummary scope, double windowSeconds) {
    List<Second> timeline = scope.timeline();
    Map<Long, Long> givenUp = givenUp(scope.charts().steps());
    List<Stall> silent = new ArrayList<>();
    for (int i = 0; i + 1 < timeline.size(); i++) {
      Second second = timeline.get(i);
      long next = timeline.get(i + 1).second();
      boolean isSilent =
          second.second() >= 0
              && next <= windowSeconds
              && second.requests() == givenUp.getOrDefault(second.second(), 0L)
              && second.outputTokens() == 0
              && second.activeStreams() >= MIN_IN_FLIGHT;
      if (isSilent) {
        Stall step =
            new Stall(
                request, second.second(), next - second.second(), next, second.activeStreams(), 0);
        Stall before = silent.isEmpty() ? step : silent.get(silent.size() - 1);
        if (before.end() == step.from) {
          silent.set(silent.size() - 1, before.and(step));
        } else {
          silent.add(step);
        }
      }
    }
    silent.removeIf(time -> time.seconds < MIN_SECONDS);
    silent.replaceAll(time -> time.withQueue(timeline, windowSeconds));
    return silent;
  }

  /**
   * Returns the same time with the end of the queue that it left, if that only became shorter: one
   * that grows is the queue of a load that is more than the server can serve.
   */
  private Stall withQueue(List<Second> timeline, double windowSeconds) {
    OptionalDouble usual =
        timeline.stream()
            .filter(second -> second.second() < from)
            .mapToDouble(Second::activeStreams)
            .average();
    List<Second> after =
        timeline.stream()
            .filter(second -> end() <= second.second() && second.second() < windowSeconds)
            .toList();
    if (usual.isEmpty() || after.isEmpty()) {
      return this;
    }
    double most = ABOUT_AS_MANY * Math.max(1, usual.getAsDouble());
    double first =
        after.stream().limit(BEGINNING).mapToDouble(Second::activeStreams).max().getAsDouble();
    double until =
        after.stream()
            .filter(second -> second.activeStreams() <= most)
            .mapToDouble(Second::second)
            .findFirst()
            .orElseGet(() -> shorter(after, first, windowSeconds));
    return after.stream()
            .takeWhile(second -> second.second() < until)
            .anyMatch(second -> second.activeStreams() > GROWN * first)
        ? this
        : queued(until);
  }

  /** Returns until when a queue became shorter; the end of this time if it did not. */
  private double shorter(List<Second> after, double first, double windowSeconds) {
    Second least = Collections.min(after, Comparator.comparingDouble(Second::activeStreams));
    if (least.activeStreams() > SHORTER * first) {
      return end();
    }
    boolean growsAgain =
        after.stream()
            .dropWhile(second -> second.second() < least.second())
            .anyMatch(second -> second.activeStreams() > SHORTER * first);
    return growsAgain ? least.second() + 1 : windowSeconds;
  }

  /**
   * Returns how many requests failed by a timeout of the client, by second; nothing of wide steps.
   */
  private static Map<Long, Long> givenUp(List<Step> steps) {
    Map<Long, Long> failures = new HashMap<>();
    if (lengthOf(steps) == 1) {
      for (Step step : steps) {
        TIMEOUTS.forEach(
            kind ->
                failures.merge(step.second(), step.failures().getOrDefault(kind, 0L), Long::sum));
      }
    }
    return failures;
  }

  private static long lengthOf(List<Step> steps) {
    return steps.size() < 2 ? 1 : steps.get(1).second() - steps.get(0).second();
  }

  private Stall and(Stall next) {
    double both = seconds + next.seconds;
    double mean = (inFlight * seconds + next.inFlight * next.seconds) / both;
    return new Stall(request, from, both, next.queuedUntil, mean, others);
  }

  private Stall queued(double until) {
    return new Stall(request, from, seconds, until, inFlight, others);
  }

  private Stall with(int others) {
    return new Stall(request, from, seconds, queuedUntil, inFlight, others);
  }

  /** Returns what happened, as a part of a sentence. */
  String words() {
    return "nothing%s arrived for %.0f s or more, from second %.0f of the window on"
        .formatted(request.isEmpty() ? "" : " of " + request, seconds, from);
  }

  /**
   * Returns how late an event loop of the load generator was, in milliseconds, if that may be why
   * nothing arrived.
   */
  OptionalDouble lagMillis(RunSummary run) {
    Summary lag = run.client() == null ? null : run.client().eventLoopLag();
    return lag == null || lag.max() < LAG_SHARE * seconds * 1e3
        ? OptionalDouble.empty()
        : OptionalDouble.of(lag.max());
  }

  /**
   * Returns whether waits may have risen so far because of it.
   *
   * @param first second from which on they were compared: it must not have ended before
   * @param last second from which on they were long: its queue must not have ended before
   */
  boolean explains(double first, double last, double riseMillis) {
    return request.isEmpty()
        && end() + UNSEEN > first
        && queuedUntil + UNSEEN > last
        && riseMillis <= 1e3 * (seconds + UNSEEN);
  }

  private double end() {
    return from + seconds;
  }

  /** Returns whether it ended too late in a window for its queue to become shorter. */
  boolean endsLate(double windowSeconds) {
    return end() + seconds > windowSeconds;
  }

  private boolean isUnlike(Waits usual, int times) {
    return usual.responses >= Latency.MIN_RESPONSES
        && seconds * 1e3 > LONGER * usual.maxMillis
        && seconds * 1e3 * inFlight > MEANS * usual.meanMillis
        && usual.gaps.countFrom(seconds * 1e3 / LONGER)
            <= Math.max(Math.ceil(inFlight) * times, USUAL_SHARE * usual.responses);
  }

  /** Returns whether latencies of a step may contain this time, or the queue that it left. */
  private boolean affects(Step step, long stepSeconds) {
    return from < step.second() + stepSeconds
        && step.second() < Math.max(end() + seconds, queuedUntil);
  }

  /**
   * How long requests wait for their first token, or their end if they have none.
   *
   * @param responses number of these that waited at other times than those that were silent
   * @param maxMillis the longest of these waits
   * @param meanMillis mean of all waits
   * @param gaps between chunks, in milliseconds
   */
  private record Waits(long responses, double maxMillis, double meanMillis, Buckets gaps) {

    static Waits of(Collection<ScopeSummary> kinds, List<Stall> silent, double windowSeconds) {
      long responses = 0;
      double max = 0;
      long count = 0;
      double sum = 0;
      for (ScopeSummary kind : kinds) {
        Figure timed = TrendRules.timed(kind);
        count += kind.samples(timed);
        sum += kind.sum(timed);
        List<Step> steps = kind.charts().steps();
        long length = lengthOf(steps);
        for (Step step : steps) {
          Summary wait = step.latencies().get(timed);
          boolean isMeasured = step.second() >= 0 && step.second() < windowSeconds;
          boolean isOther = silent.stream().noneMatch(time -> time.affects(step, length));
          if (wait != null && isMeasured && isOther) {
            responses += wait.count();
            max = Math.max(max, wait.max());
          }
        }
      }
      return new Waits(responses, max, count == 0 ? 0 : sum / count, gaps(kinds));
    }

    private static Buckets gaps(Collection<ScopeSummary> kinds) {
      return Buckets.pooled(
          kinds.stream()
              .map(kind -> kind.buckets().get(Figure.ICL))
              .filter(Objects::nonNull)
              .toList());
    }
  }

  /**
   * Returns how many tokens the server generated in the window, if far more than arrived, and at
   * this time, too: it did not stop. Empty if that is unknown.
   */
  OptionalDouble generatedOn(RunSummary run) {
    ServerMetrics server = run.server();
    Double generated = server.delta(ServerSignal.OUTPUT_TOKENS);
    double arrived = run.overall().totals().value(Figure.TOTAL_OUTPUT_TOKENS).orElse(0);
    return generated != null
            && generated >= GONE_ON * Math.max(1, arrived)
            && server.increasePerSecond(ServerSignal.OUTPUT_TOKENS, from, end())
                >= GOES_ON * generated / run.durationSeconds()
        ? OptionalDouble.of(generated)
        : OptionalDouble.empty();
  }
}
