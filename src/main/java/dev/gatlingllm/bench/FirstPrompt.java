package dev.gatlingllm.bench;

import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.ResponseSink;
import java.util.Locale;
import java.util.Optional;

/**
 * Looks at the prompt that was sent first: nothing was said before it, so that a server which has
 * most of it cached was told it by an earlier run. Fed by the recorder's thread, read when that has
 * ended.
 */
final class FirstPrompt implements ResponseSink {

  private Response first;

  @Override
  public void accept(Response response, String iteration) {
    if (first == null || response.timing().writtenNanos() - first.timing().writtenNanos() < 0) {
      first = response;
    }
  }

  /** What to know of a fork that was to begin cold and did not. */
  Optional<String> note() {
    if (first == null || first.usage().cachedTokens() <= first.inputTokensOrExpected() / 2) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "The server had %,d of %,d tokens of the very first prompt cached: an earlier run said"
                + " the same. Give -Dllm.salt=… another value, or -cache reset.",
            first.usage().cachedTokens(),
            first.inputTokensOrExpected()));
  }
}
