package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.prompt.SeededRandom;

/**
 * Generates a random value that a JSON schema allows, for tool arguments and structured output.
 * Supports types, {@code properties}, {@code items}, {@code enum}, {@code const}, {@code anyOf},
 * {@code oneOf}, {@code allOf}, {@code minimum}, {@code maximum} and {@code $ref} within the
 * schema. Not thread-safe.
 *
 * @param root the schema
 */
record SampleJson(JsonNode root, ModelVocabulary vocabulary, SeededRandom random) {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Limits recursion, because schemas can refer to themselves. */
  private static final int MAX_DEPTH = 8;

  private static final int WORDS_PER_TEXT = 4;

  /** Returns a value for the whole schema; an object if the schema has no type. */
  JsonNode value() {
    return value(root, 0);
  }

  private JsonNode value(JsonNode schema, int depth) {
    if (depth > MAX_DEPTH) {
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
    for (int i = 0; i < WORDS_PER_TEXT; i++) {
      text.append(i == 0 ? "" : " ").append(vocabulary.word(random.nextInt(vocabulary.size())));
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
    int items = Math.min(MAX_DEPTH, schema.path("minItems").asInt(1));
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
