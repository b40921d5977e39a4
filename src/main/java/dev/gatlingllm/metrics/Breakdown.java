package dev.gatlingllm.metrics;

import dev.gatlingllm.text.Choice;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What tells responses apart by a word: each value has a scope of its own in a run's figures.
 * Files, pages, console and assertions iterate over these declarations.
 *
 * <p>A response without a value is in no scope of the breakdown.
 */
public enum Breakdown {
  /** Gatling's name of the scenario. */
  SCENARIO("scenario", 64, response -> response.who().scenario()),
  /** The model or adapter that was asked, where that is known. */
  MODEL("model", 32, response -> response.who().model()),
  /** The API of the request, where its path tells. */
  API("API", 16, response -> response.who().api()),
  /** Why the model stopped, in the server's words; failed responses most often have no reason. */
  FINISH_REASON("finish reason", 16, Breakdown::finishReason),
  /** The replica that answered, if {@code llm.replicaHeader} tells. */
  REPLICA("replica", 64, response -> response.outcome().replica()),
  /**
   * The {@link ConversationOutcome} of a conversation: its scopes have the figures of
   * conversations, and no responses.
   */
  OUTCOME("outcome", ConversationOutcome.values().length, response -> null);

  private static final List<Breakdown> OF_RESPONSES =
      Stream.of(values()).filter(by -> by != OUTCOME).toList();

  /** The values above a breakdown's cap are pooled under this one. */
  public static final String OTHERS = "(others)";

  /** The value of good responses of which the server did not say why they ended. */
  public static final String NO_REASON = "(none)";

  private final String words;
  private final int most;
  private final Function<Response, @Nullable String> value;

  Breakdown(String words, int most, Function<Response, @Nullable String> value) {
    this.words = words;
    this.most = most;
    this.value = value;
  }

  private static @Nullable String finishReason(Response response) {
    String reason = response.outcome().finishReason();
    return reason == null && response.ok() ? NO_REASON : reason;
  }

  /** Returns those of which scopes have responses, in the order of files and pages. */
  public static List<Breakdown> ofResponses() {
    return OF_RESPONSES;
  }

  /** Returns the value of a response, or null if it has none. */
  @Nullable String valueOf(Response response) {
    return value.apply(response);
  }

  /** Returns the values of a response, of the breakdowns of which it has one. */
  static Map<Breakdown, String> valuesOf(Response response) {
    Map<Breakdown, String> values = new EnumMap<>(Breakdown.class);
    for (Breakdown by : OF_RESPONSES) {
      String value = by.valueOf(response);
      if (value != null) {
        values.put(by, value);
      }
    }
    return values;
  }

  /** Returns the name in pages, such as {@code finishReason}. */
  public String key() {
    return Choice.key(this);
  }

  /** Returns the name of the field in files that has the scopes, such as {@code byFinishReason}. */
  public String fileKey() {
    return "by" + capitalized(key());
  }

  /** Returns the word of the DSL that selects one value, such as {@code forFinishReason}. */
  public String selector() {
    return "for" + capitalized(key());
  }

  /** Returns what its values are, within a sentence: {@code finish reason}. */
  public String words() {
    return words;
  }

  /** Returns what its values are, as a heading: {@code Finish reason}. */
  public String label() {
    return capitalized(words);
  }

  private static String capitalized(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  /** Returns how many values are kept apart. */
  int most() {
    return most;
  }
}
