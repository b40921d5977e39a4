package dev.gatlingllm.server.engine;

import dev.gatlingllm.server.engine.KvCache.BlockTable;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Decides when tokens are generated and how much of a prompt is cached. The content of the tokens
 * is given. Knows nothing about HTTP.
 *
 * <p>It batches continuously: all sequences share one model, which computes the steps that its
 * {@link Scheduler} decides. {@link EngineSettings} define how long a step takes. Runs on the
 * thread of its clock.
 */
public final class Engine {

  /** Tokens due within this time are written together, the first of them slightly late. In ns. */
  private static final long GRAIN_NANOS = 200_000;

  /** The number of tokens to write before other tasks get their turn on the thread. */
  private static final int MAX_TOKENS_AT_ONCE = 4_096;

  private final EngineSettings settings;
  private final EngineClock clock;
  private final long seed;
  private final long perSequenceNanos;
  private final Scheduler<Generation> scheduler;
  private final EngineMetrics metrics;

  /** The generations with tokens that their listeners have not received yet. */
  private final List<Generation> pending = new ArrayList<>();

  private final List<Generation> step;
  private int steps;
  private int served;
  private long firstServedNanos;
  private long stepNanos;

  /**
   * One completion to generate. Several completions of one prompt are separate jobs, which share
   * the blocks of the prompt.
   *
   * @param promptTokens the prompt's token ids; at least 1
   * @param outputTokens the completion's token ids, as the client's next prompt repeats them; at
   *     least 1
   * @param end why the completion ends
   * @param receivedNanos when the request was received, in {@link System#nanoTime()}
   */
  public record Job(int[] promptTokens, int[] outputTokens, End end, long receivedNanos) {}

  /** Why a completion ends. */
  public enum End {
    /** The model ended it. */
    STOP,
    /** It reached the requested length. */
    LENGTH
  }

  /**
   * Creates an idle engine.
   *
   * @param clock the clock; the engine runs on its thread
   * @param seed the seed of the jitter
   * @param metrics counts what the engine does
   */
  public Engine(EngineSettings settings, EngineClock clock, long seed, EngineMetrics metrics) {
    this.settings = settings;
    this.clock = clock;
    this.seed = seed;
    this.metrics = metrics;
    perSequenceNanos = settings.stepPerSequence.toNanos();
    scheduler = new Scheduler<>(settings);
    step = scheduler.step();
  }

  /**
   * Prepares a job. Too slow for an event loop if the prompt is long. Thread-safe.
   *
   * @param model an adapter of the one model; each has blocks of its own in the cache
   * @throws IllegalArgumentException if the job can never run, because it is longer than the whole
   *     cache, or than the token budget of a step without chunked prefill
   */
  public Generation prepare(Job job, String model) {
    int prompt = job.promptTokens().length;
    int output = job.outputTokens().length;
    settings.requireRoomFor(prompt + output);
    int[] tokens = Arrays.copyOf(job.promptTokens(), prompt + output);
    System.arraycopy(job.outputTokens(), 0, tokens, prompt, output);
    return new Generation(this, job, new BlockTable(model.hashCode(), tokens, settings.blockSize));
  }

  /** Adds a generation to the queue. Thread-safe. */
  void start(Generation generation) {
    // a request that took longer to read than the overhead arrives late
    long arrival =
        Math.max(generation.job.receivedNanos() + settings.overhead.toNanos(), clock.nanoTime());
    clock.at(arrival, () -> arrive(generation, arrival));
  }

  /** Ends a generation early. Thread-safe. */
  void cancel(Generation generation) {
    clock.at(clock.nanoTime(), () -> abort(generation));
  }

  /**
   * Calls back when a generation has ended, early or not, and holds nothing any more: at once if it
   * has. Thread-safe.
   */
  void whenReleased(Generation generation, Runnable task) {
    clock.at(
        clock.nanoTime(),
        () -> {
          generation.whenReleased = task;
          if (generation.ended) {
            task.run();
          }
        });
  }

  /**
   * Empties the prefix cache: later prompts find no blocks of earlier ones. Thread-safe.
   *
   * @param done called on the engine's thread
   */
  public void resetPrefixCache(Runnable done) {
    clock.at(
        clock.nanoTime(),
        () -> {
          scheduler.resetPrefixCache();
          done.run();
        });
  }

  /**
   * Reports the metrics of engines in Prometheus's text format. Thread-safe.
   *
   * @param engines the replicas of one server
   * @param reader receives the text on an engine's thread
   */
  public static void metrics(List<Engine> engines, Consumer<String> reader) {
    metrics(engines.iterator(), new PrometheusText(), reader);
  }

  private static void metrics(Iterator<Engine> left, PrometheusText text, Consumer<String> reader) {
    if (!left.hasNext()) {
      reader.accept(text.toString());
      return;
    }
    Engine engine = left.next();
    engine.clock.at(
        engine.clock.nanoTime(),
        () -> {
          engine.metrics.write(text, engine.scheduler);
          metrics(left, text, reader);
        });
  }

  private void abort(Generation generation) {
    if (!generation.ended) {
      metrics.aborted();
      scheduler.abort(generation);
      generation.released(clock.nanoTime());
    }
  }

  private void arrive(Generation generation, long arrival) {
    generation.admitted(arrival);
    if (generation.ended) {
      return;
    }
    generation.arrivalNanos = arrival;
    scheduler.enqueue(generation);
    if (isIdle()) {
      beginStep(arrival);
      serve();
    }
  }

  private boolean isIdle() {
    return step.isEmpty();
  }

  /** Begins a step, unless there is nothing to do. */
  private void beginStep(long nanos) {
    scheduler.schedule(nanos);
    if (isIdle() && scheduler.waiting() > 0) {
      beginStep(scheduler.nextArrivalNanos());
      return;
    }
    int tokens = 0;
    for (Generation generation : step) {
      tokens += generation.scheduled;
      if (generation.beginStep(nanos)) {
        metrics.began(generation);
      }
    }
    if (!isIdle()) {
      metrics.stepped(tokens, step.size());
    }
    firstServedNanos = nanos + computeNanos(steps++) + perSequenceNanos;
    stepNanos = dueNanos(step.size() - 1) - nanos;
    served = 0;
  }

  /** Returns the time of a step before its sequences are served; the number decides its jitter. */
  private long computeNanos(int number) {
    double nanos =
        settings.stepBase.toNanos()
            + scheduler.prefillTokens() * 1e9 / settings.prefillTokensPerSecond
            + (double) scheduler.contextTokens() * settings.stepPerContextToken.toNanos();
    double deviation = TokenHash.nth(seed, number) / (double) Long.MAX_VALUE;
    return Math.round(nanos * (1 + settings.jitter * deviation));
  }

  /** Returns when a sequence of the step is due. */
  private long dueNanos(int index) {
    return firstServedNanos + index * perSequenceNanos;
  }

  /** Serves the sequences that are due and schedules the others. */
  private void serve() {
    long now = clock.nanoTime();
    int tokens = 0;
    while (!isIdle() && dueNanos(served) <= now && tokens < MAX_TOKENS_AT_ONCE) {
      Generation generation = step.get(served);
      if (scheduler.complete(generation)) {
        addToken(generation, dueNanos(served));
        tokens++;
      }
      served++;
      if (served == step.size()) {
        // starts at the due time, so that delays do not add up, but catches up on one step at most
        beginStep(Math.max(dueNanos(served - 1), now - stepNanos));
      }
    }
    deliver();
    if (!isIdle()) {
      long next = Math.min(dueNanos(step.size() - 1), dueNanos(served) + GRAIN_NANOS);
      clock.at(next, this::serve);
    }
  }

  private void addToken(Generation generation, long dueNanos) {
    long previousNanos = generation.lastTokenNanos;
    if (generation.addToken(dueNanos)) {
      pending.add(generation);
    }
    if (generation.generated == 1) {
      metrics.prefilled(generation);
    } else {
      metrics.decoded((dueNanos - previousNanos) / 1e9);
    }
    if (generation.ended) {
      metrics.finished(generation);
      generation.released(dueNanos);
    }
  }

  /** Delivers the pending tokens, with one task per thread of listeners. */
  private void deliver() {
    IdentityHashMap<EventExecutor, List<Runnable>> otherThreads = new IdentityHashMap<>();
    for (Generation generation : pending) {
      EventExecutor thread = generation.thread;
      if (thread.inEventLoop()) {
        generation.takeTokens().run();
      } else {
        otherThreads
            .computeIfAbsent(thread, unseen -> new ArrayList<>())
            .add(generation.takeTokens());
      }
    }
    pending.clear();
    otherThreads.forEach((thread, tasks) -> thread.execute(() -> tasks.forEach(Runnable::run)));
  }
}
