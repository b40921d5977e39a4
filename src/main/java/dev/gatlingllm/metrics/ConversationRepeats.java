package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunState.RepeatsState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts conversations that were had before, word for word: a server's cache may know them whole.
 * Not safe for threads.
 *
 * <p>A conversation counts with its first turn. Memory is bounded: names that were not heard for
 * longest are forgotten past a capacity, so that the count may be too low and never too high.
 */
final class ConversationRepeats {

  private static final int CAPACITY = 65_536;

  private final Map<String, Boolean> had =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > CAPACITY;
        }
      };
  private long count;

  void note(Response response) {
    boolean begins =
        response.who().conversation() != null
            && response.turn().number() == 1
            && response.turn().attempt() == 1;
    if (begins && had.put(response.who().conversation(), true) != null) {
      count++;
    }
  }

  /** Adds the conversations of another load generator: what both have said is a repetition. */
  void add(RepeatsState other) {
    count += other.count();
    for (String name : other.names()) {
      if (had.put(name, true) != null) {
        count++;
      }
    }
  }

  RepeatsState state() {
    return new RepeatsState(count, List.copyOf(had.keySet()));
  }

  long count() {
    return count;
  }
}
