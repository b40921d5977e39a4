package dev.gatlingllm.conversation;

import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The exchanges that a conversation's prompts carry, oldest first: all that were said, or, once
 * some were dropped, the first few and the latest ones with a gap between. Immutable.
 *
 * <p>Versions share their storage: adding an exchange writes into the next free place, so that a
 * turn costs the same however long the history is. Where two versions grow from one, the second
 * takes a copy. What was dropped is given up when the storage grows.
 */
final class History {

  private static final int FIRST_CAPACITY = 4;

  /** Nothing was said. */
  static final History EMPTY = new History(new Store(0, 0, 0), 0, 0, 0, 0, 0);

  private final Store store;
  private final int kept;
  private final long keptTokens;
  private final int resumed;
  private final int size;
  private final long said;

  private History(Store store, int kept, long keptTokens, int resumed, int size, long said) {
    this.store = store;
    this.kept = kept;
    this.keptTokens = keptTokens;
    this.resumed = resumed;
    this.size = size;
    this.said = said;
  }

  /**
   * Places for exchanges, in order. {@code saidBefore[i]} are the tokens of all exchanges that ever
   * preceded the one at place i, dropped ones too.
   */
  private static final class Store {
    private final Exchange[] exchanges;
    private final long[] saidBefore;
    private final int gapStart;
    private final int gapLength;
    private final AtomicInteger used;

    /** Places that leave out {@code gapLength} exchanges from number {@code gapStart} on. */
    Store(int capacity, int gapStart, int gapLength) {
      this.exchanges = new Exchange[capacity];
      this.saidBefore = new long[capacity];
      this.gapStart = gapStart;
      this.gapLength = gapLength;
      this.used = new AtomicInteger();
    }

    int place(int number) {
      return number < gapStart ? number : number - gapLength;
    }

    boolean claim(int place) {
      return place < exchanges.length && used.compareAndSet(place, place + 1);
    }

    void put(int place, Exchange exchange, long before) {
      exchanges[place] = exchange;
      saidBefore[place] = before;
    }
  }

  /** Tokens of the exchanges that are carried. */
  long tokens() {
    return hasGap() ? keptTokens + said - saidBefore(resumed) : said;
  }

  /** The number of exchanges that are carried. */
  int length() {
    return kept + size - resumed;
  }

  /** The exchange at a place among those that are carried, from 0. */
  Exchange get(int index) {
    return store.exchanges[store.place(number(index))];
  }

  /** What is carried, oldest first; a view. */
  List<Exchange> carried() {
    return new AbstractList<>() {
      @Override
      public Exchange get(int index) {
        return History.this.get(index);
      }

      @Override
      public int size() {
        return length();
      }
    };
  }

  /** The history with one more exchange. */
  History with(Exchange exchange) {
    Store room = store;
    int place = room.place(size);
    if (!room.claim(place)) {
      room = copyWithRoom();
      place = room.place(size);
      room.claim(place);
    }
    room.put(place, exchange, said);
    return new History(room, kept, keptTokens, resumed, size + 1, said + exchange.tokens());
  }

  /**
   * The history without the oldest exchanges after the first few, as many as must go.
   *
   * @param first number of exchanges at the beginning that stay
   * @param most tokens that may be carried; where even dropping all that may go is not enough, all
   *     of it goes
   */
  History within(int first, long most) {
    if (tokens() <= most) {
      return this;
    }
    int keep = hasGap() ? kept : Math.min(first, size);
    long before = hasGap() ? keptTokens : tokensOfFirst(keep);
    int low = Math.max(resumed, keep);
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (before + said - saidBefore(middle) <= most) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low == Math.max(resumed, keep) && !hasGap()
        ? this
        : new History(store, keep, before, low, size, said);
  }

  /** How many of the exchanges carried here open another version of this history as well. */
  int lengthInCommon(History other) {
    return resumed == other.resumed && kept == other.kept
        ? Math.min(length(), other.length())
        : Math.min(unbroken(), other.unbroken());
  }

  /** The number of exchanges before the gap. */
  private int unbroken() {
    return hasGap() ? kept : size;
  }

  /** Tokens of the first exchanges that are carried. */
  long tokensOfFirst(int exchanges) {
    if (exchanges == length()) {
      return tokens();
    }
    if (exchanges < unbroken()) {
      return saidBefore(exchanges);
    }
    return keptTokens + saidBefore(number(exchanges)) - saidBefore(resumed);
  }

  /** Whether exchanges were dropped. */
  boolean hasGap() {
    return resumed > kept;
  }

  /** The number, among all that were ever said, of an exchange that is carried. */
  private int number(int index) {
    return index < kept ? index : resumed + index - kept;
  }

  private long saidBefore(int number) {
    return number == size ? said : store.saidBefore[store.place(number)];
  }

  private Store copyWithRoom() {
    int length = length();
    Store copy = new Store(Math.max(FIRST_CAPACITY, length + length / 2 + 1), kept, resumed - kept);
    for (int i = 0; i < length; i++) {
      int number = number(i);
      copy.put(i, store.exchanges[store.place(number)], saidBefore(number));
    }
    copy.used.set(length);
    return copy;
  }
}
