package dev.gatlingllm.metrics;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which conversations have been counted, and in which scopes. Not safe for threads.
 *
 * <p>A run may hold more conversations than memory, but only as many at once as it has users. The
 * conversations that were longest without a response are therefore forgotten past a capacity:
 * counts are exact as long as no conversation pauses while {@value #CAPACITY} others have a
 * response. Two users that say the same have two conversations.
 */
final class ConversationsSeen {

  private static final int CAPACITY = 65_536;

  private record Key(long user, String conversation) {}

  private final Map<Key, BitSet> countedIn;

  ConversationsSeen() {
    this(CAPACITY);
  }

  ConversationsSeen(int capacity) {
    countedIn =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Key, BitSet> eldest) {
            return size() > capacity;
          }
        };
  }

  /** The numbers of the scopes that have counted the response's conversation, for updating. */
  BitSet countedIn(Response response) {
    return countedIn.computeIfAbsent(
        new Key(response.who().user(), response.who().conversation()), unseen -> new BitSet());
  }
}
