package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.server.GenerationRequest.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads requests of OpenAI's Responses API. */
final class ResponsesRequest {

  private static final Set<String> ROLES = Set.of("user", "assistant", "system", "developer");

  private ResponsesRequest() {}

  /**
   * Reads a request.
   *
   * @param defaultModel the model of a request without one
   * @param store the responses that a request can continue
   * @throws OpenAiError for an invalid field, with what is allowed
   */
  static GenerationRequest read(RequestFields fields, String defaultModel, ResponseStore store)
      throws OpenAiError {
    fields.checkRange("temperature", 0, 2);
    fields.checkRange("top_p", 0, 1);
    if (fields.flag("background", false) || fields.has("conversation")) {
      throw OpenAiError.invalid(
          fields.has("conversation") ? "conversation" : "background",
          "This server supports neither 'background' nor 'conversation'.");
    }
    String previous = fields.text("previous_response_id", "");
    List<String> conversation =
        new ArrayList<>(previous.isEmpty() ? List.of() : store.get(previous));
    addInput(fields.get("input"), conversation);
    // of the responses before, neither tools nor instructions are carried over
    List<String> prompt = new ArrayList<>();
    RequestFields chat = chat(fields);
    if (chat.has("tools")) {
      prompt.add(chat.get("tools").toString());
    }
    if (fields.has("instructions")) {
      prompt.add(fields.text("instructions", ""));
    }
    prompt.addAll(conversation);
    return new GenerationRequest(
        GenerationApi.RESPONSES,
        fields.text("model", defaultModel),
        List.of(new Prompt(prompt, new int[0])),
        1,
        RequestReader.length(fields, "max_output_tokens"),
        RequestReader.stop(fields, "stop"),
        Tools.of(chat),
        schema(fields),
        fields.integer("seed", 0),
        !fields.object("reasoning").text("effort", "").equals("none"),
        new Delivery(fields.flag("stream", false), true, false, -1),
        fields.flag("store", true) ? conversation : null);
  }

  /** Adds the texts of the input, as a chat has them. */
  private static void addInput(JsonNode input, List<String> texts) throws OpenAiError {
    if (input.isTextual()) {
      texts.add(input.textValue());
      return;
    }
    if (!input.isArray() || input.isEmpty()) {
      throw OpenAiError.invalid(
          "input", "'input' must be a string or an array of at least one item.");
    }
    for (int i = 0; i < input.size(); i++) {
      addItem(input.get(i), "input[" + i + "]", texts);
    }
  }

  private static void addItem(JsonNode item, String name, List<String> texts) throws OpenAiError {
    switch (item.path("type").asText("message")) {
      case "message" -> {
        if (!ROLES.contains(item.path("role").asText())) {
          throw OpenAiError.invalid(
              name + ".role",
              "'%s.role' must be \"user\", \"assistant\", \"system\" or \"developer\"."
                  .formatted(name));
        }
        texts.add(Prompt.text(item.path("content"), name + ".content"));
      }
      case "function_call" -> {
        texts.add(item.path("name").asText());
        texts.add(item.path("arguments").asText());
      }
      case "function_call_output" -> texts.add(Prompt.text(item.path("output"), name + ".output"));
      // models do not read the reasoning of earlier turns
      case "reasoning" -> {}
      default ->
          throw OpenAiError.invalid(
              name, "'" + name + "': this server reads messages, function calls and reasoning.");
    }
  }

  /** Returns the fields of tools as a chat has them: they differ in their form only. */
  private static RequestFields chat(RequestFields fields) throws OpenAiError {
    ObjectNode chat = Json.object();
    chat.put("parallel_tool_calls", fields.flag("parallel_tool_calls", true));
    if (fields.has("tools")) {
      ArrayNode tools = chat.putArray("tools");
      for (JsonNode tool : fields.get("tools")) {
        ObjectNode function = tool.isObject() ? tool.deepCopy() : Json.object();
        tools
            .addObject()
            .put("type", function.path("type").asText())
            .set("function", function.without("type"));
      }
    }
    JsonNode choice = fields.get("tool_choice");
    if (choice.isObject()) {
      chat.putObject("tool_choice").set("function", choice);
    } else if (fields.has("tool_choice")) {
      chat.set("tool_choice", choice);
    }
    return RequestFields.of(chat);
  }

  /** Returns the JSON schema of {@code text.format}; null for plain text. */
  private static @Nullable JsonNode schema(RequestFields fields) throws OpenAiError {
    RequestFields format = fields.object("text").object("format");
    return RequestReader.schema(format, format.get("schema"));
  }
}
