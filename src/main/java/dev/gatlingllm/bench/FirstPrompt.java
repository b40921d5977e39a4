package dev.gatlingllm.bench;

import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.ResponseSink;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks the first prompt of a run: if the server has most of it cached, an earlier run has sent
 * it. Called by the recorder's thread, and read after that has ended.
 */
final class FirstPrompt implements ResponseSink {

  private @Nullable Response first;

  @Override
  public void accept(Response response, String iteration) {
    if (first == null || response.timing().writtenNanos() - first.timing().writtenNanos() < 0) {
      first = response;
    }
  }

  /** Returns a note about a fork that was meant to start with a cold cache and did not. */
  Optional<String> note() {
    if (first == null || first.usage().cachedTokens() <= first.inputTokensOrExpected() / 2) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "The server had %,d of %,d tokens of the first prompt cached: an earlier run sent the"
                + " same. Set -Dllm.salt=… to another value, or use -cache reset.",
            first.usage().cachedTokens(),
            first.inputTokensOrExpected()));
  }
}
