package dev.gatlingllm.bench;

import dev.gatlingllm.metrics.ScopeSummary;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Prints a line for each iteration that has ended, from a thread of its own. When the process ends,
 * another thread prints what is left.
 */
final class IterationWatch {

  /** Between two looks; events right before an iteration's end are recorded in that time. */
  private static final long INTERVAL_MILLIS = 50;

  private final Supplier<OptionalLong> elapsedNanos;
  private final Supplier<? extends Map<Integer, ScopeSummary>> summaries;
  private final Conditions conditions;
  private final Consumer<String> printer;
  private int next;

  /**
   * @param elapsedNanos time since the first request by the monotonic clock; empty before it
   * @param summaries what was measured so far, by iteration
   */
  IterationWatch(
      Supplier<OptionalLong> elapsedNanos,
      Supplier<? extends Map<Integer, ScopeSummary>> summaries,
      Conditions conditions,
      Consumer<String> printer) {
    this.elapsedNanos = elapsedNanos;
    this.summaries = summaries;
    this.conditions = conditions;
    this.printer = printer;
    this.next = 1 - conditions.warmupIterations();
  }

  void start() {
    Thread thread = new Thread(this::watch, "gatling-llm-iterations");
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    try {
      while (!isComplete()) {
        Thread.sleep(INTERVAL_MILLIS);
        printEnded();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns whether the last iteration has ended and was printed. */
  synchronized boolean isComplete() {
    return next > conditions.iterations();
  }

  /** Prints every iteration that has ended since the last call. */
  synchronized void printEnded() {
    if (isComplete() || !hasEnded(next)) {
      return;
    }
    Map<Integer, ScopeSummary> measured = summaries.get();
    while (!isComplete() && hasEnded(next)) {
      printer.accept(IterationLine.of(conditions, next, measured.get(next)));
      next++;
    }
  }

  private boolean hasEnded(int iteration) {
    return elapsedNanos.get().orElse(-1) > conditions.elapsed(iteration).toNanos();
  }
}
