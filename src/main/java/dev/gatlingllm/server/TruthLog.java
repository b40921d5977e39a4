package dev.gatlingllm.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The latest requests' truths, the oldest forgotten first. Any thread may call any method. */
final class TruthLog {

  /** Token times kept per request of the capacity: 100,000 requests take about 50 MB at most. */
  private static final long TOKENS_PER_REQUEST = 64;

  private final Deque<RequestTruth> truths = new ArrayDeque<>();
  private final Map<String, RequestTruth> byId = new HashMap<>();
  private final int capacity;
  private final Listener listener;
  private long tokens;
  private long ended;

  /** Hears of each request that has ended. */
  interface Listener {

    /**
     * Called in order, one call at a time; must not take long.
     *
     * @param sequence the how-manieth to end it was, from 1
     */
    void ended(long sequence, RequestTruth truth);
  }

  TruthLog(int capacity, Listener listener) {
    this.capacity = capacity;
    this.listener = listener;
  }

  synchronized void add(RequestTruth truth) {
    truths.add(truth);
    if (truth.id() != null) {
      byId.put(truth.id(), truth);
    }
    ended++;
    tokens += truth.weight();
    while (truths.size() > capacity
        || tokens > capacity * TOKENS_PER_REQUEST && truths.size() > 1) {
      forgetOldest();
    }
    listener.ended(ended, truth);
  }

  private void forgetOldest() {
    RequestTruth oldest = truths.remove();
    tokens -= oldest.weight();
    byId.remove(oldest.id());
  }

  synchronized List<RequestTruth> all() {
    return List.copyOf(truths);
  }

  synchronized Optional<RequestTruth> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /**
   * Tells of those that ended after the first {@code since} of all, as far as they are remembered.
   *
   * @param limit of how many at most
   */
  void since(long since, int limit, Listener listener) {
    List<RequestTruth> page;
    long from;
    synchronized (this) {
      long forgotten = ended - truths.size();
      from = Math.max(since, forgotten);
      page = truths.stream().skip(from - forgotten).limit(limit).toList();
    }
    for (RequestTruth truth : page) {
      listener.ended(++from, truth);
    }
  }

  /** Forgets all. Numbers go on. */
  synchronized void clear() {
    truths.clear();
    byId.clear();
    tokens = 0;
  }
}
