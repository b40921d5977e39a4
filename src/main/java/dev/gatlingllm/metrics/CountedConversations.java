package dev.gatlingllm.metrics;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Remembers of each conversation which scopes have counted it, whether a request missed an
 * objective, and what its responses add up to.
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

  /** What is known of a conversation. */
  private static final class Seen {

    private final BitSet scopes = new BitSet();
    private boolean missed;
    private boolean hasEnded;

    /** Null while the conversation does not go on. */
    private @Nullable ConversationSums sums;
  }

  private final Map<Key, Seen> seen;
  private final Consumer<ConversationSums> left;
  private int nextScope;

  /**
   * @param left receives the sums of conversations that are forgotten, although they did not end
   */
  CountedConversations(Consumer<ConversationSums> left) {
    this(CAPACITY, left);
  }

  CountedConversations(int capacity, Consumer<ConversationSums> left) {
    this.left = left;
    seen =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Key, Seen> eldest) {
            if (size() > capacity) {
              leave(eldest.getValue());
              return true;
            }
            return false;
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
    String conversation = response.who().conversation();
    if (conversation == null) {
      return false;
    }
    BitSet counted = seen(response, conversation).scopes;
    boolean isNew = !counted.get(scope);
    counted.set(scope);
    return isNew;
  }

  /**
   * Adds a response to its conversation; returns the sums of a conversation that ended with it,
   * else null.
   *
   * @param cacheReported whether any response of the run reported cached tokens so far
   */
  @Nullable ConversationSums add(Response response, boolean cacheReported) {
    String conversation = response.who().conversation();
    if (conversation == null) {
      return null;
    }
    Key key = new Key(response.who().user(), conversation);
    Seen before = seen.get(key);
    boolean isFirst = response.turn().number() == 1 && response.turn().attempt() == 1;
    if (before != null && (isFirst || before.hasEnded)) {
      // the user has the same conversation again, which may begin with a later turn
      leave(before);
      seen.remove(key);
    }
    Seen seen = seen(response, conversation);
    ConversationSums sums = seen.sums == null ? new ConversationSums(response) : seen.sums;
    sums.add(response, cacheReported);
    boolean ends = response.turn().isLast();
    seen.sums = ends ? null : sums;
    seen.hasEnded = ends;
    return ends ? sums : null;
  }

  /** Notes that a user pauses before the next turn or attempt of a conversation. */
  void pause(long user, String conversation, long untilNanos) {
    Seen known = seen.get(new Key(user, conversation));
    if (known != null && known.sums != null) {
      known.sums.pause(untilNanos);
    }
  }

  private void leave(Seen conversation) {
    if (conversation.sums != null) {
      left.accept(conversation.sums);
    }
  }

  /** Hands over the sums of each conversation that goes on, and forgets them. */
  void end(Consumer<ConversationSums> to) {
    for (Seen conversation : seen.values()) {
      if (conversation.sums != null) {
        to.accept(conversation.sums);
        conversation.sums = null;
      }
    }
  }

  /** Notes whether a request of a conversation missed an objective, also outside of the window. */
  void noteObjectives(Response response, boolean met) {
    String conversation = response.who().conversation();
    if (!met && conversation != null) {
      seen(response, conversation).missed = true;
    }
  }

  /** Returns whether the response ends a conversation of which every request met the objectives. */
  boolean isEndOfGood(Response response) {
    String conversation = response.who().conversation();
    return conversation != null && response.turn().isLast() && !seen(response, conversation).missed;
  }

  private Seen seen(Response response, String conversation) {
    return seen.computeIfAbsent(new Key(response.who().user(), conversation), unseen -> new Seen());
  }
}
