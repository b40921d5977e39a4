package dev.gatlingllm.conversation;

import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The completed turns that a conversation's prompts carry, oldest first: all of them, or, once some
 * were dropped, the first few and the latest ones with a gap between. Immutable.
 *
 * <p>Versions share an append-only store: adding a turn writes into the next free slot, so that its
 * cost does not depend on the length of the history. When a second version grows from the same one,
 * it takes a copy. Dropped turns are released when the store grows.
 */
final class History {

  private static final int FIRST_CAPACITY = 4;

  /** No turns. */
  static final History EMPTY = new History(new Store(0, 0, 0), 0, 0, 0, 0, 0);

  private final Store store;
  private final int kept;
  private final long keptTokens;
  private final int resumesAt;
  private final int size;
  private final long total;

  private History(Store store, int kept, long keptTokens, int resumesAt, int size, long total) {
    this.store = store;
    this.kept = kept;
    this.keptTokens = keptTokens;
    this.resumesAt = resumesAt;
    this.size = size;
    this.total = total;
  }

  /**
   * A question and its response, as later requests carry them.
   *
   * @param prefixHash {@link PromptReuse#extended hash} of the conversation up to and including
   *     this turn; 0 if no other conversation repeats this one
   * @param responseId by which the server may hold the conversation up to and including this turn;
   *     null if it has another response
   */
  record CompletedTurn(
      Message question, Message response, long prefixHash, @Nullable String responseId) {

    int tokens() {
      return question.tokens() + response.tokens();
    }
  }

  /**
   * Slots for turns, in order. {@code tokensBefore[i]} are the tokens of all turns before the one
   * in slot i, including dropped ones.
   */
  private static final class Store {
    private final CompletedTurn[] turns;
    private final long[] tokensBefore;
    private final int gapStart;
    private final int gapLength;
    private final AtomicInteger used;

    /** Slots without the {@code gapLength} turns from number {@code gapStart} on. */
    Store(int capacity, int gapStart, int gapLength) {
      this.turns = new CompletedTurn[capacity];
      this.tokensBefore = new long[capacity];
      this.gapStart = gapStart;
      this.gapLength = gapLength;
      this.used = new AtomicInteger();
    }

    int slot(int number) {
      return number < gapStart ? number : number - gapLength;
    }

    boolean claim(int slot) {
      return slot < turns.length && used.compareAndSet(slot, slot + 1);
    }

    void put(int slot, CompletedTurn turn, long before) {
      turns[slot] = turn;
      tokensBefore[slot] = before;
    }
  }

  /** Returns the tokens of the carried turns. */
  long tokens() {
    return hasGap() ? keptTokens + total - tokensBefore(resumesAt) : total;
  }

  /** Returns the tokens of the turns that were dropped. */
  long droppedTokens() {
    return total - tokens();
  }

  /** Returns the number of carried turns. */
  int length() {
    return kept + size - resumesAt;
  }

  /** Returns a carried turn by its index, from 0. */
  CompletedTurn get(int index) {
    return store.turns[store.slot(number(index))];
  }

  /** Returns a view of the carried turns, oldest first. */
  List<CompletedTurn> carried() {
    return new AbstractList<>() {
      @Override
      public CompletedTurn get(int index) {
        return History.this.get(index);
      }

      @Override
      public int size() {
        return length();
      }
    };
  }

  /** Returns the history with one more turn. */
  History with(CompletedTurn turn) {
    Store room = store;
    int slot = room.slot(size);
    if (!room.claim(slot)) {
      room = copyWithRoom();
      slot = room.slot(size);
      room.claim(slot);
    }
    room.put(slot, turn, total);
    return new History(room, kept, keptTokens, resumesAt, size + 1, total + turn.tokens());
  }

  /**
   * Returns the history without the oldest turns after the first few, as many as necessary. Calls
   * of tools and their results stay together.
   *
   * @param first number of turns at the beginning to keep
   * @param maxTokens tokens that may be carried; if they cannot be reached, all turns but the first
   *     are dropped, and but those that a next turn with results of tools needs
   */
  History within(int first, long maxTokens) {
    if (tokens() <= maxTokens) {
      return this;
    }
    int keep = hasGap() ? kept : endOfCalls(Math.min(first, size));
    long before = hasGap() ? keptTokens : tokensOfFirst(keep);
    int low = Math.max(resumesAt, keep);
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (before + total - tokensBefore(middle) <= maxTokens) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    int from = Math.max(resumesAt, keep);
    int resume = endOfCalls(low);
    while (refersBack(resume) && resume > from) {
      resume--;
    }
    return resume == from && !hasGap()
        ? this
        : new History(store, keep, before, resume, size, total);
  }

  /** Returns the first turn, from this one on, that does not have the results of tools. */
  private int endOfCalls(int number) {
    int next = number;
    while (next < size && refersBack(next)) {
      next++;
    }
    return next;
  }

  /** Returns whether a turn has the results of the tools that the one before called. */
  private boolean refersBack(int number) {
    return number > resumesAt && store.turns[store.slot(number - 1)].response().isRecorded();
  }

  /** Returns how many leading turns this version of the history shares with another one. */
  int lengthInCommon(History other) {
    return hasGapOf(other)
        ? Math.min(length(), other.length())
        : Math.min(unbroken(), other.unbroken());
  }

  /**
   * Returns whether the other one has the same gap, so that the longer one continues the shorter.
   */
  boolean hasGapOf(History other) {
    return resumesAt == other.resumesAt && kept == other.kept;
  }

  /** Returns whether it carries turns that the other one has dropped. */
  boolean carriesMoreThan(History other) {
    return resumesAt < other.resumesAt;
  }

  /** Returns the number of turns before the gap. */
  private int unbroken() {
    return hasGap() ? kept : size;
  }

  /** Returns the tokens of the first carried turns. */
  long tokensOfFirst(int turns) {
    if (turns == length()) {
      return tokens();
    }
    if (turns < unbroken()) {
      return tokensBefore(turns);
    }
    return keptTokens + tokensBefore(number(turns)) - tokensBefore(resumesAt);
  }

  /** Returns whether turns were dropped. */
  boolean hasGap() {
    return resumesAt > kept;
  }

  /** Returns the number of a carried turn among all turns, dropped ones included. */
  private int number(int index) {
    return index < kept ? index : resumesAt + index - kept;
  }

  private long tokensBefore(int number) {
    return number == size ? total : store.tokensBefore[store.slot(number)];
  }

  private Store copyWithRoom() {
    int length = length();
    Store copy =
        new Store(Math.max(FIRST_CAPACITY, length + length / 2 + 1), kept, resumesAt - kept);
    for (int i = 0; i < length; i++) {
      int number = number(i);
      copy.put(i, store.turns[store.slot(number)], tokensBefore(number));
    }
    copy.used.set(length);
    return copy;
  }
}
