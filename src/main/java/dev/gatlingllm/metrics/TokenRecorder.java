package dev.gatlingllm.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Takes the replies of a run from any number of threads and says at any moment what they amount to.
 * Every method may be called by any thread; {@link #begin} and {@link #record} never block.
 *
 * <p>Event loops only enqueue. One daemon thread of the recorder's own wakes up some dozens of
 * times a second, drains the queue, and is the only one that touches aggregates and sinks: these
 * need no locks, and see replies in the order in which they were recorded. Event loops never wake
 * it, for a wake-up costs more than all else that they do here.
 */
public final class TokenRecorder implements AutoCloseable {

  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private record Lag(long ranNanos, long lagNanos) {}

  private final Queue<Response> recorded = new ConcurrentLinkedQueue<>();
  private final Queue<Lag> lags = new ConcurrentLinkedQueue<>();
  private final Queue<CompletableFuture<RunSummary>> asked = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<RunSummary> finalSummary = new CompletableFuture<>();
  private final RunClock clock;
  private final RunAggregate aggregate;
  private final ClientMonitor client;
  private final ClientIterations clientByIteration;
  private final List<GuardedSink> sinks = new ArrayList<>();
  private final Thread thread;
  private volatile boolean closing;

  private TokenRecorder(Window window, Objectives objectives, List<ResponseSink> sinks) {
    clock = new RunClock(window);
    aggregate = new RunAggregate(clock, objectives);
    client = new ClientMonitor(clock, ProcessUse::now);
    clientByIteration = new ClientIterations(clock, ProcessUse::now);
    this.sinks.add(new GuardedSink("the aggregation of a response", (m, i) -> aggregate.accept(m)));
    sinks.forEach(sink -> this.sinks.add(new GuardedSink(sink.getClass().getName(), sink)));
    thread = new Thread(this::run, "gatling-llm-recorder");
    thread.setDaemon(true);
  }

  /**
   * A recorder that is ready for replies.
   *
   * @param window the part of the run that is measured
   * @param objectives what a response must keep for goodput
   * @param sinks called for every response, in this order; closed with the recorder
   */
  public static TokenRecorder start(
      Window window, Objectives objectives, List<ResponseSink> sinks) {
    TokenRecorder recorder = new TokenRecorder(window, objectives, sinks);
    recorder.thread.start();
    return recorder;
  }

  /**
   * Says when the run's first request was written, from which the warm-up counts. The first call
   * wins and the others cost a read; without any, the response that is recorded first sets the
   * start.
   *
   * @param nanos {@link System#nanoTime()} of that moment
   * @param epochMillis wall clock of that moment
   */
  public void begin(long nanos, long epochMillis) {
    clock.begin(nanos, epochMillis);
  }

  /** Wall clock at the run's first request, in epoch milliseconds; empty before it. */
  public OptionalLong startEpochMillis() {
    return clock.startEpochMillis();
  }

  /**
   * Whether the measured window has passed, so that what comes now is of no account. Never blocks.
   */
  public boolean isOver() {
    return clock.isOver(System.nanoTime());
  }

  /**
   * Adds a response, at the price of one enqueue.
   *
   * @throws IllegalStateException if the recorder is closed
   */
  public void record(Response response) {
    if (closing) {
      throw new IllegalStateException("the recorder is closed");
    }
    recorded.add(response);
  }

  /**
   * Says how late an event loop ran a task, at the price of one enqueue; after {@link #close} it
   * does nothing.
   *
   * @param dueNanos {@link System#nanoTime()} at which it was due
   * @param ranNanos {@link System#nanoTime()} at which it ran
   */
  public void recordLag(long dueNanos, long ranNanos) {
    if (!closing) {
      lags.add(new Lag(ranNanos, Math.max(0, ranNanos - dueNanos)));
    }
  }

  /**
   * Everything that was recorded before this call, and perhaps a little more. Blocks until the
   * recorder's thread has caught up; so sinks must not call it. After {@link #close} it is the
   * whole run.
   *
   * @throws IllegalStateException if called by a sink
   */
  public RunSummary summary() {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException("a sink cannot wait for the thread that it runs on");
    }
    CompletableFuture<RunSummary> answer = new CompletableFuture<>();
    asked.add(answer);
    LockSupport.unpark(thread);
    return answer.applyToEither(finalSummary, Function.identity()).join();
  }

  /**
   * The whole run in the form in which it is kept and added up; after {@link #close}.
   *
   * @throws IllegalStateException if the recorder is not closed
   */
  public RunState state() {
    if (!finalSummary.isDone()) {
      throw new IllegalStateException("the recorder is not closed");
    }
    return aggregate.state(client.state());
  }

  /**
   * How the load generator fared in each iteration that has ended, by its number as in {@link
   * RunSummary#byIteration}.
   *
   * @throws IllegalStateException before {@link #close}
   */
  public SortedMap<Integer, ClientHealth> clientByIteration() {
    if (!finalSummary.isDone()) {
      throw new IllegalStateException("the recorder still runs");
    }
    return clientByIteration.summary();
  }

  /**
   * Records what is still queued, closes the sinks and ends the recorder's thread. To be called
   * when the load has ended; a second call does nothing.
   */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    finalSummary.handle((summary, failure) -> summary).join();
  }

  private void run() {
    try {
      while (!closing) {
        answerAndDrain();
        LockSupport.parkNanos(this, REST_NANOS);
      }
      drain();
      sinks.forEach(GuardedSink::close);
      finalSummary.complete(aggregate.summary(client.summary()));
    } catch (Throwable failure) {
      // whoever waits for a summary must hear of it
      finalSummary.completeExceptionally(failure);
      throw failure;
    }
  }

  /** Asks are taken before replies, so that an answer holds all that came before its ask. */
  private void answerAndDrain() {
    List<CompletableFuture<RunSummary>> asks = new ArrayList<>();
    for (CompletableFuture<RunSummary> ask; (ask = asked.poll()) != null; ) {
      asks.add(ask);
    }
    drain();
    if (!asks.isEmpty()) {
      RunSummary summary = aggregate.summary(client.summary());
      asks.forEach(ask -> ask.complete(summary));
    }
  }

  private void drain() {
    client.passed(System.nanoTime());
    clientByIteration.passed(System.nanoTime());
    for (Lag lag; (lag = lags.poll()) != null; ) {
      client.ran(lag.ranNanos(), lag.lagNanos());
      clientByIteration.ran(lag.ranNanos(), lag.lagNanos());
    }
    boolean any = false;
    for (Response response; (response = recorded.poll()) != null; any = true) {
      clock.begin(response.timing().writtenNanos(), response.timing().writtenEpochMillis());
      String iteration = Window.label(clock.iterationAt(response.timing().endNanos()));
      for (GuardedSink sink : sinks) {
        sink.accept(response, iteration);
      }
    }
    if (any) {
      client.replied(System.nanoTime());
      sinks.forEach(GuardedSink::flush);
    }
  }
}
