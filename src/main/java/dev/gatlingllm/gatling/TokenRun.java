package dev.gatlingllm.gatling;

import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.metrics.ClientHealth;
import dev.gatlingllm.metrics.LiveFigures;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.ResponseSink;
import dev.gatlingllm.metrics.RunAccumulator;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.TokenRecorder;
import dev.gatlingllm.metrics.Window;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.SettingException;
import io.gatling.commons.util.GatlingVersion;
import io.gatling.core.CoreComponents;
import io.gatling.core.actor.ActorSystem;
import io.gatling.http.protocol.HttpProtocol;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * The one run of this process: Gatling starts a process for each. It hands replies to the recorder
 * and knows what the run was made of. Any thread may call any method; what describes the run is
 * said while the simulation is built, before the first request.
 */
public final class TokenRun {

  private static final TokenRun CURRENT = new TokenRun();

  private final ExecutorService counting =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "gatling-llm-tokenizer");
            thread.setDaemon(true);
            return thread;
          });

  private volatile RunObserver report = RunObserver.NOBODY;
  private final List<RunObserver> others = new CopyOnWriteArrayList<>();
  private final LiveFigures live = new LiveFigures();
  private Objectives objectives;
  private Window window = Window.openEnded(Duration.ZERO);
  private ActorSystem accompanied;
  private volatile Tokenizer tokenizer;
  private volatile Long seed;
  private volatile String baseUrl;
  private volatile TokenRecorder recorder;
  private volatile boolean closed;
  private volatile boolean endsWithWindow;

  private TokenRun() {}

  /** The run of this process. */
  public static TokenRun current() {
    return CURRENT;
  }

  /** The version of Gatling that drives the run. */
  public static String gatlingVersion() {
    return GatlingVersion.ThisVersion().fullVersion();
  }

  /** Has the run's figures reported. */
  public void observeBy(RunObserver report) {
    this.report = report;
  }

  /** Tells another one, too, after the report. */
  public void alsoObserveBy(RunObserver other) {
    others.add(other);
  }

  private void tell(Consumer<RunObserver> news) {
    news.accept(report);
    others.forEach(news);
  }

  /** Has conversations end at their next turn when the measured window has passed. */
  public void endConversationsWithWindow() {
    endsWithWindow = true;
  }

  /** Whether no conversation is to go on. Never blocks. */
  public boolean isOver() {
    return endsWithWindow && recorder != null && recorder.isOver();
  }

  /** Which part of the run is measured; all of it where nothing is said. */
  public void measure(Window window) {
    if (endsWithWindow) {
      throw new IllegalStateException(
          "a benchmark's @Warmup and @Measurement say what is measured; leave measure and warmUp"
              + " out");
    }
    this.window = window;
  }

  /** What a response must keep for goodput; over what {@code llm.goodput} says. */
  public synchronized void judgeBy(Objectives objectives) {
    this.objectives = objectives;
  }

  /** Takes the objectives of {@code llm.goodput} unless the simulation has stated its own. */
  synchronized void readObjectives() {
    if (objectives == null) {
      objectives = LlmSettings.get().goodput().map(TokenRun::parsed).orElse(Objectives.NONE);
    }
  }

  private static Objectives parsed(String goodput) {
    try {
      return Objectives.parse(goodput);
    } catch (IllegalArgumentException e) {
      throw new SettingException("llm.goodput", goodput, e);
    }
  }

  /** Has replies counted by a tokenizer where the server does not say how long they are. */
  public void tokenizerIs(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** The seed of the workload. */
  public void seedIs(long seed) {
    this.seed = seed;
  }

  void serverIs(HttpProtocol protocol) {
    if (protocol.baseUrls().nonEmpty()) {
      baseUrl = protocol.baseUrls().head();
    }
  }

  /** A load is about to run on Gatling's components, with timed steps. */
  synchronized void accompany(CoreComponents core) {
    if (accompanied != core.actorSystem()) {
      accompanied = core.actorSystem();
      ConsoleRhythm.follow(core, this::statusPrinted);
      LoadEnd.call(accompanied, () -> tell(observer -> observer.loadEnded(this)));
    }
  }

  private void statusPrinted() {
    if (startEpochMillis().isPresent()) {
      tell(observer -> observer.statusPrinted(this));
    }
  }

  /**
   * The first timed step of a scenario exists: there will be something to record.
   *
   * @param eventLoops the ones that will read replies
   */
  synchronized void prepare(EventLoopGroup eventLoops) {
    if (recorder == null) {
      recorder = TokenRecorder.start(window, objectives, sinks());
      EventLoopLag.watch(eventLoops, recorder::recordLag);
      tell(observer -> observer.prepared(this));
      Runtime.getRuntime().addShutdownHook(new Thread(this::end, "gatling-llm-conclusion"));
    }
  }

  private void end() {
    close();
    tell(observer -> observer.ended(this));
  }

  private List<ResponseSink> sinks() {
    List<ResponseSink> sinks = new ArrayList<>();
    tell(observer -> sinks.addAll(observer.sinks()));
    sinks.add(live);
    return sinks;
  }

  /** How the run goes right now. */
  public LiveFigures live() {
    return live;
  }

  /** The tokenizer of the workload, if there is one. */
  public Optional<Tokenizer> tokenizer() {
    return Optional.ofNullable(tokenizer);
  }

  /** The seed of the workload, if there is one. */
  public Optional<Long> seed() {
    return Optional.ofNullable(seed);
  }

  /** Root of the server under test, as the protocol names it. */
  public Optional<String> baseUrl() {
    return Optional.ofNullable(baseUrl);
  }

  /** Wall clock at the first request, in milliseconds since the epoch; empty before it. */
  public OptionalLong startEpochMillis() {
    return recorder.startEpochMillis();
  }

  /** Everything recorded so far. Waits for the recorder's thread; not for event loops. */
  public RunSummary summary() {
    return recorder.summary();
  }

  /** How the load generator fared in each iteration; to be asked when the run has {@code ended}. */
  public SortedMap<Integer, ClientHealth> clientByIteration() {
    return recorder.clientByIteration();
  }

  /** The run as it can be kept and added to others; before {@link #close} nothing of it yet. */
  public RunAccumulator state() {
    return closed ? recorder.run() : RunAccumulator.empty(window, objectives);
  }

  /**
   * Ends the recording; the summary is the whole run from now on, and later replies are no part.
   */
  public void close() {
    closed = true;
    recorder.close();
  }

  /**
   * A virtual user has begun. The load of a benchmark begins with it: were it to begin with the
   * first request, it would outlast Gatling's injection by what comes before that.
   */
  void userBegins() {
    if (endsWithWindow && recorder != null) {
      begin();
    }
  }

  void begin() {
    recorder.begin(System.nanoTime(), System.currentTimeMillis());
  }

  void record(Response measurement) {
    recorder.record(measurement);
  }

  boolean hasTokenizer() {
    return tokenizer != null;
  }

  /** Counts on a thread of its own, never on an event loop. */
  CompletableFuture<Integer> countTokens(String text) {
    return CompletableFuture.supplyAsync(() -> tokenizer.count(text), counting);
  }
}
