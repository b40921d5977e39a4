package dev.gatlingllm.metrics;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gatlingllm.metrics.Response.Status;
import dev.gatlingllm.text.Choice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything measured in a run so far. The recorder adds each response; {@link #summary} computes
 * the figures. Written to a file and read again it has the same summary, and the runs of load
 * generators that worked side by side can be {@linkplain #emptySum merged}. Not safe for use by
 * several threads.
 *
 * <p>Memory is bounded by the caps below, whatever a simulation names its requests and however long
 * it runs.
 */
@Accumulator
public final class RunAccumulator {

  /** Groups above this number are pooled under the last one. */
  static final int MAX_GROUPS = 64;

  /** Request names above this number are pooled under {@link Breakdown#OTHERS}. */
  static final int MAX_REQUESTS = 1_000;

  /** Only the first names keep a timeline and turns, which take the most memory by far. */
  static final int MAX_DETAILED_REQUESTS = 16;

  private final transient CountedConversations conversations =
      new CountedConversations(this::addIfGivenUp);
  private final RunClock clock;
  private final Objectives objectives;
  private Deployment deployment = Deployment.UNKNOWN;

  /**
   * End of the last response, or of the window if the load went on for longer, in nanoseconds since
   * the start.
   */
  private long lastEndNanos;

  private IterationsAccumulator byIteration;
  private ScopeAccumulator overall = ScopeAccumulator.detailed(TimelineAccumulator.MAX_STEPS);
  private TreeMap<String, ScopeAccumulator> byRequest = new TreeMap<>();
  private EnumMap<Breakdown, TreeMap<String, ScopeAccumulator>> breakdowns =
      new EnumMap<>(Breakdown.class);
  private TreeMap<Integer, ScopeAccumulator> byGroup = new TreeMap<>();
  private ColdWarmAccumulator coldWarm = new ColdWarmAccumulator();
  private OutcomesAccumulator inWarmUp = new OutcomesAccumulator();
  private OutcomesAccumulator outcomes = new OutcomesAccumulator();
  private OutcomesAccumulator inDrain = new OutcomesAccumulator();
  private OdditiesAccumulator oddities = new OdditiesAccumulator();
  private PromptLengthsAccumulator promptLengths = new PromptLengthsAccumulator();
  private SamplesAccumulator samples = new SamplesAccumulator();
  private RepeatedConversations repeats = new RepeatedConversations();
  private ClientAccumulator client = new ClientAccumulator();
  private ServerMetrics server = ServerMetrics.NONE;
  private ArrivalsAccumulator arrivals = new ArrivalsAccumulator();
  private LeaversAccumulator leavers = new LeaversAccumulator();

  /** First tokens in the window, also of requests written before it and of failed ones. */
  private long firstTokens;

  /** The sum of their times to first token. */
  private double firstTokenMillis;

  /** First tokens that came with the whole response in one piece, and are not among those. */
  private long unseenFirstTokens;

  /** Whether any response reported cached tokens, also in the warm-up. */
  private boolean cacheReported;

  /** Whether users came for whom no conversation was left. */
  private boolean ranOut;

  @JsonCreator
  RunAccumulator(
      @JsonProperty("clock") RunClock clock, @JsonProperty("objectives") Objectives objectives) {
    this.clock = clock;
    this.objectives = requireNonNull(objectives, "objectives is null");
    byIteration = new IterationsAccumulator(clock.window());
  }

  /** Returns a run that has not begun. */
  public static RunAccumulator empty(Window window, Objectives objectives) {
    return new RunAccumulator(new RunClock(window), objectives);
  }

  /** Returns this run with what the server under test runs on. */
  public RunAccumulator on(Deployment server) {
    deployment = server;
    return this;
  }

  /**
   * Returns an empty run that is measured as this one.
   *
   * @param objectives that responses are judged by
   * @param startEpochMillis wall clock at its start
   */
  public RunAccumulator restarted(Objectives objectives, long startEpochMillis) {
    RunAccumulator run =
        new RunAccumulator(RunClock.of(clock.window(), startEpochMillis), objectives);
    run.deployment = deployment;
    return run;
  }

  /** Returns how old the run was at the least in an iteration, in milliseconds since its start. */
  public double leastAgeIn(String iteration) {
    return clock.window().beginOf(clock.window().ofLabel(iteration)) / 1e6;
  }

  /** Notes that users came for whom no conversation was left. */
  void setRanOut() {
    ranOut = true;
  }

  void add(Response response) {
    add(response, clock.iterationAt(response.timing().endNanos()));
  }

  /**
   * Adds a response that a file kept. Such a file has times in whole milliseconds, so a response
   * may seem to end on the wrong side of a border of the window.
   *
   * @param response its times are nanoseconds since the start
   * @param iteration the label of the iteration in which it ended
   */
  public void add(Response response, String iteration) {
    add(response, clock.window().ofLabel(iteration));
  }

  private void add(Response response, int iteration) {
    if (response.status() != Status.UNSENT) {
      lastEndNanos = Math.max(lastEndNanos, clock.sinceStart(response.timing().endNanos()));
      repeats.add(response);
    }
    leavers.add(response);
    cacheReported |= response.usage().cachedTokens() >= 0;
    ConversationSums ended = conversations.add(response, cacheReported);
    if (ended != null && iteration == Window.DRAIN) {
      addUnfinished(ended);
    }
    boolean awaitsToken =
        !response.timing().hasOutput()
            && !response.ok()
            && !request(response.who().request()).isWithoutTokens();
    WindowedResponse windowed =
        WindowedResponse.of(
            response, iteration, clock, conversations, objectives, awaitsToken, ended);
    conversations.noteObjectives(response, windowed.meetsObjectives());
    addToScopes(windowed);
    addFirstToken(windowed);
    coldWarm.add(windowed);
    samples.add(windowed);
    if (windowed.isCounted()) {
      outcomes.add(response);
      oddities.add(response);
      promptLengths.add(response);
    } else if (iteration <= Window.WARM_UP) {
      inWarmUp.add(response);
    } else if (iteration == Window.DRAIN) {
      inDrain.add(response);
    }
  }

  private void addToScopes(WindowedResponse windowed) {
    Response response = windowed.response();
    overall.add(windowed);
    request(response.who().request()).add(windowed);
    for (Breakdown by : Breakdown.ofResponses()) {
      String value = by.valueOf(response);
      if (value != null) {
        scope(by, value).add(windowed);
      }
    }
    ConversationSums conversation = windowed.conversation();
    if (conversation != null) {
      addOutcome(conversation);
    }
    if (response.who().group() >= 0 && windowed.touchesSpan()) {
      ScopeAccumulator.in(byGroup, Math.min(response.who().group(), MAX_GROUPS - 1)).add(windowed);
    }
    byIteration.add(windowed);
  }

  /**
   * Notes that the load has lasted until the window was over: what of it no response fills was idle
   * time of the load.
   */
  void lastedToTheEnd() {
    lastEndNanos = Math.max(lastEndNanos, clock.window().closeNanos());
  }

  /** Notes that a user pauses before the next turn or attempt of a conversation. */
  void pause(long user, String conversation, long untilNanos) {
    conversations.pause(user, conversation, untilNanos);
  }

  /** Ends the record: conversations that go on do not end any more. A second call does nothing. */
  public void end() {
    conversations.end(
        conversation -> {
          if (!addIfGivenUp(conversation)) {
            addUnfinished(conversation);
          }
        });
  }

  /**
   * Ends the record of a run that was killed: of a conversation that goes on, not even of one whose
   * last turn failed, is it known that its user gave it up.
   */
  public void breakOff() {
    conversations.end(this::addUnfinished);
  }

  private void addOutcome(ConversationSums conversation) {
    boolean isFromWarmUp = clock.iterationAt(conversation.beganNanos()) <= Window.WARM_UP;
    ScopeAccumulator.in(scopes(Breakdown.OUTCOME), Choice.key(conversation.outcome()))
        .addConversation(isFromWarmUp, conversation);
  }

  /**
   * Counts a conversation as failed after which nothing came of it, although the failure policy
   * goes on: its user gave it up, as in {@code exitBlockOnFail}. One whose user was in a pause at
   * the end of the window had not ended in it.
   *
   * @return whether it ended before the end of the window; in the warm-up, it counts for nothing
   */
  private boolean addIfGivenUp(ConversationSums conversation) {
    int iteration = clock.iterationAt(conversation.endNanos());
    boolean isInPause = clock.sinceStart(conversation.pausedUntil()) > endNanos();
    if (!conversation.isStuck() || isInPause || iteration == Window.DRAIN) {
      return false;
    }
    if (iteration > Window.WARM_UP) {
      scopesOf(conversation.who()).forEach(ScopeAccumulator::addFailedConversation);
      byIteration.addFailedConversation(iteration);
      addOutcome(conversation);
    }
    return true;
  }

  /** Adds the age at the end of the window of a conversation that did not end in it. */
  private void addUnfinished(ConversationSums conversation) {
    long age = endNanos() - clock.sinceStart(conversation.beganNanos());
    if (age > 0) {
      scopesOf(conversation.who()).forEach(to -> to.add(Figure.CONVERSATION_AGE, age / 1e6));
    }
  }

  /** Returns the end of the measured window, or of the last response if the load ended before. */
  private long endNanos() {
    return Math.min(lastEndNanos, clock.window().closeNanos());
  }

  /** Returns {@link System#nanoTime()} of the same moment; the run must have begun. */
  long endOfWindow() {
    return clock.nanosAt(endNanos());
  }

  /** Returns the scopes of all responses to a request, however they end. */
  private List<ScopeAccumulator> scopesOf(Response.Who who) {
    List<ScopeAccumulator> scopes = new ArrayList<>(List.of(overall, request(who.request())));
    scopes.add(scope(Breakdown.SCENARIO, who.scenario()));
    if (who.model() != null) {
      scopes.add(scope(Breakdown.MODEL, who.model()));
    }
    if (who.api() != null) {
      scopes.add(scope(Breakdown.API, who.api()));
    }
    if (who.group() >= 0) {
      scopes.add(ScopeAccumulator.in(byGroup, Math.min(who.group(), MAX_GROUPS - 1)));
    }
    return scopes;
  }

  private void addFirstToken(WindowedResponse windowed) {
    Response.Timing timing = windowed.response().timing();
    if (!timing.hasOutput() || !windowed.contains(timing.chunkNanos()[0])) {
      return;
    }
    boolean isOneBody =
        timing.chunks() <= timing.choices() && Oddity.UNSTREAMED.isOf(windowed.response());
    if (isOneBody || windowed.response().usage().hiddenTokens() > 0) {
      // the end of it is seen, or the end of its reasoning, and not the first token
      unseenFirstTokens++;
    } else {
      firstTokens++;
      firstTokenMillis += timing.ttftNanos() / 1e6;
    }
  }

  private ScopeAccumulator scope(Breakdown by, String value) {
    Map<String, ScopeAccumulator> scopes = scopes(by);
    ScopeAccumulator known = scopes.get(value);
    return known == null ? ScopeAccumulator.in(scopes, pooled(scopes, value, by.most())) : known;
  }

  private ScopeAccumulator request(String name) {
    ScopeAccumulator known = byRequest.get(name);
    if (known != null) {
      return known;
    }
    return byRequest.computeIfAbsent(
        pooled(byRequest, name, MAX_REQUESTS),
        unseen ->
            byRequest.size() < MAX_DETAILED_REQUESTS
                ? ScopeAccumulator.detailed(TimelineAccumulator.MAX_CHART_STEPS)
                : new ScopeAccumulator());
  }

  private Map<String, ScopeAccumulator> scopes(Breakdown by) {
    return breakdowns.computeIfAbsent(by, unseen -> new TreeMap<>());
  }

  /** Returns the name under which a scope is kept: its own, unless there are too many. */
  private static String pooled(Map<String, ScopeAccumulator> scopes, String name, int most) {
    return scopes.size() < most || scopes.containsKey(name) ? name : Breakdown.OTHERS;
  }

  /**
   * Returns an empty run to which these can be {@linkplain #add(RunAccumulator) added}: the runs of
   * load generators that worked side by side become the run of one that did it all. Counts and
   * histograms are added up, and percentiles come from the sums. Time is the wall clock: the window
   * reaches from the first opening to the last closing, and seconds are moved to the nearest second
   * of it. Rates are over this window: a generator that measured only a part of it adds nothing to
   * the rest, so that the rates are never more than those of the whole. Iterations are merged by
   * number if all runs have the same ones. Of the load generators' health the worst is kept. What
   * the server costs is only known of it if all runs say the same.
   *
   * @param runs one or more that have begun, with the same objectives, with or without their
   *     responses; the caller must know whether their clocks agree
   * @throws IllegalArgumentException if objectives differ
   */
  public static RunAccumulator emptySum(List<RunAccumulator> runs) {
    Objectives objectives = runs.get(0).objectives;
    if (!runs.stream().allMatch(run -> run.objectives.equals(objectives))) {
      throw new IllegalArgumentException("runs with different objectives cannot be merged");
    }
    long start = runs.stream().mapToLong(RunAccumulator::startEpochMillis).min().getAsLong();
    long open = runs.stream().mapToLong(RunAccumulator::windowOpenNanos).min().getAsLong();
    long close = runs.stream().mapToLong(RunAccumulator::windowCloseNanos).max().getAsLong();
    Window window = Window.between(open - start * 1_000_000, close - start * 1_000_000);
    RunAccumulator sum = new RunAccumulator(RunClock.of(window, start), objectives);
    Window iterations = runs.get(0).byIteration.window();
    if (runs.stream().allMatch(run -> run.byIteration.window().equals(iterations))) {
      sum.byIteration = new IterationsAccumulator(iterations);
    }
    Deployment deployment = runs.get(0).deployment;
    if (runs.stream().allMatch(run -> run.deployment.equals(deployment))) {
      sum.deployment = deployment;
    }
    long lastEnd =
        runs.stream()
            .mapToLong(
                run ->
                    (Objects.requireNonNull(run.startEpochMillis()) - start) * 1_000_000
                        + run.lastEndNanos)
            .max()
            .getAsLong();
    sum.lastEndNanos = Math.max(window.closeNanos(), lastEnd);
    return sum;
  }

  /** Adds one of the runs that this is the sum of. */
  public void add(RunAccumulator other) {
    long laterNanos = other.windowOpenNanos() - windowOpenNanos();
    boolean knowsGaps = overall.knowsGaps() && other.overall.knowsGaps();
    overall.add(other.overall, laterNanos);
    addAll(other.byRequest, byRequest, MAX_REQUESTS, laterNanos);
    other.breakdowns.forEach((by, scopes) -> addAll(scopes, scopes(by), by.most(), laterNanos));
    ScopeAccumulator.addAll(other.byGroup, byGroup, laterNanos);
    byIteration.add(other.byIteration);
    coldWarm.add(other.coldWarm);
    samples.add(other.samples, laterNanos);
    inWarmUp.add(other.inWarmUp);
    outcomes.add(other.outcomes);
    inDrain.add(other.inDrain);
    oddities.add(other.oddities);
    promptLengths.add(other.promptLengths);
    repeats.add(other.repeats);
    cacheReported |= other.cacheReported;
    ranOut |= other.ranOut;
    client.add(other.client);
    firstTokens += other.firstTokens;
    unseenFirstTokens += other.unseenFirstTokens;
    firstTokenMillis += other.firstTokenMillis;
    server = server.and(other.server.later(laterNanos / 1e9));
    leavers.add(other.leavers);
    arrivals.add(other.arrivals);
    if (!knowsGaps) {
      removeGaps();
    }
  }

  private static void addAll(
      Map<String, ScopeAccumulator> from,
      Map<String, ScopeAccumulator> to,
      int most,
      long laterNanos) {
    from.forEach(
        (name, scope) ->
            ScopeAccumulator.addAll(Map.of(pooled(to, name, most), scope), to, laterNanos));
  }

  /** Removes the gaps between chunks, ICL and ITL, of responses whose times are not known. */
  public void removeGaps() {
    samples.removeGaps();
    Stream.concat(
            Stream.of(List.of(overall), byRequest.values(), byGroup.values(), byIteration.scopes()),
            breakdowns.values().stream().map(Map::values))
        .flatMap(Collection::stream)
        .forEach(
            scope -> {
              scope.remove(Figure.ICL);
              scope.remove(Figure.ITL);
              scope.remove(Figure.OPEN_GAP);
            });
  }

  /** Drops what the server runs on: it is not that of the servers that were measured together. */
  public void dropDeployment() {
    deployment = Deployment.UNKNOWN;
  }

  /** Returns when users arrive, for updating. */
  ArrivalsAccumulator arrivals() {
    return arrivals;
  }

  /** Sets what the server's own metrics tell about the run. */
  void setServer(ServerMetrics server) {
    this.server = server;
  }

  /** Returns the objectives that responses are judged by. */
  public Objectives objectives() {
    return objectives;
  }

  /** Returns the wall clock at the start of the run in epoch milliseconds, or null before it. */
  public @Nullable Long startEpochMillis() {
    return clock.startEpochMillis();
  }

  /**
   * Moves the run by the wall clock, because that of its load generator was wrong.
   *
   * @param millis added to the start
   */
  public void correctClock(long millis) {
    clock.correct(millis);
  }

  /** Returns the opening of the window in nanoseconds since the epoch; the run must have begun. */
  public long windowOpenNanos() {
    return clock.beginning() * 1_000_000 + clock.window().warmUpNanos();
  }

  /** Returns the end of the window in nanoseconds since the epoch; the run must have begun. */
  public long windowCloseNanos() {
    return windowOpenNanos() + windowNanos();
  }

  private long windowNanos() {
    return clock.window().lengthNanos(lastEndNanos);
  }

  /** Returns the load generator's health, for updating. */
  ClientAccumulator client() {
    return client;
  }

  /** Returns the figures of the run so far. */
  public RunSummary summary() {
    SummaryContext context =
        new SummaryContext(windowNanos() / 1e9, objectives, cacheReported, deployment);
    SummaryContext part = context.ofPart();
    RunSummary.Arrivals came = arrivals.summary(context.seconds());
    return new RunSummary(
        context.seconds(),
        overall
            .summary(context)
            .with(server.ofWindow(context.seconds()))
            .with(leaversFigures())
            .with(came == null ? Map.of() : came.figures()),
        ScopeAccumulator.summaries(byRequest, part),
        breakdownSummaries(part),
        ScopeAccumulator.summaries(byGroup, part),
        withOthers(byIteration.summary(context)),
        coldWarm.summary(context, scopes(Breakdown.MODEL).size()),
        outcomes.summary().failures(),
        inWarmUp.summary(),
        inDrain.summary(),
        oddities.summary(),
        promptLengths.summary(),
        samples.summary(),
        repeats.count(),
        ranOut,
        client.summary(),
        new RunSummary.FirstTokens(firstTokens, firstTokenMillis, unseenFirstTokens),
        server,
        came);
  }

  private Map<Figure, Double> leaversFigures() {
    double warmUp = clock.window().warmUpNanos() / 1e9;
    return leavers.figures(server, -warmUp, lastEndNanos / 1e9 - warmUp);
  }

  private Map<Breakdown, SortedMap<String, ScopeSummary>> breakdownSummaries(SummaryContext part) {
    Map<Breakdown, SortedMap<String, ScopeSummary>> all = new EnumMap<>(Breakdown.class);
    breakdowns.forEach((by, scopes) -> all.put(by, ScopeAccumulator.summaries(scopes, part)));
    return Collections.unmodifiableMap(all);
  }

  private SortedMap<Integer, ScopeSummary> withOthers(SortedMap<Integer, ScopeSummary> iterations) {
    SortedMap<Integer, ScopeSummary> all = new TreeMap<>();
    iterations.forEach(
        (number, scope) ->
            all.put(
                number,
                scope
                    .with(server.figures(number))
                    .with(arrivals.figures(number, byIteration.seconds(number)))));
    return Collections.unmodifiableSortedMap(all);
  }
}
