package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunState.ClientState;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that a run amounts to so far. Not safe for threads: the recorder's own thread feeds and reads
 * it.
 *
 * <p>Memory is bounded by the caps below, whatever a simulation calls its requests and however long
 * it runs.
 */
final class RunAggregate {

  /** Groups past this many are pooled under the last one. */
  static final int MAX_GROUPS = 64;

  /** Request names past this many are pooled under {@link #OTHERS}. */
  static final int MAX_REQUESTS = 1_000;

  /** Scenarios past this many are pooled under {@link #OTHERS}. */
  static final int MAX_SCENARIOS = 64;

  /** Only the first names keep a timeline and turns, which weigh more than all else. */
  static final int MAX_DETAILED_REQUESTS = 16;

  static final String OTHERS = "(others)";

  private final RunClock clock;
  private final Objectives objectives;
  private final ConversationsSeen conversations = new ConversationsSeen();
  private final ConversationRepeats repeats = new ConversationRepeats();
  private final ScopeNumbers numbers = new ScopeNumbers();
  private final DetailedScope overall;
  private final Map<String, Scope> byRequest = new TreeMap<>();
  private final Map<String, Scope> byScenario = new TreeMap<>();
  private final SortedMap<Integer, Scope> byGroup = new TreeMap<>();
  private final Iterations byIteration;
  private final ColdWarmTally coldWarm = new ColdWarmTally();
  private final FailureCounts failures = new FailureCounts();
  private long lastEndSinceStart;

  RunAggregate(RunClock clock, Objectives objectives) {
    this(clock, objectives, clock.window());
  }

  /**
   * @param iterations the window whose iterations are kept apart, if it asks for it
   */
  RunAggregate(RunClock clock, Objectives objectives, Window iterations) {
    this.clock = clock;
    this.objectives = objectives;
    overall = new DetailedScope(numbers, new Timeline(clock, Timeline.MAX_STEPS));
    byIteration = new Iterations(numbers, clock, iterations);
  }

  void accept(Response response) {
    endAt(clock.sinceStart(response.timing().endNanos()));
    repeats.note(response);
    WindowedResponse placed = WindowedResponse.of(response, clock, conversations, objectives);
    overall.accept(placed);
    request(response.who().request()).accept(placed);
    scenario(response.who().scenario()).accept(placed);
    if (response.who().group() >= 0 && placed.touchesWindow()) {
      int group = Math.min(response.who().group(), MAX_GROUPS - 1);
      group(group).accept(placed);
    }
    byIteration.accept(placed);
    if (placed.counted()) {
      coldWarm.accept(response);
    }
    if (placed.counted() && !response.ok()) {
      failures.add(response.outcome().failure());
    }
  }

  private Scope request(String name) {
    return byRequest.computeIfAbsent(
        pooled(byRequest, name, MAX_REQUESTS),
        unseen ->
            byRequest.size() < MAX_DETAILED_REQUESTS
                ? new DetailedScope(numbers, new Timeline(clock, Timeline.MAX_CHART_STEPS))
                : new Scope(numbers));
  }

  private Scope scenario(String name) {
    return byScenario.computeIfAbsent(
        pooled(byScenario, name, MAX_SCENARIOS), unseen -> new Scope(numbers));
  }

  /** The name under which one is kept: its own, unless it comes after so many others. */
  private static String pooled(Map<String, Scope> scopes, String name, int most) {
    return scopes.size() < most || scopes.containsKey(name) ? name : OTHERS;
  }

  private Scope group(int number) {
    return byGroup.computeIfAbsent(number, unseen -> new Scope(numbers));
  }

  /** The aggregate whose state this is. */
  static RunAggregate of(RunState state) {
    RunClock clock = new RunClock(Window.of(state.borderNanos()));
    if (state.startEpochMillis() != null) {
      clock.begin(0, state.startEpochMillis());
    }
    RunAggregate aggregate =
        new RunAggregate(clock, new Objectives(state.objectives()), Iterations.window(state));
    aggregate.keepPlain(RunMerge.plainRequests(List.of(state)));
    aggregate.add(state, 0);
    aggregate.endAt(state.lastEndNanos());
    return aggregate;
  }

  /**
   * Adds what another load generator saw.
   *
   * @param laterNanos by how much later its window opened
   */
  void add(RunState other, long laterNanos) {
    overall.add(other.overall(), objectives, laterNanos);
    other.byRequest().forEach((name, scope) -> request(name).add(scope, objectives, laterNanos));
    other.byScenario().forEach((name, scope) -> scenario(name).add(scope, objectives, laterNanos));
    other.byGroup().forEach((number, scope) -> group(number).add(scope, objectives, laterNanos));
    byIteration.add(other.byIteration(), objectives);
    coldWarm.add(other.coldWarm());
    failures.add(other.failures());
    repeats.add(other.repeats());
  }

  /** Requests that keep neither a timeline nor turns. */
  void keepPlain(Set<String> requests) {
    requests.forEach(name -> byRequest.put(name, new Scope(numbers)));
  }

  /** The last response ended no earlier than this, in nanoseconds since the start. */
  void endAt(long sinceStart) {
    lastEndSinceStart = Math.max(lastEndSinceStart, sinceStart);
  }

  RunState state(ClientState client) {
    OptionalLong start = clock.startEpochMillis();
    return new RunState(
        start.isPresent() ? start.getAsLong() : null,
        clock.window().borderNanos(),
        lastEndSinceStart,
        objectives.all(),
        overall.state(),
        Scope.states(byRequest),
        Scope.states(byScenario),
        Scope.states(byGroup),
        byIteration.state(),
        coldWarm.state(),
        failures.summary(),
        repeats.state(),
        client);
  }

  RunSummary summary(ClientHealth client) {
    double seconds = clock.windowSeconds(lastEndSinceStart);
    return new RunSummary(
        seconds,
        overall.summary(seconds),
        Scope.summaries(byRequest, seconds),
        Scope.summaries(byScenario, seconds),
        Scope.summaries(byGroup, seconds),
        byIteration.summaries(),
        coldWarm.summary(),
        Collections.unmodifiableSortedMap(failures.summary()),
        repeats.count(),
        client);
  }
}
