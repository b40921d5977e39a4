package dev.gatlingllm.conversation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes messages and tools that were recorded in the form of the Chat API in that of another API.
 * Thread-safe.
 */
final class RecordedMessages {

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static final ByteBuffer LIST = PromptWriter.ascii("[");
  private static final ByteBuffer LIST_END = PromptWriter.ascii("]");

  private RecordedMessages() {}

  /**
   * Returns messages as an API has them.
   *
   * @param chat whole messages of the Chat API, separated by commas
   * @return messages or items, separated by commas
   */
  static byte[] messages(Api api, ByteBuffer chat) {
    List<ObjectNode> converted = new ArrayList<>();
    for (JsonNode message : read(PromptWriter.concatenated(List.of(LIST, chat, LIST_END)))) {
      if (api == Api.RESPONSES) {
        addItems(message, converted);
      } else {
        addMessage(message, converted);
      }
    }
    byte[] list = write(converted);
    return Arrays.copyOfRange(list, 1, list.length - 1);
  }

  /** Returns the tools that a chat offers, an array, as an API has them. */
  static byte[] tools(Api api, ByteBuffer chat) {
    return write(tools(api, read(PromptWriter.concatenated(List.of(chat)))));
  }

  /** Returns tools as an API has them; those that are not in the form of a chat are unchanged. */
  static JsonNode tools(Api api, JsonNode tools) {
    ArrayNode converted = JSON.createArrayNode();
    for (JsonNode tool : tools) {
      if (tool.path("function") instanceof ObjectNode function) {
        ObjectNode flat = function.deepCopy();
        if (api == Api.MESSAGES) {
          JsonNode schema = flat.remove("parameters");
          flat.set("input_schema", schema == null ? object("type", "object") : schema);
          converted.add(flat);
        } else {
          converted.add(object("type", "function").setAll(flat));
        }
      } else {
        converted.add(tool);
      }
    }
    return converted;
  }

  // ---------------------------------------------------------------- the Responses API

  private static void addItems(JsonNode message, List<ObjectNode> items) {
    String role = message.path("role").asText();
    JsonNode content = message.path("content");
    if (role.equals("tool")) {
      ObjectNode output = object("type", "function_call_output");
      output.set("call_id", message.path("tool_call_id"));
      items.add(output.put("output", text(content)));
      return;
    }
    JsonNode calls = message.path("tool_calls");
    if (!text(content).isEmpty() || calls.isEmpty()) {
      ObjectNode item = object("role", role);
      if (content.isArray()) {
        ArrayNode parts = item.putArray("content");
        content.forEach(part -> parts.add(partOfItem(part, role.equals("assistant"))));
      } else {
        item.put("content", text(content));
      }
      items.add(item);
    }
    for (JsonNode call : calls) {
      ObjectNode item = object("type", "function_call");
      item.set("call_id", call.path("id"));
      item.set("name", call.at("/function/name"));
      item.set("arguments", call.at("/function/arguments"));
      items.add(item);
    }
  }

  private static ObjectNode partOfItem(JsonNode part, boolean output) {
    if (part.path("type").asText().equals("image_url")) {
      ObjectNode image = object("type", "input_image");
      image.set("image_url", part.at("/image_url/url"));
      if (part.at("/image_url/detail").isTextual()) {
        image.set("detail", part.at("/image_url/detail"));
      }
      return image;
    }
    return part.path("text").isTextual()
        ? object("type", output ? "output_text" : "input_text")
            .put("text", part.get("text").asText())
        : part.deepCopy();
  }

  // ---------------------------------------------------------------- the Messages API

  /** Adds a message, or its blocks to the last message where that is of the same role. */
  private static void addMessage(JsonNode message, List<ObjectNode> messages) {
    String role = message.path("role").asText().equals("assistant") ? "assistant" : "user";
    ObjectNode last = messages.isEmpty() ? null : messages.get(messages.size() - 1);
    if (last == null || !last.path("role").asText().equals(role)) {
      last = object("role", role);
      last.putArray("content");
      messages.add(last);
    }
    ArrayNode blocks = last.withArray("content");
    if (message.path("role").asText().equals("tool")) {
      ObjectNode result = object("type", "tool_result");
      result.set("tool_use_id", message.path("tool_call_id"));
      blocks.add(result.put("content", text(message.path("content"))));
      return;
    }
    addBlocks(message.path("content"), blocks);
    for (JsonNode call : message.path("tool_calls")) {
      ObjectNode use = object("type", "tool_use");
      use.set("id", call.path("id"));
      use.set("name", call.at("/function/name"));
      blocks.add(use.set("input", input(call.at("/function/arguments").asText())));
    }
  }

  private static void addBlocks(JsonNode content, ArrayNode blocks) {
    if (!content.isArray()) {
      if (!text(content).isEmpty()) {
        blocks.add(object("type", "text").put("text", text(content)));
      }
      return;
    }
    for (JsonNode part : content) {
      String url = part.at("/image_url/url").asText();
      if (url.isEmpty()) {
        blocks.add(part);
        continue;
      }
      ObjectNode source = blocks.addObject().put("type", "image").putObject("source");
      int comma = url.indexOf(";base64,");
      if (url.startsWith("data:") && comma > 0) {
        source.put("type", "base64").put("media_type", url.substring("data:".length(), comma));
        source.put("data", url.substring(comma + ";base64,".length()));
      } else {
        source.put("type", "url").put("url", url);
      }
    }
  }

  /** Returns the arguments of a call, which this API has as an object. */
  private static JsonNode input(String arguments) {
    try {
      if (JSON.readTree(arguments) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException incomplete) {
      // as a model may have written them
    }
    return arguments.isBlank() ? JSON.createObjectNode() : object("arguments", arguments);
  }

  // ---------------------------------------------------------------- JSON

  /** Returns the text of a content: all of it, or its parts, one after the other. */
  private static String text(JsonNode content) {
    if (!content.isArray()) {
      return content.asText("");
    }
    StringBuilder text = new StringBuilder();
    content.forEach(
        part -> text.append(part.isTextual() ? part.asText() : part.path("text").asText()));
    return text.toString();
  }

  private static ObjectNode object(String field, String value) {
    return JSON.createObjectNode().put(field, value);
  }

  private static JsonNode read(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException("recorded messages must be valid JSON", e);
    }
  }

  private static byte[] write(Object json) {
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
