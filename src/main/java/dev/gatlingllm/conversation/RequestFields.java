package dev.gatlingllm.conversation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The fields of a request that stay the same from turn to turn, beside the model: {@code stream},
 * {@code stream_options}, and whatever else is asked for. Immutable; any thread may call.
 */
public final class RequestFields {

  /** Replies are streamed, and the server says how long they were. */
  public static final RequestFields DEFAULT = byDefault();

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Fields that each request writes itself, and what sets them instead. */
  private static final Map<String, String> WRITTEN_BY_US =
      Map.of(
          "model", "set it by model(…), models(…), llm.model or llm.models",
          "messages", "what is said comes from the workload",
          "prompt", "what is said comes from the workload",
          "max_tokens", "the length of replies comes from the workload: outputTokens(…)",
          "max_completion_tokens",
              "the length of replies comes from the workload: outputTokens(…), and"
                  + " maxCompletionTokens() or llm.maxTokensField has it sent so",
          "min_tokens", "set it by minTokens(…), exactLength() or llm.minTokens",
          "stream", "replies are timed token by token, so that they are always streamed");

  private final Map<String, JsonNode> values;

  private RequestFields(Map<String, JsonNode> values) {
    this.values = values;
  }

  private static RequestFields byDefault() {
    Map<String, JsonNode> values = new LinkedHashMap<>();
    values.put("stream", JsonNodeFactory.instance.booleanNode(true));
    values.put("stream_options", JsonNodeFactory.instance.objectNode().put("include_usage", true));
    return new RequestFields(values);
  }

  /**
   * The same with one field more, or another value of one.
   *
   * @param name the field's name
   * @param value a string, number, boolean, list or map, or null to leave the field out
   * @throws IllegalArgumentException if requests write the field themselves, or if the value cannot
   *     be written as JSON
   */
  public RequestFields with(String name, Object value) {
    if (WRITTEN_BY_US.containsKey(name)) {
      throw new IllegalArgumentException(
          "the field " + name + " would be there twice; " + WRITTEN_BY_US.get(name));
    }
    Map<String, JsonNode> changed = new LinkedHashMap<>(values);
    JsonNode node = json(name, value);
    if (node.isNull()) {
      changed.remove(name);
    } else {
      changed.put(name, node);
    }
    return new RequestFields(changed);
  }

  private static JsonNode json(String name, Object value) {
    if (value instanceof Number number && !Double.isFinite(number.doubleValue())) {
      throw new IllegalArgumentException(
          "the field " + name + " is " + value + ", which JSON has no number for");
    }
    try {
      // a copy: what the caller holds may change later
      return JSON.readTree(JSON.writeValueAsBytes(value));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the field " + name + " cannot be written as JSON: " + e.getMessage(), e);
    }
  }

  /**
   * The same with the fields of a JSON object; one that is null there is left out of requests.
   *
   * @throws IllegalArgumentException if the text is no JSON object, or if requests write one of its
   *     fields themselves
   */
  public RequestFields withAll(String jsonObject) {
    RequestFields changed = this;
    for (Map.Entry<String, JsonNode> field : object(jsonObject).properties()) {
      changed = changed.with(field.getKey(), field.getValue());
    }
    return changed;
  }

  /**
   * The names of a JSON object's fields.
   *
   * @throws IllegalArgumentException if the text is no JSON object
   */
  public static Set<String> namesIn(String jsonObject) {
    return object(jsonObject).properties().stream()
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static ObjectNode object(String text) {
    if (parse(text) instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException("give a JSON object such as {\"top_k\":20}");
  }

  /**
   * The same with a field whose value is given as JSON.
   *
   * @param name the field's name
   * @param json its value
   * @throws IllegalArgumentException if the text is no JSON, or if requests write the field
   *     themselves
   */
  public RequestFields withJson(String name, String json) {
    return with(name, parse(json));
  }

  private static JsonNode parse(String text) {
    try {
      JsonNode node = JSON.readTree(text);
      if (!node.isMissingNode()) {
        return node;
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("this is no JSON: " + e.getOriginalMessage(), e);
    }
    throw new IllegalArgumentException("this is no JSON: it is empty");
  }

  /** A field's value as JSON; empty where requests do not have it. */
  public Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name)).map(JsonNode::toString);
  }

  /** The fields as they stand inside a JSON object, without its braces; may be empty. */
  byte[] toJson() {
    try {
      byte[] object = JSON.writeValueAsBytes(values);
      return Arrays.copyOfRange(object, 1, object.length - 1);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("values that were read as JSON can be written as JSON", e);
    }
  }
}
