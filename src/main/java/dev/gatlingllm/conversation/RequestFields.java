package dev.gatlingllm.conversation;

import static java.util.Map.entry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.conversation.BodyShape.HistoryForm;
import dev.gatlingllm.text.Redactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The fields that are the same in all requests, apart from the model: {@code stream}, {@code
 * stream_options} and those that a user adds. Immutable; any thread may call.
 */
public final class RequestFields {

  /** Streams responses and asks the server for their usage. */
  public static final RequestFields DEFAULT = byDefault();

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final String EXAMPLE_FIELDS = "{\"top_k\":20}";
  private static final String EXAMPLE_SCHEMA = "{\"type\":\"object\"}";

  /** Fields that {@link RequestBody} writes, and what sets them instead. */
  private static final Map<String, String> RESERVED =
      Map.ofEntries(
          entry("model", "set it with model(…), models(…), llm.model or llm.models"),
          entry("messages", "messages come from the workload"),
          entry("prompt", "prompts come from the workload"),
          entry("system", "system prompts come from the workload"),
          entry("input", "messages come from the workload"),
          entry("previous_response_id", "set llm.history = server"),
          entry("max_tokens", "set it with the workload's outputTokens(…)"),
          entry("max_output_tokens", "set it with the workload's outputTokens(…)"),
          entry(
              "max_completion_tokens",
              "set it with the workload's outputTokens(…) and maxCompletionTokens() or"
                  + " llm.maxTokensField"),
          entry("min_tokens", "set it with minTokens(…), exactLength() or llm.minTokens"),
          entry("stream", "responses are always streamed, to be timed token by token"));

  private static final String RESPONSE_FORMAT = "response_format";
  private static final String JSON_SCHEMA = "json_schema";

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
   * Returns a copy with a field added or changed.
   *
   * @param name the field's name
   * @param value a string, number, boolean, list or map, or null to remove the field
   * @throws IllegalArgumentException if the field is reserved, or if the value cannot be written as
   *     JSON
   */
  public RequestFields with(String name, @Nullable Object value) {
    if (RESERVED.containsKey(name)) {
      throw new IllegalArgumentException("Reserved field " + name + "; " + RESERVED.get(name));
    }
    Map<String, JsonNode> changed = new LinkedHashMap<>(values);
    JsonNode node = json(name, value);
    maskSecrets(name, node);
    if (node.isNull()) {
      changed.remove(name);
    } else {
      changed.put(name, node);
    }
    return new RequestFields(changed);
  }

  /** Has the credentials that a gateway expects in a body masked where a server repeats them. */
  private static void maskSecrets(String name, JsonNode value) {
    if (value.isTextual() && Redactor.isSecretName(name)) {
      Redactor.ofProcess().keepSecret(value.textValue());
    }
    for (JsonNode element : value.isArray() ? value : List.<JsonNode>of()) {
      maskSecrets(name, element);
    }
    value.properties().forEach(field -> maskSecrets(field.getKey(), field.getValue()));
  }

  private static JsonNode json(String name, @Nullable Object value) {
    if (value instanceof Number number && !Double.isFinite(number.doubleValue())) {
      throw new IllegalArgumentException(name + " must be a finite number, got " + value);
    }
    try {
      // a copy, because the caller may change the value later
      return JSON.readTree(JSON.writeValueAsBytes(value));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          name + " must be a string, number, boolean, list or map: " + e.getMessage(), e);
    }
  }

  /**
   * Returns a copy with the fields of a JSON object; a null removes a field.
   *
   * @throws IllegalArgumentException if the text is not a JSON object, or if one of its fields is
   *     reserved
   */
  public RequestFields withAll(String jsonObject) {
    RequestFields changed = this;
    for (Map.Entry<String, JsonNode> field : object(jsonObject, EXAMPLE_FIELDS).properties()) {
      changed = changed.with(field.getKey(), field.getValue());
    }
    return changed;
  }

  /**
   * Returns the names of a JSON object's fields.
   *
   * @throws IllegalArgumentException if the text is not a JSON object
   */
  public static Set<String> namesIn(String jsonObject) {
    return object(jsonObject, EXAMPLE_FIELDS).properties().stream()
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static ObjectNode object(String text, String example) {
    if (parse(text) instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException("must be a JSON object such as " + example);
  }

  /**
   * Returns a copy with a field whose value is JSON.
   *
   * @param name the field's name
   * @param json its value
   * @throws IllegalArgumentException if the text is not JSON, or if the field is reserved
   */
  public RequestFields withJson(String name, String json) {
    return with(name, parse(json));
  }

  /**
   * Returns a copy with a field that is one text or several.
   *
   * @param json a JSON text, or a list of texts
   * @throws IllegalArgumentException if it is something else
   */
  public RequestFields withTexts(String name, String json) {
    JsonNode texts = parse(json);
    boolean isList = texts.isArray() && !texts.isEmpty();
    for (JsonNode text : texts) {
      isList &= text.isTextual();
    }
    if (!isList && !texts.isTextual()) {
      throw new IllegalArgumentException("must be a text or a JSON list of texts, got " + json);
    }
    return with(name, texts);
  }

  /**
   * Returns a copy that asks for responses of JSON.
   *
   * @param schema a JSON schema
   * @throws IllegalArgumentException if it is not a JSON object
   */
  public RequestFields withJsonSchema(String schema) {
    ObjectNode format = JsonNodeFactory.instance.objectNode().put("type", "json_schema");
    ObjectNode named = format.putObject(JSON_SCHEMA).put("name", "response").put("strict", true);
    named.set("schema", object(schema, EXAMPLE_SCHEMA));
    return with(RESPONSE_FORMAT, format);
  }

  /**
   * Reads a JSON schema.
   *
   * @param file its path
   * @return the text of the file
   * @throws IllegalArgumentException if the file cannot be read, or is not a JSON object
   */
  public static String readSchema(String file) {
    String schema;
    try {
      schema = Files.readString(Path.of(file));
    } catch (IOException | InvalidPathException e) {
      throw new IllegalArgumentException(
          "must be the path of a readable file with a JSON schema, got " + file, e);
    }
    try {
      object(schema, EXAMPLE_SCHEMA);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "must be the path of a file with a JSON schema, got %s, which %s"
              .formatted(file, e.getMessage()),
          e);
    }
    return schema;
  }

  /** Returns whether the requests ask for responses of JSON. */
  public boolean askForJson() {
    JsonNode format = values.getOrDefault(RESPONSE_FORMAT, MissingNode.getInstance());
    return format.path("type").asText().startsWith("json")
        || values.containsKey("guided_json")
        || (values.containsKey("structured_outputs")
            && values.get("structured_outputs").has("json"));
  }

  private static JsonNode parse(String text) {
    try {
      JsonNode node = JSON.readTree(text);
      if (!node.isMissingNode()) {
        return node;
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "must be valid JSON: error in line %d, column %d"
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    }
    throw new IllegalArgumentException("must be valid JSON, got an empty text");
  }

  /**
   * Returns the same fields as an API calls them.
   *
   * @throws IllegalArgumentException if the server must hold the conversation and must not
   */
  RequestFields as(BodyShape shape) {
    return switch (shape.api()) {
      case CHAT, COMPLETIONS -> this;
      case MESSAGES -> ofMessages();
      case RESPONSES -> ofResponses(shape.history() == HistoryForm.SERVER);
    };
  }

  /**
   * Returns the same fields as the Responses API calls them. Padding of events is switched off, and
   * the server keeps responses only if it holds the conversations.
   */
  private RequestFields ofResponses(boolean held) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    Map<String, JsonNode> changed = new LinkedHashMap<>(values);
    changed.replace(
        "stream_options",
        DEFAULT.values.get("stream_options"),
        json.objectNode().put("include_obfuscation", false));
    JsonNode store = changed.computeIfAbsent("store", name -> json.booleanNode(held));
    if (held && !store.asBoolean()) {
      throw new IllegalArgumentException(
          "store must be true if the server holds the history, got " + store);
    }
    changed.computeIfPresent(
        "tools", (name, tools) -> RecordedMessages.tools(Api.RESPONSES, tools));
    changed.computeIfPresent("tool_choice", (name, choice) -> flatChoice(choice, "function"));
    JsonNode effort = changed.remove("reasoning_effort");
    if (effort != null) {
      changed.put("reasoning", json.objectNode().set("effort", effort));
    }
    JsonNode format = changed.remove(RESPONSE_FORMAT);
    if (format instanceof ObjectNode object) {
      ObjectNode flat = object.deepCopy();
      if (flat.remove(JSON_SCHEMA) instanceof ObjectNode schema) {
        flat.setAll(schema);
      }
      changed.put("text", json.objectNode().set("format", flat));
    }
    return new RequestFields(changed);
  }

  /** Returns a choice of a tool without the object in which a chat has its name. */
  private static JsonNode flatChoice(JsonNode choice, String type) {
    return choice.path("function") instanceof ObjectNode function
        ? JsonNodeFactory.instance.objectNode().put("type", type).setAll(function)
        : choice;
  }

  /**
   * Returns the same fields as the Messages API calls them: without {@code stream_options}, with
   * {@code stop_sequences} for {@code stop}, with an object as {@code tool_choice}, with tools in
   * its form, and with {@code output_config.format} for {@code response_format}.
   *
   * @throws IllegalArgumentException for a response format other than a JSON schema
   */
  private RequestFields ofMessages() {
    JsonNodeFactory json = JsonNodeFactory.instance;
    Map<String, JsonNode> changed = new LinkedHashMap<>(values);
    changed.remove("stream_options");
    JsonNode stop = changed.remove("stop");
    if (stop != null) {
      changed.put("stop_sequences", stop.isArray() ? stop : json.arrayNode().add(stop));
    }
    JsonNode format = changed.remove(RESPONSE_FORMAT);
    if (format != null) {
      if (!format.path("type").asText().equals(JSON_SCHEMA)) {
        throw new IllegalArgumentException(
            "response_format must be a JSON schema for the Messages API, got " + format);
      }
      ObjectNode output =
          changed.get("output_config") instanceof ObjectNode given
              ? given.deepCopy()
              : json.objectNode();
      output
          .putObject("format")
          .put("type", JSON_SCHEMA)
          .set("schema", format.path(JSON_SCHEMA).path("schema"));
      changed.put("output_config", output);
    }
    changed.computeIfPresent(
        "tool_choice",
        (name, choice) ->
            choice.isTextual()
                ? json.objectNode().put("type", choice.asText().replace("required", "any"))
                : flatChoice(choice, "tool"));
    changed.computeIfPresent("tools", (name, tools) -> RecordedMessages.tools(Api.MESSAGES, tools));
    return new RequestFields(changed);
  }

  /**
   * Returns the fields of requests whose responses are compared: the server takes the likeliest
   * token each time. Where the API has a {@code seed}, it is the user's or 0.
   */
  RequestFields ofProbes(Api api) {
    RequestFields likeliest = with("temperature", 0);
    boolean isSeeded = api == Api.CHAT || api == Api.COMPLETIONS;
    return isSeeded && !values.containsKey("seed") ? likeliest.with("seed", 0) : likeliest;
  }

  /** Returns the value of a field as JSON; empty if requests do not have it. */
  public Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name)).map(JsonNode::toString);
  }

  /** Returns the fields as a JSON object without its braces; may be empty. */
  byte[] toJson() {
    try {
      byte[] object = JSON.writeValueAsBytes(values);
      return Arrays.copyOfRange(object, 1, object.length - 1);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("fields must be writable as JSON", e);
    }
  }
}
