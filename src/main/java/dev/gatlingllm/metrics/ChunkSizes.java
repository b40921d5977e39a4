package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.Response.OutputTokensSource;
import java.util.HashMap;
import java.util.Map;

/**
 * How many tokens a chunk of a stream has, by the name of its request: of good responses whose
 * tokens are counted, for those that did not end, of which nobody counts them. Not thread-safe.
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

  /**
   * Adds a response, and returns it with its tokens counted: if it did not end well and nobody
   * counted them, it has as many as its chunks have on average.
   */
  Response counted(Response response) {
    learn(response);
    int chunks = response.timing().chunks();
    if (response.ok() || chunks == 0 || response.usage().isOutputCounted()) {
      return response;
    }
    long tokens = Math.round(chunks * tokensPerChunk(response.who().request()));
    return tokens <= chunks
        ? response
        : response.withOutputTokens(
            (int) Math.min(Integer.MAX_VALUE, tokens), OutputTokensSource.CHUNKS);
  }

  /** Takes a good response, unless its chunks are no steps of a stream. */
  private void learn(Response response) {
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
  private double tokensPerChunk(String request) {
    Size size = byRequest.getOrDefault(request, all);
    return size.chunks == 0 ? 1 : Math.max(1, size.tokens / size.chunks);
  }
}
