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
  }

  private final Map<String, Size> byRequest = new HashMap<>();

  /** Adds a response, unless its chunks are no steps of a stream. */
  void add(Response response) {
    if (response.ok()
        && response.usage().isOutputCounted()
        && response.timing().chunks() > response.timing().choices()
        && !response.cameAtOnce()
        && !Oddity.HELD_BACK.isOf(response)) {
      Size size = byRequest.computeIfAbsent(response.who().request(), name -> new Size());
      size.tokens += response.shownTokens();
      size.chunks += response.timing().chunks();
    }
  }

  /** Returns the mean, at least 1; 1 while no response is known. */
  double tokensPerChunk(String request) {
    Size size = byRequest.get(request);
    return size == null ? 1 : Math.max(1, size.tokens / size.chunks);
  }
}
