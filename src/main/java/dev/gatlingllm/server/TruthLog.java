package dev.gatlingllm.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The latest requests' truths, the oldest forgotten first. Any thread may call any method. */
final class TruthLog {

  /** Token times kept per request of the capacity: 100,000 requests take about 50 MB at most. */
  private static final long TOKENS_PER_REQUEST = 64;

  private final Map<String, RequestTruth> byId = new LinkedHashMap<>();
  private final int capacity;
  private long tokens;

  TruthLog(int capacity) {
    this.capacity = capacity;
  }

  synchronized void add(RequestTruth truth) {
    byId.put(truth.id(), truth);
    tokens += truth.weight();
    var oldest = byId.values().iterator();
    while (byId.size() > capacity || tokens > capacity * TOKENS_PER_REQUEST && byId.size() > 1) {
      tokens -= oldest.next().weight();
      oldest.remove();
    }
  }

  synchronized List<RequestTruth> all() {
    return List.copyOf(byId.values());
  }

  synchronized Optional<RequestTruth> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }
}
