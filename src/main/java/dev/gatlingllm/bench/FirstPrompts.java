package dev.gatlingllm.bench;

import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.ResponseSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Checks the prompts that were sent before the first token of a run: if the server has most of what
 * is new in them cached, an earlier run has sent it. One of them alone does not tell: users of one
 * group begin at once, and the server need not read their prompts in the order in which they were
 * written. Called by the recorder's thread, and read after that has ended.
 */
final class FirstPrompts implements ResponseSink {

  /** Good responses whose requests were written before the first token that was known then. */
  private final List<Response> candidates = new ArrayList<>();

  private long firstTokenNanos;

  @Override
  public void accept(Response response, String iteration) {
    if (!response.ok() || !response.timing().hasOutput()) {
      return;
    }
    long token = response.timing().chunkNanos()[0];
    if (candidates.isEmpty() || token - firstTokenNanos < 0) {
      firstTokenNanos = token;
    }
    if (isFirst(response)) {
      candidates.add(response);
    }
  }

  private boolean isFirst(Response response) {
    return response.timing().writtenNanos() - firstTokenNanos < 0;
  }

  /**
   * Returns whether it is known what of the prompt others had sent before it: of a turn, and of the
   * very first request.
   */
  private boolean knowsSentBefore(Response response) {
    long written = response.timing().writtenNanos();
    return response.turn().reusableTokens() >= 0
        || candidates.stream().allMatch(one -> written - one.timing().writtenNanos() <= 0);
  }

  /**
   * Returns a note about a fork that was meant to start with a cold cache and did not.
   *
   * @param mayBeginAlike whether a prompt may begin like another one without a message in common:
   *     then only the one that the server read first tells, whichever it is
   */
  Optional<String> note(boolean mayBeginAlike) {
    long cached = 0;
    long input = 0;
    long sentBefore = 0;
    boolean isAnyCold = false;
    for (Response response : candidates) {
      if (isFirst(response) && knowsSentBefore(response)) {
        isAnyCold |= 2L * response.usage().cachedTokens() <= response.inputTokensOrExpected();
        cached += Math.max(0, response.usage().cachedTokens());
        input += Math.max(0, response.inputTokensOrExpected());
        sentBefore += Math.max(0, response.turn().reusableTokens());
      }
    }
    if (cached - sentBefore <= (input - sentBefore) / 2 || (mayBeginAlike && isAnyCold)) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "The server had %,d of %,d tokens of the first prompts cached: an earlier fork or run"
                + " sent the same. Use -cache reset or, for generated prompts alone, set"
                + " -Dllm.salt=… to another value.",
            cached,
            input));
  }
}
