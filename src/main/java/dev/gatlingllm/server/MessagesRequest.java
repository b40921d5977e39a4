package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.server.GenerationRequest.Delivery;
import java.util.ArrayList;
import java.util.List;

/** Reads requests of Anthropic's Messages API. */
final class MessagesRequest {

  private MessagesRequest() {}

  /**
   * Reads a request.
   *
   * @param defaultModel the model of a request without one
   * @throws OpenAiError for an invalid field, with what is allowed
   */
  static GenerationRequest read(RequestFields fields, String defaultModel) throws OpenAiError {
    if (!fields.has("max_tokens")) {
      throw OpenAiError.invalid("max_tokens", "max_tokens: Field required");
    }
    fields.checkRange("temperature", 0, 2);
    fields.checkRange("top_p", 0, 1);
    RequestFields format = fields.object("output_config").object("format");
    return new GenerationRequest(
        GenerationApi.MESSAGES,
        fields.text("model", defaultModel),
        List.of(prompt(fields)),
        1,
        RequestReader.length(fields, "max_tokens"),
        RequestReader.stop(fields, "stop_sequences"),
        Tools.of(chat(fields)),
        RequestReader.schema(format, format.get("schema")),
        fields.integer("seed", 0),
        !fields.object("thinking").text("type", "").equals("disabled"),
        new Delivery(fields.flag("stream", false), true, false, -1),
        null);
  }

  /** Returns the texts of the system prompt and the messages, as a chat has them. */
  static Prompt prompt(RequestFields fields) throws OpenAiError {
    JsonNode messages = fields.get("messages");
    if (!messages.isArray() || messages.isEmpty()) {
      throw OpenAiError.invalid("messages", "messages: at least one message is required");
    }
    List<String> texts = new ArrayList<>();
    RequestFields chat = chat(fields);
    if (chat.has("tools")) {
      texts.add(chat.get("tools").toString());
    }
    if (fields.has("system")) {
      addContent(fields.get("system"), "system", texts);
    }
    for (int i = 0; i < messages.size(); i++) {
      JsonNode message = messages.get(i);
      String role = message.path("role").asText();
      if (!role.equals("user") && !role.equals("assistant")) {
        throw OpenAiError.invalid(
            "messages", "messages.%d.role: must be \"user\" or \"assistant\"".formatted(i));
      }
      addContent(message.path("content"), "messages." + i + ".content", texts);
    }
    return new Prompt(texts, new int[0]);
  }

  /** Adds the texts of blocks as a chat has them: calls of tools and results are texts apart. */
  private static void addContent(JsonNode content, String name, List<String> texts)
      throws OpenAiError {
    if (content.isTextual()) {
      texts.add(content.textValue());
      return;
    }
    if (!content.isArray()) {
      throw OpenAiError.invalid(name, name + ": must be a string or an array of blocks");
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode block : content) {
      switch (block.path("type").asText()) {
        case "text" -> text.append(block.path("text").asText());
        case "image" -> text.append(ImageParts.mark(block, name));
        case "tool_use" -> {
          addText(text, texts);
          texts.add(block.path("name").asText());
          texts.add(block.path("input").toString());
        }
        case "tool_result" -> {
          addText(text, texts);
          if (block.has("content")) {
            addContent(block.path("content"), name + ".content", texts);
          }
        }
        case "thinking", "redacted_thinking" -> {}
        default ->
            throw OpenAiError.invalid(
                name, name + ": this server reads text, images, thinking and tools, got " + block);
      }
    }
    addText(text, texts);
  }

  private static void addText(StringBuilder text, List<String> texts) {
    if (!text.isEmpty()) {
      texts.add(text.toString());
      text.setLength(0);
    }
  }

  /** Returns the fields of tools as a chat has them: they differ in their form only. */
  private static RequestFields chat(RequestFields fields) throws OpenAiError {
    ObjectNode chat = Json.object();
    if (fields.has("tools")) {
      ArrayNode tools = chat.putArray("tools");
      for (JsonNode tool : fields.get("tools")) {
        ObjectNode function = tools.addObject().put("type", "function").putObject("function");
        function.set("name", tool.get("name"));
        if (tool.has("description")) {
          function.set("description", tool.get("description"));
        }
        function.set("parameters", tool.get("input_schema"));
      }
    }
    RequestFields choice = fields.object("tool_choice");
    if (fields.has("tool_choice")) {
      switch (choice.text("type", "")) {
        case "any" -> chat.put("tool_choice", "required");
        case "tool" ->
            chat.putObject("tool_choice")
                .putObject("function")
                .put("name", choice.text("name", ""));
        default -> chat.put("tool_choice", choice.text("type", ""));
      }
    }
    chat.put("parallel_tool_calls", !choice.flag("disable_parallel_tool_use", false));
    return RequestFields.of(chat);
  }
}
