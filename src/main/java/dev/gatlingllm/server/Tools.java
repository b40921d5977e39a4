package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The tools of a request.
 *
 * @param offered the tools that the model can call; one if the request names it
 * @param parallel whether one response can call several
 */
record Tools(List<Tool> offered, ToolChoice choice, boolean parallel) {

  static final Tools NONE = new Tools(List.of(), ToolChoice.NONE, false);

  /** The value of {@code tool_choice}. */
  enum ToolChoice {
    NONE,
    AUTO,
    REQUIRED
  }

  /**
   * @param parameters the JSON schema of its arguments
   */
  record Tool(String name, JsonNode parameters) {}

  /**
   * Reads the tools of a request.
   *
   * @throws OpenAiError for invalid {@code tools} or {@code tool_choice}
   */
  static Tools of(RequestFields request) throws OpenAiError {
    JsonNode json = request.get("tools");
    if (request.has("tools") && !json.isArray()) {
      throw request.invalid("tools", "an array of tools", json);
    }
    List<Tool> tools = new ArrayList<>();
    for (int i = 0; i < json.size(); i++) {
      tools.add(tool(json.get(i), "tools[" + i + "]"));
    }
    JsonNode choice = request.get("tool_choice");
    boolean parallel = request.flag("parallel_tool_calls", true);
    if (!request.has("tool_choice")) {
      return tools.isEmpty() ? NONE : new Tools(tools, ToolChoice.AUTO, parallel);
    }
    if (tools.isEmpty() && !choice.asText().equals("none")) {
      throw OpenAiError.invalid(
          "tool_choice", "'tool_choice' is only allowed when 'tools' are specified.");
    }
    return switch (choice.asText()) {
      case "none" -> NONE;
      case "auto" -> new Tools(tools, ToolChoice.AUTO, parallel);
      case "required" -> new Tools(tools, ToolChoice.REQUIRED, parallel);
      default -> new Tools(List.of(named(request, tools)), ToolChoice.REQUIRED, false);
    };
  }

  private static Tool tool(JsonNode json, String path) throws OpenAiError {
    JsonNode function = json.path("function");
    if (!json.path("type").asText().equals("function") || !function.path("name").isTextual()) {
      throw OpenAiError.invalid(
          path, "'%s' must be a tool of type \"function\" with a named function.".formatted(path));
    }
    return new Tool(function.path("name").textValue(), function.path("parameters"));
  }

  private static Tool named(RequestFields request, List<Tool> tools) throws OpenAiError {
    JsonNode choice = request.get("tool_choice");
    String name = choice.at("/function/name").asText();
    return tools.stream()
        .filter(tool -> tool.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                request.invalid(
                    "tool_choice",
                    "\"none\", \"auto\", \"required\" or the name of one of 'tools'",
                    choice));
  }
}
