package dev.gatlingllm.workload.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Reads questions without responses: one in {@code prompt} or {@code text}, or a list in {@code
 * turns}, of texts or of objects with a {@code text}.
 */
final class PromptReader {

  private PromptReader() {}

  static boolean canRead(JsonNode entry) {
    return entry.path("turns").isArray() || entry.has("prompt") || entry.has("text");
  }

  /** Returns a request body in which an empty response follows each question. */
  static ObjectNode conversation(JsonNode entry) throws BrokenEntryException {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode list = body.putArray("messages");
    for (String field : List.of("max_tokens", "output_length")) {
      if (entry.hasNonNull(field)) {
        body.set("max_tokens", entry.get(field));
      }
    }
    if (!entry.path("turns").isArray()) {
      requireNo("(image|audio|video).*", entry);
      add(entry, list);
    }
    for (JsonNode turn : entry.path("turns")) {
      requireNo("(?!role$|text$|delay$).*", turn);
      add(turn, list);
    }
    return body;
  }

  private static void add(JsonNode turn, ArrayNode list) {
    ObjectNode message = list.addObject().put("role", turn.path("role").asText("user"));
    message.set(
        "content", turn.isTextual() ? turn : turn.path(turn.has("text") ? "text" : "prompt"));
    if (turn.has("delay")) {
      message.set("delay", turn.get("delay"));
    }
    if (!Set.of("system", "developer").contains(message.path("role").asText())) {
      list.addObject().put("role", "assistant").put("content", "");
    }
  }

  /** Refuses what would silently not be sent. */
  private static void requireNo(String fields, JsonNode json) throws BrokenEntryException {
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (json.hasNonNull(name) && name.matches(fields)) {
        throw new BrokenEntryException("\"" + name + "\" of a question cannot be replayed");
      }
    }
  }
}
