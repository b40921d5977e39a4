package dev.gatlingllm.conversation;

import dev.gatlingllm.SystemRole;

/**
 * How a conversation is written into a request. Messages of errors begin with the name of the
 * setting that is wrong.
 *
 * @param api the API that is asked
 * @param systemRole role of the system prompt; chat only
 * @param history how chat requests carry earlier turns; text completions always carry one text
 * @param prompt format of the prompt; token ids for text completions only
 * @param maxTokens the field that limits the length of the response
 * @param minTokens fewest tokens of the response, sent as {@code min_tokens} and never more than
 *     the turn's maximum; {@link #NO_MINIMUM} for none, {@link #EXACT_LENGTH} for the maximum
 */
public record BodyShape(
    Api api,
    SystemRole systemRole,
    HistoryForm history,
    PromptFormat prompt,
    MaxTokensField maxTokens,
    int minTokens) {

  /** Stands for no minimum. */
  public static final int NO_MINIMUM = 0;

  /** Stands for a minimum that equals the turn's maximum. */
  public static final int EXACT_LENGTH = Integer.MAX_VALUE;

  /**
   * Checks that the API supports the combination.
   *
   * @throws IllegalArgumentException if it does not
   */
  public BodyShape {
    if (api == Api.CHAT) {
      require(prompt == PromptFormat.TEXT, "promptFormat must be text for chat completions");
      require(
          systemRole == SystemRole.SYSTEM || history == HistoryForm.MESSAGES,
          "systemRole must be system if the history is one text");
    } else {
      require(
          systemRole == SystemRole.SYSTEM,
          "systemRole must be system for text completions, which have no roles");
      require(
          maxTokens == MaxTokensField.MAX_TOKENS,
          "maxTokensField must be max_tokens for text completions");
    }
    require(minTokens >= 0, "minTokens must be at least 0, got " + minTokens);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  /** Returns what most servers accept: a system message, history as messages, max_tokens. */
  public static BodyShape of(Api api) {
    return new BodyShape(
        api,
        SystemRole.SYSTEM,
        HistoryForm.MESSAGES,
        PromptFormat.TEXT,
        MaxTokensField.MAX_TOKENS,
        NO_MINIMUM);
  }
}
