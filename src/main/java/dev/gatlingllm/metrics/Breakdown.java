package dev.gatlingllm.metrics;

import dev.gatlingllm.text.Choice;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What tells responses apart by a word: each value has a scope of its own in a run's figures.
 * Files, pages, console and assertions iterate over these declarations.
 *
 * <p>A response without a value is in no scope of the breakdown.
 */
public enum Breakdown {
  /** Gatling's name of the scenario. */
  SCENARIO("Scenario", "scenarios", 64, response -> response.who().scenario()),
  /** The model or adapter that was asked, where that is known. */
  MODEL("Model", "models", 32, response -> response.who().model()),
  /** The API of the request, where its path tells. */
  API("API", "APIs", 16, response -> response.who().api()),
  /** Why the model stopped, in the server's words; failed responses most often have no reason. */
  FINISH_REASON("Finish reason", "finish reasons", 16, Breakdown::finishReason),
  /** The replica that answered, if {@code llm.replicaHeader} tells. */
  REPLICA("Replica", "replicas", 64, response -> response.outcome().replica());

  /** The values above a breakdown's cap are pooled under this one. */
  public static final String OTHERS = "(others)";

  /** The value of good responses of which the server did not say why they ended. */
  public static final String NO_REASON = "(none)";

  private final String label;
  private final String plural;
  private final int most;
  private final Function<Response, @Nullable String> value;

  Breakdown(String label, String plural, int most, Function<Response, @Nullable String> value) {
    this.label = label;
    this.plural = plural;
    this.most = most;
    this.value = value;
  }

  private static @Nullable String finishReason(Response response) {
    String reason = response.outcome().finishReason();
    return reason == null && response.ok() ? NO_REASON : reason;
  }

  /** Returns the field's name in files, such as {@code byFinishReason}. */
  public String fileKey() {
    String key = Choice.key(this);
    return "by" + Character.toUpperCase(key.charAt(0)) + key.substring(1);
  }

  /** Returns the heading of the values, such as {@code Finish reason}. */
  public String label() {
    return label;
  }

  /** Returns the word for several values, such as {@code finish reasons}. */
  public String plural() {
    return plural;
  }

  /** Returns how many values are kept apart. */
  int most() {
    return most;
  }

  /** Returns the value that a response counts for, or null for none. */
  @Nullable String of(Response response) {
    return value.apply(response);
  }
}
