package dev.gatlingllm.metrics;

import java.util.LinkedHashSet;

/**
 * Counts conversations that repeat an earlier one word for word: a server may have cached them
 * whole.
 *
 * <p>A conversation counts with its first turn. Memory is bounded: above a capacity, the ids that
 * began least recently are forgotten, so that the count may be too low and never too high.
 */
@Accumulator
final class RepeatedConversations {

  private static final int CAPACITY = 65_536;

  private long count;

  /** Ids of conversations, those that began least recently first. */
  private LinkedHashSet<String> known = new LinkedHashSet<>();

  void add(Response response) {
    if (response.who().conversation() != null
        && response.turn().number() == 1
        && response.turn().attempt() == 1) {
      add(response.who().conversation());
    }
  }

  private void add(String conversation) {
    if (known.remove(conversation)) {
      count++;
    }
    known.add(conversation);
    if (known.size() > CAPACITY) {
      known.remove(known.iterator().next());
    }
  }

  /** Adds the conversations of another load generator; those that both had are repetitions. */
  void add(RepeatedConversations other) {
    count += other.count;
    other.known.forEach(this::add);
  }

  long count() {
    return count;
  }
}
