package dev.gatlingllm.gatling;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.conversation.Conversation;
import dev.gatlingllm.metrics.Deployment;
import dev.gatlingllm.metrics.LiveFigures;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.ResponseSink;
import dev.gatlingllm.metrics.RunAccumulator;
import dev.gatlingllm.metrics.TokenRecorder;
import dev.gatlingllm.metrics.Window;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.settings.SettingException;
import dev.gatlingllm.settings.UsedSettings;
import dev.gatlingllm.workload.Shard;
import io.gatling.core.CoreComponents;
import io.gatling.core.session.Session;
import io.gatling.http.protocol.HttpProtocol;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of a simulation: hands responses to the recorder and knows what the run consists of. Any
 * thread may call any method. What describes the run is set while the simulation is built, before
 * the first request.
 *
 * <p>Gatling usually starts a process for each run. Where one process runs several simulations one
 * after the other, each gets a run of its own: {@link #current} returns a new one as soon as the
 * load of the last has ended. Two at the same time are refused.
 */
public final class TokenRun {

  /** The longest time that the event loops may take to record the requests under way. */
  private static final int CUT_SECONDS = 5;

  /** Reading the two clocks usually takes less than a microsecond. */
  private static final long MAX_READING_NANOS = 100_000;

  private static final int MAX_READINGS = 10;

  private static final AtomicReference<TokenRun> CURRENT = new AtomicReference<>(new TokenRun());

  /** The run that ends with the process; guarded by the class. */
  private static @Nullable TokenRun toEnd;

  private static boolean hooked;

  /** Whether a run of this process had a problem; guarded by the class. */
  private static boolean incomplete;

  /** Whether the run that ended last was stopped during its load; guarded by the class. */
  private static boolean stopped;

  private static volatile Supplier<RunObserver> reporters = () -> RunObserver.NOBODY;

  private final List<RunObserver> observers = new CopyOnWriteArrayList<>();
  private final LiveFigures live = new LiveFigures();
  private final FirstResponses firstResponses = new FirstResponses();
  private final TokenAssertions assertions = new TokenAssertions(() -> shard().count());
  private final RunProblems problems = new RunProblems(System.err);

  /** The requests whose responses are not recorded yet. */
  private final Set<PendingResponse> underWay = ConcurrentHashMap.newKeySet();

  /** The good responses whose tokens are being counted. */
  private final Map<PendingResponse, Response> uncounted = new ConcurrentHashMap<>();

  private final Set<String> models = new TreeSet<>();
  private final Set<String> defaultModels = new TreeSet<>();
  private final Set<String> modelsOfWorkloads = new TreeSet<>();
  private final Map<Object, String> idPrefixes = new HashMap<>();
  private final List<ConversationSource> sources = new ArrayList<>();
  private final AtomicInteger arrivals = new AtomicInteger();
  private Objectives objectives;
  private Window window;
  private volatile List<String> injection = List.of();
  private @Nullable Duration warmUp;
  private CoreComponents gatling;
  private volatile @Nullable Tokenizer tokenizer;
  private volatile @Nullable Long seed;
  private volatile @Nullable Shard shard;
  private volatile @Nullable String baseUrl;

  /** The base URLs of all protocols with timed actions. */
  private final Set<String> servers = ConcurrentHashMap.newKeySet();

  private volatile @Nullable String replicaHeader;
  private volatile TokenRecorder recorder;
  private volatile boolean closed;
  private volatile boolean isLoadOver;
  private volatile boolean endsWithWindow;
  private volatile boolean beginsWithUsers;
  private volatile boolean hasLeavers;

  @SuppressWarnings("NullAway.Init") // prepare() sets the rest, before the first request
  private TokenRun() {}

  /** Returns the run of the simulation that is being built or is running. Does not block. */
  public static TokenRun current() {
    TokenRun run = requireNonNull(CURRENT.get());
    return run.closed
        ? CURRENT.updateAndGet(latest -> latest.closed ? new TokenRun() : latest)
        : run;
  }

  /** Returns the version of Gatling that drives the run. */
  public static String gatlingVersion() {
    return GatlingVersions.current();
  }

  /** Sets what makes the reporter of each run of this process. */
  public static void setReporters(Supplier<RunObserver> reporters) {
    TokenRun.reporters = reporters;
  }

  /** Adds an observer, notified after the reporter. */
  public void addObserver(RunObserver observer) {
    observers.add(observer);
  }

  /** Ends conversations at their next turn once the measurement window has passed. */
  public void endConversationsWithWindow() {
    endsWithWindow = true;
    beginsWithUsers = true;
  }

  /** Returns whether conversations must stop at their next turn. Does not block. */
  public boolean isOver() {
    return endsWithWindow && isPastWindow();
  }

  /** Returns whether the measurement window has passed. Does not block. */
  boolean isPastWindow() {
    return recorder != null && recorder.isOver();
  }

  /**
   * Sets the measurement window. Default: what the injection profile of the simulation says.
   *
   * @throws IllegalStateException in a benchmark, whose annotations set it
   */
  public void measure(Window window) {
    requireFreeWindow();
    this.window = window;
  }

  /**
   * Measures what follows a warm-up, to the end that the injection profile says.
   *
   * @throws IllegalStateException in a benchmark, whose annotations set the window
   */
  public void measureAfter(Duration warmUp) {
    requireFreeWindow();
    this.warmUp = warmUp;
  }

  private void requireFreeWindow() {
    if (endsWithWindow) {
      throw new IllegalStateException(
          "A benchmark's @Warmup and @Measurement set the measurement window; remove measure(…) and"
              + " warmUp(…)");
    }
  }

  /** Sets the objectives of goodput; they override {@code llm.goodput}. */
  public synchronized void setObjectives(Objectives objectives) {
    this.objectives = objectives;
  }

  /** Returns the objectives of goodput; null before the simulation has timed requests. */
  public synchronized Objectives objectives() {
    return objectives;
  }

  /** Takes the objectives of {@code llm.goodput} unless the simulation has set its own. */
  synchronized void readObjectives() {
    if (objectives == null) {
      objectives =
          LlmSettings.get().find(Setting.GOODPUT).map(TokenRun::parsed).orElse(Objectives.NONE);
    }
  }

  private static Deployment deployment() {
    LlmSettings settings = LlmSettings.get();
    return new Deployment(
        settings.find(Setting.GPUS).orElse(-1.0),
        settings.find(Setting.COST_PER_HOUR).orElse(-1.0));
  }

  private static Objectives parsed(String goodput) {
    try {
      return Objectives.parse(goodput);
    } catch (IllegalArgumentException e) {
      throw new SettingException(Setting.GOODPUT, goodput, e);
    }
  }

  /** Sets the tokenizer that counts responses where the server does not. */
  public void setTokenizer(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** Returns the tokenizer of the workload, if there is one. */
  public Optional<Tokenizer> tokenizer() {
    return Optional.ofNullable(tokenizer);
  }

  /** Returns whether there is a tokenizer. */
  boolean hasTokenizer() {
    return tokenizer != null;
  }

  /** Sets the seed of the workload. */
  public void setSeed(long seed) {
    this.seed = seed;
  }

  /** Returns the seed of the workload, if there is one. */
  public Optional<Long> seed() {
    return Optional.ofNullable(seed);
  }

  /** Sets which load generator the workload is told to be. */
  public void setShard(Shard shard) {
    this.shard = shard;
  }

  /** Returns which load generator this is: by the settings, else as a workload was told. */
  public Shard shard() {
    LlmSettings settings = LlmSettings.get();
    return settings.isSet(Setting.SHARD)
        ? settings.get(Setting.SHARD)
        : requireNonNullElse(shard, Shard.WHOLE);
  }

  /** Notes that users of the simulation abandon responses. */
  void addLeavers() {
    hasLeavers = true;
  }

  /** Returns whether users of the simulation abandon responses. */
  public boolean hasLeavers() {
    return hasLeavers;
  }

  /** Notes that a request of the simulation asks this model. */
  public synchronized void addModel(String model) {
    models.add(model);
  }

  /** Notes that a request asks this model, unless its workload decides which. */
  public synchronized void addDefaultModel(String model) {
    defaultModels.add(model);
  }

  /** Notes that conversations of a workload ask this model. */
  public synchronized void addModelOfWorkload(String model) {
    modelsOfWorkloads.add(model);
  }

  /**
   * Returns what precedes the ids of a workload's conversations: nothing for the first workload of
   * the run, so that ids are short where there is only one.
   *
   * @param workload equal for workloads with the same conversations
   */
  public synchronized String idPrefix(Object workload) {
    return idPrefixes.computeIfAbsent(
        workload, unseen -> idPrefixes.isEmpty() ? "" : "workload" + (idPrefixes.size() + 1) + "-");
  }

  /** Returns the number of the next random arrivals of the simulation, from 0. */
  public int nextArrivals() {
    return arrivals.getAndIncrement();
  }

  /** Adds a source of conversations, the first of which are made before a common start. */
  synchronized void addSource(ConversationSource source) {
    sources.add(source);
  }

  /** Returns the models that the simulation asks, as far as they are known before the run. */
  public synchronized Optional<String> models() {
    Set<String> all = new TreeSet<>(models);
    all.addAll(modelsOfWorkloads.isEmpty() ? defaultModels : modelsOfWorkloads);
    return all.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", all));
  }

  /** Returns the injection profile of each population; empty where Gatling does not tell. */
  public List<String> injection() {
    return injection;
  }

  /** Returns the simulation's assertions on token figures. */
  public TokenAssertions assertions() {
    return assertions;
  }

  /** Returns the root of the server under test, as the protocol names it. */
  public Optional<String> baseUrl() {
    return Optional.ofNullable(baseUrl);
  }

  /** Returns the servers under test, as the protocols name them. */
  Set<String> servers() {
    return servers;
  }

  /** Returns the header of responses that names the replica, or null. */
  @Nullable String replicaHeader() {
    return replicaHeader;
  }

  /**
   * Prepares the recording. Called for each timed action as Gatling builds it; the first call
   * counts.
   *
   * @throws IllegalStateException if another simulation of this process is still running
   */
  synchronized void prepare(CoreComponents core, HttpProtocol protocol) {
    if (protocol.baseUrls().nonEmpty()) {
      baseUrl = protocol.baseUrls().head();
      protocol.baseUrls().foreach(servers::add);
    }
    if (gatling != null && gatling.actorSystem() != core.actorSystem()) {
      throw new IllegalStateException(
          "Another simulation with token-timed requests is still running in this process; run them"
              + " one after the other, or each in a process of its own");
    }
    if (gatling != null) {
      return;
    }
    gatling = core;
    Optional<CommonStart> start = LlmSettings.get().find(Setting.START_AT).map(CommonStart::new);
    start.ifPresent(CommonStart::check);
    replicaHeader = LlmSettings.get().find(Setting.REPLICA_HEADER).orElse(null);
    LibraryClasses.load();
    endEarlierRun();
    observers.add(0, reporters.get());
    List<ResponseSink> sinks = new ArrayList<>();
    observers.forEach(observer -> sinks.addAll(observer.sinks(this)));
    sinks.add(live);
    if (window == null) {
      window = InjectionWindow.of(core, Optional.ofNullable(warmUp));
      beginsWithUsers = warmUp == null;
    }
    injection = InjectionWindow.describe(core);
    // asking for the planned arrivals of a load must not begin the run: there is no recorder yet
    Optional<Iterator<Duration>> planned = InjectionWindow.arrivals(core);
    recorder = TokenRecorder.start(window, objectives, deployment(), sinks);
    planned.ifPresent(
        times ->
            recorder.recordArrivals(
                sources.stream().anyMatch(ConversationSource::hasDueTimes) || !times.hasNext()
                    ? Optional.empty()
                    : planned));
    observers.forEach(observer -> observer.prepared(this));
    start.ifPresent(moment -> moment.await(firstConversations()));
    EventLoopLag.watch(core.eventLoopGroup(), recorder::recordLag);
    observers.forEach(observer -> observer.starting(this));
    GatlingEvents.onStatusPrinted(core, this::statusPrinted);
    GatlingEvents.onLoadEnd(core.actorSystem(), this::loadEnded);
    endAtExit();
  }

  /** Returns a task that makes one of the first conversations at each call. */
  private BooleanSupplier firstConversations() {
    Queue<ConversationSource> unfinished = new ArrayDeque<>(sources);
    return () -> {
      ConversationSource source = unfinished.poll();
      if (source != null && source.makeNext()) {
        unfinished.add(source);
      }
      return !unfinished.isEmpty();
    };
  }

  private void endAtExit() {
    synchronized (TokenRun.class) {
      toEnd = this;
      if (!hooked) {
        hooked = true;
        Runtime.getRuntime()
            .addShutdownHook(new Thread(TokenRun::endProcess, "gatling-llm-conclusion"));
      }
    }
  }

  /**
   * Runs a task at the end of the process, when its last run has ended; not if that was stopped
   * during its load, because its users are still at work.
   */
  public static void runAtExit(Runnable task) {
    Runnable afterRun =
        () -> {
          endEarlierRun();
          if (!wasStopped()) {
            task.run();
          }
        };
    Runtime.getRuntime().addShutdownHook(new Thread(afterRun, "gatling-llm-exit"));
  }

  /**
   * Ends the last run. The process has its exit status by now; only halting it gives it another.
   */
  private static void endProcess() {
    endEarlierRun();
    synchronized (TokenRun.class) {
      if (incomplete) {
        System.out.flush();
        System.err.println(
            "gatling-llm: this run is incomplete; exit status " + RunProblems.EXIT_STATUS);
        Runtime.getRuntime().halt(RunProblems.EXIT_STATUS);
      }
    }
  }

  /** Ends the run before this one, or the last one of the process: Gatling is done with it. */
  private static void endEarlierRun() {
    synchronized (TokenRun.class) {
      TokenRun earlier = toEnd;
      if (earlier != null) {
        stopped = !earlier.closed;
        earlier.end();
        incomplete |= earlier.problems.isAny();
        toEnd = null;
      }
    }
  }

  private static boolean wasStopped() {
    synchronized (TokenRun.class) {
      return stopped;
    }
  }

  private void statusPrinted() {
    if (recorder.startEpochMillis().isPresent()) {
      observers.forEach(observer -> observer.statusPrinted(this));
    }
  }

  private void loadEnded() {
    isLoadOver = true;
    endRecording();
    tell(observer -> observer.loadEnded(this));
  }

  /**
   * Ends the recording, at the end of the load or of a process that is stopped before. A second
   * call waits for the first and does nothing.
   */
  private synchronized void endRecording() {
    if (!closed) {
      problems.attempt("the record of requests under way", this::cutUnderWay);
      tell(observer -> observer.loadStopped(this));
      uncounted.forEach(this::recordCounted);
      recorder.close();
      closed = true;
      recorder.sinkFailures().forEach(problems::add);
      tell(observer -> observer.recordingEnded(this));
      UsedSettings.clear();
    }
  }

  /** Records the requests under way, each on the event loop of its user. */
  private void cutUnderWay() throws InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<?>[] cuts =
        underWay.stream()
            .map(
                pending ->
                    CompletableFuture.runAsync(
                        () -> cut(pending), pending.tx.session().eventLoop()))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(cuts).get(CUT_SECONDS, TimeUnit.SECONDS);
  }

  private void cut(PendingResponse pending) {
    if (pending.isUnderWay()) {
      record(pending, pending.cut());
    }
  }

  private void end() {
    endRecording();
    problems.retry();
    tell(observer -> observer.ended(this));
  }

  /** Tells each observer, also those after one that fails. */
  private void tell(Consumer<RunObserver> event) {
    observers.forEach(
        observer -> problems.attempt("the report of the run", () -> event.accept(observer)));
  }

  /** Returns what could not be recorded, written or shown of this run. */
  public RunProblems problems() {
    return problems;
  }

  /** Returns the first responses to prompts that are repeated. */
  FirstResponses firstResponses() {
    return firstResponses;
  }

  /** Returns the current figures of the run. */
  public LiveFigures live() {
    return live;
  }

  /** Returns whether the load came to its own end; the process may be stopped before. */
  public boolean isLoadOver() {
    return isLoadOver;
  }

  /**
   * Returns whether the load goes on for a time, as its injection profiles plan it; false if these
   * cannot be read, or if it lasts until a number of users are done.
   */
  public boolean lasts(Duration time) {
    return gatling != null && InjectionWindow.lasts(gatling, time);
  }

  /** Returns what is recorded of the run; null before it is prepared. */
  public TokenRecorder recorder() {
    return recorder;
  }

  /** Returns the run as it is kept and merged with others; empty until the recording has ended. */
  public RunAccumulator state() {
    return closed ? recorder.run() : RunAccumulator.empty(window, objectives).on(deployment());
  }

  /**
   * Notes that a virtual user has started. A run that is measured as long as Gatling injects users
   * begins with the first of them: if it began with the first request, it would outlast the
   * injection by the time before that.
   */
  void userStarted() {
    if (beginsWithUsers && recorder != null) {
      begin();
    }
  }

  /** Notes that a virtual user found no conversation left. */
  void noConversationLeft() {
    if (recorder != null) {
      recorder.noConversationLeft();
    }
  }

  /** Notes that a virtual user sends a request, of which the first one counts as its arrival. */
  void arrive(Session session) {
    Arrival arrival = SessionVariables.arrival(session);
    if (recorder != null && arrival != null && arrival.begins()) {
      recorder.recordArrival(System.nanoTime(), arrival.isPlanned());
    }
  }

  /**
   * Notes that a virtual user pauses before the next turn or attempt of its conversation.
   *
   * @param untilNanos {@link System#nanoTime()} at which the pause is over
   */
  void pauses(Session session, long untilNanos) {
    Conversation conversation = SessionVariables.conversation(session);
    if (recorder != null && conversation != null) {
      recorder.recordPause(session.userId(), conversation.id(), untilNanos);
    }
  }

  /** Begins the run: its load starts now, whenever the first user comes. */
  void loadStarted() {
    if (recorder != null) {
      begin();
    }
  }

  /** Begins the run, if it has not begun: the first request is about to be sent. */
  void begin() {
    if (recorder.clock().hasBegun()) {
      return;
    }
    // where this thread is suspended between the two readings, they are of different moments
    for (int tries = 1; ; tries++) {
      long nanos = System.nanoTime();
      long epochMillis = System.currentTimeMillis();
      if (System.nanoTime() - nanos < MAX_READING_NANOS || tries == MAX_READINGS) {
        recorder.begin(nanos, epochMillis);
        return;
      }
    }
  }

  /** Notes that a request is sent, whose response will be recorded unless it is silent. */
  void sent(PendingResponse pending) {
    if (!pending.tx.silent()) {
      underWay.add(pending);
    }
  }

  /** Notes that another request takes the place of one that is not recorded. */
  void followUp(PendingResponse pending) {
    underWay.remove(pending);
  }

  /** Records the response to a request, unless the request is silent or was cut. */
  void record(PendingResponse pending, Response response) {
    if (underWay.remove(pending)) {
      recordDate(pending);
      record(response);
    }
  }

  private void recordDate(PendingResponse pending) {
    String date = pending.date;
    if (date != null && !pending.isFromOtherServer()) {
      recorder.recordDate(date, pending.timeline.writtenNanos(), pending.headNanos);
    }
  }

  /** Records a response. One that arrives after the recording has ended is not part of the run. */
  void record(Response response) {
    recorder.record(response);
  }

  /**
   * Records a response once the tokens of its text are counted, and without the count when the run
   * ends before.
   *
   * @param uncounted what is recorded when the run ends before
   * @param response returns what is recorded, of the count
   * @return the count, once the response is recorded: those of later turns are recorded after it
   */
  <T> CompletableFuture<T> recordWhenCounted(
      PendingResponse pending,
      Response uncounted,
      CompletableFuture<T> count,
      Function<T, Response> response) {
    if (!underWay.remove(pending)) {
      return count;
    }
    recordDate(pending);
    this.uncounted.put(pending, uncounted);
    return count.thenApply(
        counted -> {
          recordCounted(pending, response.apply(counted));
          return counted;
        });
  }

  private void recordCounted(PendingResponse pending, Response response) {
    if (uncounted.remove(pending) != null) {
      record(response);
    }
  }

  /** Returns a response with the count of our tokenizer, unless it is unknown. */
  static Response withTokens(Response response, int tokens) {
    return tokens < 0 ? response : response.withOutputTokens(tokens, OutputTokensSource.TOKENIZER);
  }

  /**
   * Counts the tokens of a text on a thread of its own, never on an event loop.
   *
   * @return {@link Response#UNKNOWN} where that takes too long or fails
   */
  CompletableFuture<Integer> countTokens(String text) {
    return TextCounter.DEFAULT.count(requireNonNull(tokenizer), text);
  }
}
