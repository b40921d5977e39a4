package dev.gatlingllm.conversation;

import dev.gatlingllm.SystemRole;
import dev.gatlingllm.text.Choice;
import dev.gatlingllm.text.Require;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a conversation is written into a request. Messages of errors begin with the name of the
 * setting that is wrong.
 *
 * @param api the API that is asked
 * @param systemRole role of the system prompt; not for text completions
 * @param history how requests carry earlier turns; text completions always carry one text
 * @param prompt format of the prompt; token ids for text completions only
 * @param maxTokens the field that limits the length of the response
 * @param minTokens fewest tokens of the response, sent as {@code min_tokens} and never more than
 *     the turn's maximum; {@link #NO_MINIMUM} for none, {@link #EXACT_LENGTH} for the maximum
 * @param cache breakpoints at the end of the system prompt and of the last message; Messages only
 */
public record BodyShape(
    Api api,
    SystemRole systemRole,
    HistoryForm history,
    PromptFormat prompt,
    MaxTokensField maxTokens,
    int minTokens,
    CacheControl cache) {

  /** How long a server keeps what comes before a breakpoint in its cache; Messages API only. */
  public enum CacheControl {
    /** No breakpoints. */
    OFF(""),
    /** The default of the API, five minutes. */
    EPHEMERAL("{\"type\":\"ephemeral\"}"),
    /** One hour. */
    HOUR("{\"type\":\"ephemeral\",\"ttl\":\"1h\"}");

    private final String json;

    CacheControl(String json) {
      this.json = json;
    }

    String json() {
      return json;
    }
  }

  /** How a request carries the earlier turns. */
  public enum HistoryForm {
    /** Each question and response is a message of its own, as chat applications send it. */
    MESSAGES,
    /** System prompt, history and question are one text in one user message. */
    TEXT,
    /**
     * Not at all: the server holds them, and a request names the response that it continues. Only
     * for the Responses API. A request that cannot continue one has each of them as a message.
     */
    SERVER
  }

  /** The format of a text completion's prompt. */
  public enum PromptFormat {
    /** A text, which the server tokenizes. */
    TEXT,
    /**
     * Token ids, which the server takes as they are: its tokenizer neither adds tokens nor joins
     * any, so that blocks of the prefix cache match exactly.
     */
    TOKEN_IDS
  }

  /** The field of a request that limits the length of the response. */
  public enum MaxTokensField {
    /** Known to every OpenAI-compatible server. */
    MAX_TOKENS,
    /** Required by OpenAI's reasoning models; chat completions only. */
    MAX_COMPLETION_TOKENS;

    /** Returns the field's name in requests and in settings. */
    public String field() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

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
    if (api == Api.COMPLETIONS) {
      Require.that(
          systemRole == SystemRole.SYSTEM,
          "systemRole",
          Choice.key(systemRole),
          "system for text completions, which have no roles");
      Require.that(
          maxTokens == MaxTokensField.MAX_TOKENS,
          "maxTokensField",
          maxTokens.field(),
          "max_tokens for text completions");
    } else {
      Require.that(
          prompt == PromptFormat.TEXT,
          "promptFormat",
          Choice.key(prompt),
          "text for " + nameOf(api));
      Require.that(
          systemRole == SystemRole.SYSTEM || history != HistoryForm.TEXT,
          "systemRole",
          Choice.key(systemRole),
          "system if the history is one text");
    }
    if (api == Api.MESSAGES || api == Api.RESPONSES) {
      Require.that(
          api != Api.MESSAGES || systemRole != SystemRole.DEVELOPER,
          "systemRole",
          Choice.key(systemRole),
          "system or user for the Messages API");
      Require.that(
          maxTokens == MaxTokensField.MAX_TOKENS,
          "maxTokensField",
          maxTokens.field(),
          "max_tokens for " + nameOf(api));
    }
    Require.that(
        history != HistoryForm.SERVER || api == Api.RESPONSES,
        "history",
        Choice.key(history),
        "messages or text for " + nameOf(api));
    Require.that(
        cache == CacheControl.OFF || api == Api.MESSAGES,
        "cacheControl",
        Choice.key(cache),
        "off for other APIs than the Messages API");
    Require.that(minTokens >= 0, "minTokens", minTokens, "at least 0");
  }

  private static String nameOf(Api api) {
    return switch (api) {
      case CHAT -> "chat completions";
      case COMPLETIONS -> "text completions";
      case MESSAGES -> "the Messages API";
      case RESPONSES -> "the Responses API";
    };
  }

  /** Returns the name of the field that limits the length of the response. */
  String maxTokensName() {
    return api == Api.RESPONSES ? "max_output_tokens" : maxTokens.field();
  }

  /**
   * Returns the response that a request for a turn continues, and whose conversation is not in the
   * request; null if the request has the whole prompt.
   */
  @Nullable String continues(Turn turn) {
    return history == HistoryForm.SERVER ? turn.previousResponse() : null;
  }
}
