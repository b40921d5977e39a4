package dev.gatlingllm.metrics;

import java.util.HashMap;
import java.util.Map;

/**
 * How many tokens a chunk of a stream has, by the name of its request: of good responses whose
 * tokens are counted, for others of which nobody counts them. Not thread-safe.
 */
final class ChunkSizes {

  private static final class Size {
    private double tokens;
    private double chunks;

    void add(Response response) {
      tokens += response.shownTokens();
      chunks += response.timing().chunks();
    }
  }

  /** Of more names, each further one is as all are. */
  private static final int MAX_NAMES = 64;

  private final Size all = new Size();
  private final Map<String, Size> byRequest = new HashMap<>();

  /** Adds a response, unless its chunks are no steps of a stream. */
  void add(Response response) {
    if (response.ok()
        && response.usage().isOutputCounted()
        && response.timing().chunks() > response.timing().choices()
        && !response.cameAtOnce()
        && !Oddity.HELD_BACK.isOf(response)) {
      all.add(response);
      String request = response.who().request();
      if (byRequest.size() < MAX_NAMES || byRequest.containsKey(request)) {
        byRequest.computeIfAbsent(request, name -> new Size()).add(response);
      }
    }
  }

  /**
   * Returns the mean, at least 1: of all requests while none of this name is known, and 1, the
   * fewest tokens that a chunk can have, while none is known at all.
   */
  double tokensPerChunk(String request) {
    Size size = byRequest.getOrDefault(request, all);
    return size.chunks == 0 ? 1 : Math.max(1, size.tokens / size.chunks);
  }
}
