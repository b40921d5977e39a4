package dev.gatlingllm.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps the most recent {@link RequestTruth}s in memory. Thread-safe. */
final class TruthLog {

  /** Token times per request of the capacity: 100,000 requests take at most about 50 MB. */
  private static final long TOKENS_PER_REQUEST = 64;

  private final Deque<RequestTruth> truths = new ArrayDeque<>();
  private final Map<String, RequestTruth> byId = new HashMap<>();
  private final int capacity;
  private final Listener listener;
  private long tokens;
  private long ended;
  private volatile boolean closing;

  /** Receives each request that has ended. */
  interface Listener {

    /**
     * Called in order, one call at a time. Must return quickly.
     *
     * @param sequence completion order, from 1
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
        || (tokens > capacity * TOKENS_PER_REQUEST && truths.size() > 1)) {
      removeOldest();
    }
    listener.ended(ended, truth);
  }

  /** Notes that the server is being closed. */
  void close() {
    closing = true;
  }

  /** Returns whether the server is being closed. */
  boolean isClosing() {
    return closing;
  }

  private void removeOldest() {
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
   * Passes the requests with a completion order above {@code since} to a listener.
   *
   * @param limit the maximum number of requests
   */
  void since(long since, int limit, Listener listener) {
    List<RequestTruth> page;
    long from;
    synchronized (this) {
      long removed = ended - truths.size();
      from = Math.max(since, removed);
      page = truths.stream().skip(from - removed).limit(limit).toList();
    }
    for (RequestTruth truth : page) {
      listener.ended(++from, truth);
    }
  }

  /** Removes all requests. The completion order continues. */
  synchronized void clear() {
    truths.clear();
    byId.clear();
    tokens = 0;
  }
}
