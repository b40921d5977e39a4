package dev.gatlingllm.server.engine;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Continuous batching: all sequences share one model, which computes step by step what its {@link
 * Scheduler} decides, each step as long as the {@link StepLaw} says. Lives on its clock's thread.
 */
final class BatchingEngine implements Engine {

  /**
   * Tokens that are due within so many ns are written together, those that come first a bit late.
   */
  private static final long GRAIN = 200_000;

  /** So many tokens may be written before others have their turn on the thread. */
  private static final int TOKENS_AT_ONCE = 4_096;

  private final EngineSettings settings;
  private final EngineClock clock;
  private final StepLaw law;
  private final Scheduler<BatchedGeneration> scheduler;
  private final EngineMetrics metrics = new EngineMetrics();
  private final Outbox outbox = new Outbox();

  private Step<BatchedGeneration> step = new Step<>();
  private int steps;
  private int served;
  private long firstServed;
  private long stepNanos;

  BatchingEngine(EngineSettings settings, EngineClock clock, long seed) {
    this.settings = settings;
    this.clock = clock;
    this.law = new StepLaw(settings, seed);
    this.scheduler = new Scheduler<>(settings);
  }

  @Override
  public Generation prepare(Job job) {
    int prompt = job.promptTokens().length;
    int reply = job.replyTokens().length;
    settings.requireRoomFor(prompt + reply);
    int[] tokens = Arrays.copyOf(job.promptTokens(), prompt + reply);
    System.arraycopy(job.replyTokens(), 0, tokens, prompt, reply);
    BlockChain chain = new BlockChain(tokens, settings.blockSize());
    return new BatchedGeneration(
        this, job, new BlockTable(chain, settings.blocksFor(prompt + reply)));
  }

  /** Any thread. */
  void start(BatchedGeneration generation) {
    // a request that took longer to read than the overhead comes late into the queue
    long arrival =
        Math.max(
            generation.job().receivedNanos() + settings.overhead().toNanos(), clock.nanoTime());
    clock.at(arrival, () -> arrive(generation, arrival));
  }

  /** Any thread. */
  void cancel(BatchedGeneration generation) {
    clock.at(clock.nanoTime(), () -> abort(generation));
  }

  @Override
  public void forgetPrefixes(Runnable done) {
    clock.at(
        clock.nanoTime(),
        () -> {
          scheduler.forgetPrefixes();
          done.run();
        });
  }

  @Override
  public void metrics(String model, Consumer<String> reader) {
    clock.at(clock.nanoTime(), () -> reader.accept(metrics.expose(model, scheduler)));
  }

  private void abort(BatchedGeneration generation) {
    if (!generation.ended()) {
      metrics.aborted();
      scheduler.abort(generation);
    }
  }

  private void arrive(BatchedGeneration generation, long arrival) {
    generation.admitted(arrival);
    if (generation.ended()) {
      return;
    }
    generation.arrive(arrival);
    scheduler.enqueue(generation);
    if (isIdle()) {
      begin(arrival);
      goOn();
    }
  }

  private boolean isIdle() {
    return step.size() == 0;
  }

  /** Begins a step, unless there is nothing to do. */
  private void begin(long nanos) {
    step = scheduler.schedule(nanos);
    if (isIdle() && scheduler.waiting() > 0) {
      begin(scheduler.nextArrivalNanos());
      return;
    }
    for (int i = 0; i < step.size(); i++) {
      BatchedGeneration generation = step.sequence(i);
      if (generation.begins(nanos)) {
        metrics.began(generation, nanos);
      }
    }
    firstServed = nanos + law.computing(step, steps++) + law.perSequence();
    stepNanos = due(step.size() - 1) - nanos;
    served = 0;
  }

  /** When the {@code index}-th sequence of the step has its turn. */
  private long due(int index) {
    return firstServed + index * law.perSequence();
  }

  private void served(BatchedGeneration generation, long due) {
    metrics.token(generation, due);
    outbox.add(generation, due);
    if (generation.ended()) {
      metrics.finished(generation, due);
    }
  }

  /** Serves what is due, and sees to it that the rest will be. */
  private void goOn() {
    long now = clock.nanoTime();
    int tokens = 0;
    while (!isIdle() && due(served) <= now && tokens < TOKENS_AT_ONCE) {
      BatchedGeneration generation = step.sequence(served);
      if (scheduler.complete(generation)) {
        served(generation, due(served));
        tokens++;
      }
      served++;
      if (served == step.size()) {
        // from when it was due, so that being late does not add up; but no more than one step is
        // ever caught up on
        begin(Math.max(due(served - 1), now - stepNanos));
      }
    }
    outbox.send();
    if (!isIdle()) {
      clock.at(Math.min(due(step.size() - 1), due(served) + GRAIN), this::goOn);
    }
  }
}
