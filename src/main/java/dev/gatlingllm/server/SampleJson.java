package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.prompt.SeededRandom;

/**
 * Makes up a value that a JSON schema allows, for arguments of tools and for structured output. It
 * knows types, {@code properties}, {@code items}, {@code enum}, {@code const}, {@code anyOf},
 * {@code oneOf}, {@code allOf}, {@code minimum}, {@code maximum} and {@code $ref} within the
 * schema. Used by one thread.
 */
final class SampleJson {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Schemas may refer to themselves. */
  private static final int DEEPEST = 8;

  private static final int WORDS_OF_A_TEXT = 4;

  private final JsonNode root;
  private final ReplyWords words;
  private final SeededRandom random;

  SampleJson(JsonNode root, ReplyWords words, SeededRandom random) {
    this.root = root;
    this.words = words;
    this.random = random;
  }

  /** A value for the whole schema; an object unless the schema says otherwise. */
  JsonNode value() {
    return value(root, 0);
  }

  private JsonNode value(JsonNode schema, int depth) {
    if (depth > DEEPEST) {
      return NODES.nullNode();
    }
    String ref = schema.path("$ref").asText("");
    if (ref.startsWith("#/")) {
      return value(root.at(ref.substring(1)), depth + 1);
    }
    if (schema.has("const")) {
      return schema.get("const");
    }
    for (String choice : new String[] {"enum", "anyOf", "oneOf", "allOf"}) {
      JsonNode options = schema.path(choice);
      if (options.isArray() && !options.isEmpty()) {
        JsonNode drawn = options.get(random.nextInt(options.size()));
        return choice.equals("enum") ? drawn : value(drawn, depth + 1);
      }
    }
    return switch (type(schema)) {
      case "string" -> NODES.textNode(text());
      case "integer" -> NODES.numberNode(Math.round(number(schema)));
      case "number" -> NODES.numberNode(number(schema));
      case "boolean" -> NODES.booleanNode(random.nextBoolean());
      case "null" -> NODES.nullNode();
      case "array" -> array(schema, depth);
      default -> object(schema, depth);
    };
  }

  private static String type(JsonNode schema) {
    JsonNode type = schema.path("type");
    return type.isArray() ? type.path(0).asText() : type.asText();
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < WORDS_OF_A_TEXT; i++) {
      text.append(i == 0 ? "" : " ").append(words.text(random.nextInt(words.count())));
    }
    return text.toString();
  }

  private double number(JsonNode schema) {
    double least = schema.path("minimum").asDouble(0);
    double most = schema.path("maximum").asDouble(Math.max(least, 100));
    return Math.rint(least + random.nextDouble() * (most - least));
  }

  private ArrayNode array(JsonNode schema, int depth) {
    ArrayNode array = NODES.arrayNode();
    int items = Math.min(DEEPEST, schema.path("minItems").asInt(1));
    for (int i = 0; i < items && schema.has("items"); i++) {
      array.add(value(schema.get("items"), depth + 1));
    }
    return array;
  }

  private ObjectNode object(JsonNode schema, int depth) {
    ObjectNode object = NODES.objectNode();
    schema
        .path("properties")
        .properties()
        .forEach(property -> object.set(property.getKey(), value(property.getValue(), depth + 1)));
    return object;
  }
}
