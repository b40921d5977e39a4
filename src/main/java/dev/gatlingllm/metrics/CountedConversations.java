package dev.gatlingllm.metrics;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers which scopes have counted which conversation.
 *
 * <p>A run may hold more conversations than memory, but only as many at once as it has users. So
 * the conversations that had no response for longest are forgotten above a capacity: counts are
 * exact as long as no conversation pauses while {@value #CAPACITY} others have a response. Two
 * users with the same conversation id have two conversations.
 */
final class CountedConversations {

  /** No number of a scope. */
  static final int NO_SCOPE = -1;

  private static final int CAPACITY = 65_536;

  private record Key(long user, String conversation) {}

  private final Map<Key, BitSet> scopes;
  private int nextScope;

  CountedConversations() {
    this(CAPACITY);
  }

  CountedConversations(int capacity) {
    scopes =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Key, BitSet> eldest) {
            return size() > capacity;
          }
        };
  }

  /** Returns a number for a scope, from 0, so that a set of scopes is a few bits. */
  int newScope() {
    return nextScope++;
  }

  /**
   * Notes that a scope counts the response's conversation; returns whether it is the first time.
   */
  boolean isNew(Response response, int scope) {
    if (response.who().conversation() == null) {
      return false;
    }
    BitSet counted =
        scopes.computeIfAbsent(
            new Key(response.who().user(), response.who().conversation()), unseen -> new BitSet());
    boolean isNew = !counted.get(scope);
    counted.set(scope);
    return isNew;
  }
}
