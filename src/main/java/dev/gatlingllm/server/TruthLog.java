package dev.gatlingllm.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The latest requests' truths, the oldest forgotten first. Any thread may call any method. */
final class TruthLog {

  /** Token times kept per request of the capacity: 100,000 requests take about 50 MB at most. */
  private static final long TOKENS_PER_REQUEST = 64;

  private final Deque<RequestTruth> truths = new ArrayDeque<>();
  private final Map<String, RequestTruth> byId = new HashMap<>();
  private final int capacity;
  private final Consumer<RequestTruth> also;
  private long tokens;
  private long ended;

  /** A log in memory alone. */
  TruthLog(int capacity) {
    this(capacity, truth -> {});
  }

  /**
   * @param also told of each truth, in order, and must not take long
   */
  TruthLog(int capacity, Consumer<RequestTruth> also) {
    this.capacity = capacity;
    this.also = also;
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
    also.accept(truth);
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

  /** A part of the log, and the number that the next part goes on from. */
  record Page(List<RequestTruth> truths, long next) {}

  /**
   * The truths of requests that ended after the first {@code since} of all; forgotten ones are left
   * out.
   */
  synchronized Page since(long since, int limit) {
    long forgotten = ended - truths.size();
    long from = Math.max(since, forgotten);
    List<RequestTruth> page = truths.stream().skip(from - forgotten).limit(limit).toList();
    return new Page(page, from + page.size());
  }

  /** Forgets all. Numbers go on. */
  synchronized void clear() {
    truths.clear();
    byId.clear();
    tokens = 0;
  }
}
