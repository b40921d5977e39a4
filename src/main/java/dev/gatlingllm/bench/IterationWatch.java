package dev.gatlingllm.bench;

import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.metrics.ScopeSummary;
import java.util.SortedMap;

/**
 * Says how each iteration went when it has passed. Its own thread does, until the process ends and
 * another thread says what is left.
 */
final class IterationWatch {

  /** Between two looks, and so the time in which what happened before a border is recorded. */
  private static final long LOOK_MILLIS = 50;

  private final TokenRun run;
  private final Conditions conditions;
  private final Voice voice;
  private int next;

  IterationWatch(TokenRun run, Conditions conditions, Voice voice) {
    this.run = run;
    this.conditions = conditions;
    this.voice = voice;
    this.next = 1 - conditions.warmupIterations();
  }

  void start() {
    Thread thread = new Thread(this::watch, "gatling-llm-iterations");
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    try {
      while (!hasLasted()) {
        Thread.sleep(LOOK_MILLIS);
        sayWhatPassed();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the last iteration has passed and was told of. */
  synchronized boolean hasLasted() {
    return next > conditions.iterations();
  }

  /** Says the line of every iteration that has passed and was not told of. */
  synchronized void sayWhatPassed() {
    if (run.startEpochMillis().isEmpty()) {
      return;
    }
    long passed = System.currentTimeMillis() - run.startEpochMillis().getAsLong();
    if (hasLasted() || passed <= endMillis(next)) {
      return;
    }
    SortedMap<Integer, ScopeSummary> scopes = run.summary().byIteration();
    while (!hasLasted() && passed > endMillis(next)) {
      voice.says(IterationLine.of(conditions, next, scopes.get(next)));
      next++;
    }
  }

  /** Milliseconds from the first user to the end of an iteration. */
  private long endMillis(int iteration) {
    return conditions.elapsed(iteration).toMillis();
  }
}
