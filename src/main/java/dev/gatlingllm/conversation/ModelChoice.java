package dev.gatlingllm.conversation;

import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.text.Numbers;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which of several models is asked, such as a base model and its LoRA adapters. Decided by the seed
 * and the conversation alone, never by the order of arrival. Immutable; any thread may call.
 *
 * @param weights each model's share of the whole, above 0; at least one model
 * @param span for how long a choice holds
 */
public record ModelChoice(Map<String, Double> weights, Span span) {

  /** Names the stream of random numbers that models are drawn from. */
  private static final long MODEL = 0x10DE1;

  /** For how long a choice holds. */
  public enum Span {
    /**
     * For a whole conversation: a prefix cache belongs to one model or adapter, so that a
     * conversation finds what it sent before.
     */
    CONVERSATION("conversation"),
    /** For one turn, and for each further try at it. */
    TURN("turn");

    private final String key;

    Span(String key) {
      this.key = key;
    }

    /**
     * Reads the name in settings.
     *
     * @throws IllegalArgumentException if there is no such span
     */
    public static Span parse(String text) {
      for (Span span : values()) {
        if (span.key.equals(text.strip())) {
          return span;
        }
      }
      throw new IllegalArgumentException(
          "\"" + text + "\" is no span of a choice; write conversation or turn");
    }
  }

  /** Checks the weights and puts the models in an order that is the same on every run. */
  public ModelChoice {
    if (weights.isEmpty()) {
      throw new IllegalArgumentException("name one model or more");
    }
    weights.forEach(ModelChoice::requireShare);
    weights = Collections.unmodifiableMap(new TreeMap<>(weights));
  }

  private static void requireShare(String model, double weight) {
    if (model.isBlank()) {
      throw new IllegalArgumentException("a model has no name");
    }
    if (!(weight > 0) || !Double.isFinite(weight)) {
      throw new IllegalArgumentException(
          "the weight of model " + model + " is " + weight + "; give a number above 0");
    }
  }

  /** Always the same model. */
  public static ModelChoice only(String model) {
    return new ModelChoice(Map.of(model, 1.0), Span.CONVERSATION);
  }

  /**
   * Reads {@code base=3,lora-a=1}. What stands before a model's last {@code =} is its name.
   *
   * @throws IllegalArgumentException if the text says something else
   */
  public static ModelChoice parse(String text, Span span) {
    Map<String, Double> weights = new TreeMap<>();
    for (String share : text.split(",", -1)) {
      int equals = share.lastIndexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException(
            "\"" + share.strip() + "\" has no weight; write models as base=3,lora-a=1");
      }
      String model = share.substring(0, equals).strip();
      if (weights.put(model, weight(model, share.substring(equals + 1).strip())) != null) {
        throw new IllegalArgumentException("model " + model + " is named twice");
      }
    }
    return new ModelChoice(weights, span);
  }

  private static double weight(String model, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "the weight of model " + model + " is \"" + text + "\"; give a number above 0", e);
    }
  }

  /** The model for a turn. */
  public String of(long seed, Turn turn) {
    return span == Span.CONVERSATION
        ? drawn(seed, turn.conversation().id(), 0)
        : drawn(seed, turn.conversation().id(), turn.number());
  }

  private String drawn(long seed, String conversation, int turn) {
    double total = weights.values().stream().mapToDouble(Double::doubleValue).sum();
    double left = total * SeededRandom.of(seed, MODEL, conversation.hashCode(), turn).nextDouble();
    String model = null;
    for (Map.Entry<String, Double> share : weights.entrySet()) {
      model = share.getKey();
      left -= share.getValue();
      if (left < 0) {
        break;
      }
    }
    return model;
  }

  /** For reports: the model's name, or each model with its weight. */
  @Override
  public String toString() {
    return weights.size() == 1
        ? weights.keySet().iterator().next()
        : weights.entrySet().stream()
            .map(share -> share.getKey() + "=" + Numbers.plain(share.getValue()))
            .collect(Collectors.joining(","));
  }
}
