package dev.gatlingllm.workload.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Reads conversations of MLPerf's agentic data: a row for each message, or for the results of all
 * calls of a response.
 */
final class RowReader {

  private static final List<String> OF_MESSAGE =
      List.of("role", "content", "tool_calls", "reasoning_content", "name", "delay_seconds");

  private RowReader() {}

  /** Returns a request body with all messages. */
  static ObjectNode conversation(JsonNode rows) throws BrokenEntryException {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode list = body.putArray("messages");
    for (int i = 0; i < rows.size(); i++) {
      JsonNode row = rows.get(i);
      if (row.path("turn").asInt() != i + 1) {
        throw new BrokenEntryException(
            "row %d of the conversation has turn %s; turns must count its rows from 1"
                .formatted(i + 1, row.path("turn")));
      }
      keepFirst(row, "system", body, "system");
      keepFirst(row, "tools", body, "tools");
      keepFirst(row, "max_new_tokens", body, "max_tokens");
      JsonNode results = row.path("tool_results");
      if (!results.isArray()) {
        ObjectNode message = list.addObject();
        OF_MESSAGE.stream().filter(row::has).forEach(field -> message.set(field, row.get(field)));
      }
      for (JsonNode result : results) {
        ObjectNode message = list.addObject().put("role", "tool");
        message.set("tool_call_id", result.path("tool_call_id"));
        message.set("content", result.path("content"));
        if (row.has("delay_seconds")) {
          message.set("delay_seconds", row.get("delay_seconds"));
        }
      }
    }
    return body;
  }

  /** Sets a field of the body to the first value that a row has for it, which cannot change. */
  private static void keepFirst(JsonNode row, String field, ObjectNode body, String name)
      throws BrokenEntryException {
    if (row.hasNonNull(field) && !body.has(name)) {
      body.set(name, row.get(field));
    } else if (row.hasNonNull(field) && !row.get(field).equals(body.get(name))) {
      throw new BrokenEntryException(
          "\"" + field + "\" changes within the conversation, which cannot be replayed");
    }
  }
}
