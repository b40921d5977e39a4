package dev.gatlingllm.conversation;

import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.text.Numbers;
import dev.gatlingllm.text.Require;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Draws which of several models is asked, such as a base model and its LoRA adapters. The seed and
 * the conversation decide, never the order of arrival. Immutable and thread-safe.
 *
 * @param weights each model's share of the whole, above 0; at least one model
 * @param span for how long a choice holds
 */
public record ModelChoice(Map<String, Double> weights, Span span) {

  /** Names the stream of random numbers that models are drawn from. */
  private static final long MODEL = 0x10DE1;

  private static final Pattern SHARE = Pattern.compile("(.*)=\\s*([0-9.eE+-]+)");

  /** For how long a choice holds. */
  public enum Span {
    /**
     * For a whole conversation: a prefix cache belongs to one model or adapter, so that each
     * request finds the prefix that the conversation sent before.
     */
    CONVERSATION,
    /** For one turn, retries included. */
    TURN
  }

  /** Checks the weights and puts the models in an order that is the same on every run. */
  public ModelChoice {
    Require.that(!weights.isEmpty(), "models", "none", "at least one model");
    weights.forEach(ModelChoice::requireShare);
    weights = Collections.unmodifiableMap(new TreeMap<>(weights));
  }

  private static void requireShare(String model, double weight) {
    if (model.isBlank()) {
      throw new IllegalArgumentException("models must name every model, got a blank name");
    }
    if (!(weight > 0) || !Double.isFinite(weight)) {
      throw new IllegalArgumentException(
          "models must give " + model + " a weight above 0, got " + weight);
    }
  }

  /** Returns a choice of one model. */
  public static ModelChoice only(String model) {
    return new ModelChoice(Map.of(model, 1.0), Span.CONVERSATION);
  }

  /**
   * Reads weights such as {@code base=3,lora-a=1}. The name of a model ends before its last {@code
   * =}.
   *
   * @throws IllegalArgumentException for any other text
   */
  public static Map<String, Double> parseWeights(String text) {
    Map<String, Double> weights = new TreeMap<>();
    for (String share : text.split(",", -1)) {
      Matcher form = SHARE.matcher(share.strip());
      if (!form.matches()) {
        throw new IllegalArgumentException(
            "models must be weights such as base=3,lora-a=1, got " + text);
      }
      String model = form.group(1).strip();
      if (weights.put(model, Double.valueOf(form.group(2))) != null) {
        throw new IllegalArgumentException(
            "models must name each model once, got " + model + " twice");
      }
    }
    return weights;
  }

  /** Returns the model that a turn asks. */
  public String of(long seed, Turn turn) {
    return span == Span.CONVERSATION
        ? drawn(seed, turn.conversation().id(), 0)
        : drawn(seed, turn.conversation().id(), turn.number());
  }

  /** Returns the model of the turn's workload; without one, a drawn model. */
  public String orOfWorkload(long seed, Turn turn) {
    return turn.conversation().model().orElseGet(() -> of(seed, turn));
  }

  private String drawn(long seed, String conversation, int turn) {
    double total = weights.values().stream().mapToDouble(Double::doubleValue).sum();
    double left = total * SeededRandom.of(seed, MODEL, conversation.hashCode(), turn).nextDouble();
    String model = weights.keySet().iterator().next();
    for (Map.Entry<String, Double> share : weights.entrySet()) {
      model = share.getKey();
      left -= share.getValue();
      if (left < 0) {
        break;
      }
    }
    return model;
  }

  /** Returns the name of the model, or each model with its weight, as reports show it. */
  @Override
  public String toString() {
    return weights.size() == 1
        ? weights.keySet().iterator().next()
        : weights.entrySet().stream()
            .map(share -> share.getKey() + "=" + Numbers.plain(share.getValue()))
            .collect(Collectors.joining(","));
  }
}
