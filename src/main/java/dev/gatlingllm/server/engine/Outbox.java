package dev.gatlingllm.server.engine;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the tokens of one waking of the engine, and tells each listener's thread of them in one
 * go. Used by the engine's thread.
 */
final class Outbox {

  private final List<BatchedGeneration> generations = new ArrayList<>();

  void add(BatchedGeneration generation, long dueNanos) {
    if (generation.token(dueNanos)) {
      generations.add(generation);
    }
  }

  void send() {
    Map<EventExecutor, List<Runnable>> elsewhere = new IdentityHashMap<>();
    for (BatchedGeneration generation : generations) {
      EventExecutor thread = generation.thread();
      if (thread.inEventLoop()) {
        generation.news().run();
      } else {
        elsewhere.computeIfAbsent(thread, t -> new ArrayList<>()).add(generation.news());
      }
    }
    generations.clear();
    elsewhere.forEach((thread, news) -> thread.execute(() -> news.forEach(Runnable::run)));
  }
}
