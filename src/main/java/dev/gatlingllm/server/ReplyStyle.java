package dev.gatlingllm.server;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.server.engine.Require;
import java.util.Optional;

/**
 * What the simulated model's replies are like where the request does not decide. Immutable; the
 * methods of {@link ServerSettings.Builder} say what each setting means.
 */
public record ReplyStyle(
    Optional<Distribution> tokens,
    Distribution reasoningTokens,
    ReasoningField reasoningField,
    Distribution tokensPerChunk,
    double toolCallRate,
    Distribution toolCalls) {

  /** The name under which a chat's reasoning is told. */
  public enum ReasoningField {
    /** As DeepSeek, SGLang and older vLLM have it. */
    REASONING_CONTENT,
    /** As OpenRouter and newer vLLM have it. */
    REASONING;

    String json() {
      return name().toLowerCase();
    }
  }

  /**
   * @throws IllegalArgumentException for a value out of its range
   */
  public ReplyStyle {
    tokens.ifPresent(length -> atLeast("replyTokens", length, 1));
    atLeast("reasoningTokens", reasoningTokens, 0);
    atLeast("tokensPerChunk", tokensPerChunk, 1);
    Require.that(
        toolCallRate >= 0 && toolCallRate <= 1, "toolCallRate", toolCallRate, "from 0 to 1");
    atLeast("toolCalls", toolCalls, 1);
  }

  /** What is drawn below the least counts as the least; but something above it must be possible. */
  private static void atLeast(String setting, Distribution distribution, int least) {
    Require.that(
        distribution.maximum() >= least, setting, distribution, least + " or more, or drawn so");
  }
}
