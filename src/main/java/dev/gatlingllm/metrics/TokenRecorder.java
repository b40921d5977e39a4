package dev.gatlingllm.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the responses of a run from any number of threads and returns its figures at any moment.
 * Safe for use by several threads; {@link #begin} and {@link #record} never block.
 *
 * <p>Event loops only enqueue. A daemon thread of the recorder wakes up fifty times a second and
 * drains the queue. It alone touches accumulators and sinks, so these need no locks and see
 * responses in the order in which they were recorded. Event loops never wake it, because a wake-up
 * costs more than everything else that they do here.
 */
public final class TokenRecorder implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(TokenRecorder.class);

  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private record Lag(int loop, long ranNanos, long lagNanos) {}

  private record Date(String header, long writtenNanos, long receivedNanos) {}

  private final Queue<Response> recorded = new ConcurrentLinkedQueue<>();
  private final Queue<Lag> lags = new ConcurrentLinkedQueue<>();
  private final Queue<Date> dates = new ConcurrentLinkedQueue<>();
  private final Queue<Long> arrivals = new ConcurrentLinkedQueue<>();
  private final Queue<Runnable> questions = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<RunSummary> finalSummary = new CompletableFuture<>();
  private final AtomicLong late = new AtomicLong();
  private final RunClock clock;
  private final RunAccumulator run;
  private final ClientMonitor client;
  private final ServerDates serverDates = new ServerDates();
  private final ChunkSizes chunkSizes = new ChunkSizes();
  private final List<GuardedSink> sinks = new ArrayList<>();
  private final Thread thread;
  private volatile LongFunction<ServerMetrics> server = endNanos -> ServerMetrics.NONE;
  private volatile @Nullable Throwable serverFailure;
  private volatile boolean recordsArrivals;
  private volatile boolean isPlanned;
  private volatile boolean closing;

  /** Since the beginning of the load; only the recorder's thread reads it. */
  private volatile Iterator<Duration> planned = Collections.emptyIterator();

  private @Nullable Duration nextPlanned;

  private volatile boolean ranOut;
  private volatile boolean lasted;

  private TokenRecorder(
      Window window, Objectives objectives, Deployment deployment, List<ResponseSink> sinks) {
    clock = new RunClock(window);
    run = new RunAccumulator(clock, objectives).on(deployment);
    client = new ClientMonitor(clock, ProcessUse::now, run.client());
    this.sinks.add(new GuardedSink(new Aggregation()));
    sinks.forEach(sink -> sink.setClock(clock));
    sinks.forEach(sink -> this.sinks.add(new GuardedSink(sink)));
    thread = new Thread(this::drainUntilClosed, "gatling-llm-recorder");
    thread.setDaemon(true);
  }

  private final class Aggregation implements ResponseSink {

    @Override
    public String what() {
      return "the figures of the run";
    }

    @Override
    public void accept(Response response, String iteration) {
      run.add(response);
    }
  }

  /**
   * Starts a recorder.
   *
   * @param window the part of the run that is measured
   * @param objectives limits that a response must keep to count for goodput
   * @param deployment what the server under test runs on
   * @param sinks called for every response, in this order; closed with the recorder
   */
  public static TokenRecorder start(
      Window window, Objectives objectives, Deployment deployment, List<ResponseSink> sinks) {
    TokenRecorder recorder = new TokenRecorder(window, objectives, deployment, sinks);
    recorder.thread.start();
    return recorder;
  }

  /**
   * Sets the start of the run, from which the warm-up counts: just before the first request is
   * sent. Only the first call counts, the others cost a read; without any, the first recorded
   * response sets the start.
   *
   * @param nanos {@link System#nanoTime()} of that moment
   * @param epochMillis wall clock of that moment
   */
  public void begin(long nanos, long epochMillis) {
    clock.begin(nanos, epochMillis);
  }

  /** Returns the wall clock at the start of the run, in epoch milliseconds; empty before it. */
  public OptionalLong startEpochMillis() {
    Long start = clock.startEpochMillis();
    return start == null ? OptionalLong.empty() : OptionalLong.of(start);
  }

  /** Returns the time since the run's first request by the monotonic clock; empty before it. */
  public OptionalLong elapsedNanos() {
    return clock.hasBegun()
        ? OptionalLong.of(clock.sinceStart(System.nanoTime()))
        : OptionalLong.empty();
  }

  /** Returns the clock of the run. */
  public RunClock clock() {
    return clock;
  }

  /**
   * Notes that there was no conversation left for a user: the load ends with its last response,
   * however long users go on to arrive, and those who are planned from now on are not missing.
   */
  public void noConversationLeft() {
    ranOut = true;
  }

  /** Notes that the load lasts until its window is over, also if nobody comes in the rest of it. */
  public void lastsToTheEnd() {
    lasted = true;
  }

  /**
   * Sets what returns the server's own metrics of the run; before {@link #close}.
   *
   * @param server called once on the recorder's thread, with {@link System#nanoTime()} of the end
   *     of the run: of the window, or of the last response if the load ended before
   */
  public void setServer(LongFunction<ServerMetrics> server) {
    this.server = server;
  }

  /** Returns whether the measured window is over. Does not block. */
  public boolean isOver() {
    return clock.isOver(System.nanoTime());
  }

  /**
   * Adds a response, at the price of one enqueue. A response that comes while the recorder closes,
   * or later, is either in the final summary or {@linkplain #lateResponses counted as late}.
   *
   * @return whether the response will be in the final summary
   */
  public boolean record(Response response) {
    recorded.add(response);
    // the last drain begins after closing was set: either it takes the response, or this thread
    if (!closing || !recorded.remove(response)) {
      return true;
    }
    if (late.incrementAndGet() == 1) {
      LOGGER.warn("A response ended after the run was closed and is not in its figures");
    }
    return false;
  }

  /** Returns how many responses came too late for the final summary. */
  public long lateResponses() {
    return late.get();
  }

  /**
   * Adds the lag of a task of an event loop, at the price of one enqueue; ignored after {@link
   * #close}.
   *
   * @param dueNanos {@link System#nanoTime()} at which it was due
   * @param ranNanos {@link System#nanoTime()} at which it ran
   */
  public void recordLag(int loop, long dueNanos, long ranNanos) {
    if (!closing) {
      lags.add(new Lag(loop, ranNanos, Math.max(0, ranNanos - dueNanos)));
    }
  }

  /**
   * Adds the {@code Date} header of a response, at the price of one enqueue; ignored after {@link
   * #close}.
   *
   * @param writtenNanos {@link System#nanoTime()} at which the request was written
   * @param receivedNanos {@link System#nanoTime()} at which the head of the response arrived
   */
  public void recordDate(String header, long writtenNanos, long receivedNanos) {
    if (!closing) {
      dates.add(new Date(header, writtenNanos, receivedNanos));
    }
  }

  /**
   * Records when users arrive: the load is open. Before its first user.
   *
   * @param planned when users are to arrive, ascending, since the beginning of the load; read as
   *     time passes. Empty if unknown
   */
  public void recordArrivals(Optional<Iterator<Duration>> planned) {
    this.planned = planned.orElseGet(Collections::emptyIterator);
    isPlanned = planned.isPresent();
    recordsArrivals = true;
  }

  /**
   * Adds a user who starts its first request, at the price of one enqueue; ignored where the load
   * is not open.
   *
   * @param nanos {@link System#nanoTime()} of that moment
   * @param isPlanned whether the plan has the user; otherwise there is no plan of all users
   */
  public void recordArrival(long nanos, boolean isPlanned) {
    if (recordsArrivals && !closing) {
      if (!isPlanned) {
        this.isPlanned = false;
      }
      arrivals.add(nanos);
    }
  }

  /**
   * Adds that a user pauses before the next turn or attempt of a conversation, at the price of one
   * enqueue.
   *
   * @param untilNanos {@link System#nanoTime()} at which the pause is over
   */
  public void recordPause(long user, String conversation, long untilNanos) {
    questions.add(() -> run.pause(user, conversation, untilNanos));
  }

  /**
   * Returns the figures of everything recorded before this call, and perhaps a little more. Blocks
   * until the recorder's thread has caught up, so sinks must not call it. After {@link #close} it
   * returns the figures of the whole run.
   *
   * @throws IllegalStateException if called by a sink
   */
  public RunSummary summary() {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException("a sink cannot wait for the thread that it runs on");
    }
    CompletableFuture<RunSummary> answer =
        CompletableFuture.supplyAsync(run::summary, questions::add);
    LockSupport.unpark(thread);
    return answer.applyToEither(finalSummary, Function.identity()).join();
  }

  /**
   * Returns the whole run, to be written to a file or merged.
   *
   * @throws IllegalStateException before {@link #close}
   */
  public RunAccumulator run() {
    requireClosed();
    return run;
  }

  /**
   * Returns the server's clock against this load generator's; empty if no response had a {@code
   * Date}.
   *
   * @throws IllegalStateException before {@link #close}
   */
  public Optional<ServerClock> serverClock() {
    requireClosed();
    return serverDates.clock();
  }

  /**
   * Returns the load generator's health in each iteration that has ended, by its number as in
   * {@link RunSummary#byIteration}.
   *
   * @throws IllegalStateException before {@link #close}
   */
  public SortedMap<Integer, ClientHealth> clientByIteration() {
    requireClosed();
    return client.byIteration();
  }

  /**
   * Returns the first failure of each sink that failed, by what the sink makes, and that of the
   * server's metrics.
   *
   * @throws IllegalStateException before {@link #close}
   */
  public Map<String, Throwable> sinkFailures() {
    requireClosed();
    Map<String, Throwable> failures = new LinkedHashMap<>();
    for (GuardedSink sink : sinks) {
      if (sink.firstFailure() != null) {
        failures.put(sink.what(), sink.firstFailure());
      }
    }
    Throwable ofServer = serverFailure;
    if (ofServer != null) {
      failures.put("the server's metrics", ofServer);
    }
    return failures;
  }

  private void requireClosed() {
    if (!finalSummary.isDone()) {
      throw new IllegalStateException("the recorder is not closed");
    }
  }

  /**
   * Records what is still queued, closes the sinks and ends the recorder's thread. Call it when the
   * load has ended; a second call does nothing.
   */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    finalSummary.handle((summary, failure) -> summary).join();
  }

  private void drainUntilClosed() {
    try {
      while (!closing) {
        drainAndAnswer();
        LockSupport.parkNanos(this, REST_NANOS);
      }
      drainAndAnswer();
      client.onEnd();
      if (ranOut) {
        run.setRanOut();
      } else if (isOver() || lasted) {
        run.lastedToTheEnd();
      }
      run.end();
      readServer();
      sinks.forEach(GuardedSink::close);
      finalSummary.complete(run.summary());
    } catch (Throwable failure) {
      // callers that wait for a summary must not wait for ever
      finalSummary.completeExceptionally(failure);
      throw failure;
    }
  }

  /** Takes the server's metrics once all responses, and so the end of the run, are known. */
  private void readServer() {
    if (clock.hasBegun()) {
      try {
        run.setServer(server.apply(run.endOfWindow()));
      } catch (RuntimeException failure) {
        serverFailure = failure;
      }
    }
  }

  /** Takes questions before responses, so that an answer holds everything before its question. */
  private void drainAndAnswer() {
    List<Runnable> taken = new ArrayList<>();
    for (Runnable question; (question = questions.poll()) != null; ) {
      taken.add(question);
    }
    drain();
    taken.forEach(Runnable::run);
  }

  /** Sorts, because users start on several threads. */
  private void drainArrivals() {
    run.arrivals().setOpen(isPlanned);
    List<Long> taken = new ArrayList<>();
    for (Long arrival; (arrival = arrivals.poll()) != null; ) {
      // the run may begin with the first request, which is a moment later
      taken.add(Math.max(0, clock.sinceStart(arrival)));
    }
    Collections.sort(taken);
    taken.forEach(arrival -> run.arrivals().add(arrival, clock.window()));
    long now = clock.sinceStart(System.nanoTime());
    while (!ranOut && (nextPlanned != null || planned.hasNext())) {
      Duration next = nextPlanned == null ? planned.next() : nextPlanned;
      if (next.toNanos() > now) {
        nextPlanned = next;
        return;
      }
      run.arrivals().addPlanned(next.toNanos(), clock.window());
      nextPlanned = null;
    }
  }

  private void drain() {
    client.onTime(System.nanoTime());
    for (Lag lag; (lag = lags.poll()) != null; ) {
      client.addLag(lag.loop(), lag.ranNanos(), lag.lagNanos());
    }
    for (Date date; clock.hasBegun() && (date = dates.poll()) != null; ) {
      serverDates.add(
          date.header(),
          clock.epochNanos(date.writtenNanos()),
          clock.epochNanos(date.receivedNanos()));
    }
    if (recordsArrivals && clock.hasBegun()) {
      drainArrivals();
    }
    boolean any = false;
    for (Response taken; (taken = recorded.poll()) != null; any = true) {
      Response response = chunkSizes.counted(taken);
      clock.begin(response.timing().writtenNanos(), response.timing().writtenEpochMillis());
      String iteration = Window.label(clock.iterationAt(response.timing().endNanos()));
      for (GuardedSink sink : sinks) {
        sink.accept(response, iteration);
      }
    }
    if (any) {
      client.onResponse(System.nanoTime());
      sinks.forEach(GuardedSink::flush);
    }
  }
}
