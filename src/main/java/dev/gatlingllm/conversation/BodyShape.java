package dev.gatlingllm.conversation;

import dev.gatlingllm.SystemRole;

/**
 * How a conversation is put into a request.
 *
 * @param api what the request is made for
 * @param systemRole who says the system prompt; chat only
 * @param history how chat requests carry what was said before; text completions always carry one
 *     text
 * @param prompt what the prompt is made of; token ids for text completions only
 * @param maxTokens the field that says how long the reply may be
 * @param minTokens tokens that the reply must have at least, sent as {@code min_tokens} and never
 *     more than the turn's maximum; {@link #NO_MINIMUM} for none, {@link #EXACT_LENGTH} for as many
 *     as the maximum
 */
public record BodyShape(
    Api api,
    SystemRole systemRole,
    HistoryForm history,
    PromptFormat prompt,
    MaxTokensField maxTokens,
    int minTokens) {

  /** Replies may be as short as the model likes. */
  public static final int NO_MINIMUM = 0;

  /** Replies are as long as they may be. */
  public static final int EXACT_LENGTH = Integer.MAX_VALUE;

  /**
   * Checks what goes together.
   *
   * @throws IllegalArgumentException for what the API cannot be asked for
   */
  public BodyShape {
    if (api == Api.CHAT) {
      require(
          prompt == PromptFormat.TEXT,
          "chat completions take no token ids; send them to text completions, or send text");
      require(
          systemRole == SystemRole.SYSTEM || history == HistoryForm.MESSAGES,
          "with the history as one text the system prompt has no role; leave one of them out");
    } else {
      require(
          systemRole == SystemRole.SYSTEM,
          "text completions have no roles; leave the system prompt's out, or use chat completions");
      require(
          maxTokens == MaxTokensField.MAX_TOKENS,
          "text completions know max_tokens only; leave the other out, or use chat completions");
    }
    if (minTokens < 0) {
      throw new IllegalArgumentException(
          "a reply of at least " + minTokens + " tokens cannot be meant; give 0 or more");
    }
  }

  private static void require(boolean condition, String remedy) {
    if (!condition) {
      throw new IllegalArgumentException(remedy);
    }
  }

  /** What most servers take: a system message, history as messages, {@code max_tokens}. */
  public static BodyShape of(Api api) {
    return new BodyShape(
        api,
        SystemRole.SYSTEM,
        HistoryForm.MESSAGES,
        PromptFormat.TEXT,
        MaxTokensField.MAX_TOKENS,
        NO_MINIMUM);
  }

  /** The same with another speaker of the system prompt. */
  public BodyShape withSystemRole(SystemRole changed) {
    return new BodyShape(api, changed, history, prompt, maxTokens, minTokens);
  }

  /** The same with another form of history. */
  public BodyShape withHistory(HistoryForm changed) {
    return new BodyShape(api, systemRole, changed, prompt, maxTokens, minTokens);
  }

  /** The same with another format of prompts. */
  public BodyShape withPrompt(PromptFormat changed) {
    return new BodyShape(api, systemRole, history, changed, maxTokens, minTokens);
  }

  /** The same with another field for the length of replies. */
  public BodyShape withMaxTokens(MaxTokensField changed) {
    return new BodyShape(api, systemRole, history, prompt, changed, minTokens);
  }

  /** The same with another least length of replies, in tokens. */
  public BodyShape withMinTokens(int changed) {
    return new BodyShape(api, systemRole, history, prompt, maxTokens, changed);
  }
}
