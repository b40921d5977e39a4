package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The tools that a request offers to the model.
 *
 * @param offered those it may call; only one if the request names it
 * @param choice whether it is to call any
 * @param parallel whether it may call several at once
 */
record Tools(List<Tool> offered, Choice choice, boolean parallel) {

  static final Tools NONE = new Tools(List.of(), Choice.NONE, false);

  /** What {@code tool_choice} says. */
  enum Choice {
    NONE,
    AUTO,
    REQUIRED
  }

  /**
   * @param parameters the JSON schema of its arguments
   */
  record Tool(String name, JsonNode parameters) {}

  /**
   * @throws OpenAiError naming what is wrong with {@code tools} or {@code tool_choice}
   */
  static Tools of(Fields request) throws OpenAiError {
    JsonNode json = request.get("tools");
    if (request.given("tools") && !json.isArray()) {
      throw request.wrong("tools", "an array of tools", json);
    }
    List<Tool> tools = new ArrayList<>();
    for (int i = 0; i < json.size(); i++) {
      tools.add(tool(json.get(i), "tools[" + i + "]"));
    }
    JsonNode choice = request.get("tool_choice");
    boolean parallel = request.flag("parallel_tool_calls", true);
    if (!request.given("tool_choice")) {
      return tools.isEmpty() ? NONE : new Tools(tools, Choice.AUTO, parallel);
    }
    if (tools.isEmpty() && !choice.asText().equals("none")) {
      throw OpenAiError.invalid(
          "tool_choice", "'tool_choice' is only allowed when 'tools' are specified.");
    }
    return switch (choice.asText()) {
      case "none" -> NONE;
      case "auto" -> new Tools(tools, Choice.AUTO, parallel);
      case "required" -> new Tools(tools, Choice.REQUIRED, parallel);
      default -> new Tools(List.of(named(request, tools)), Choice.REQUIRED, false);
    };
  }

  private static Tool tool(JsonNode json, String path) throws OpenAiError {
    JsonNode function = json.path("function");
    if (!json.path("type").asText().equals("function") || !function.path("name").isTextual()) {
      throw OpenAiError.invalid(
          path,
          "'%s' must be a tool of type \"function\" whose function has a name.".formatted(path));
    }
    return new Tool(function.path("name").textValue(), function.path("parameters"));
  }

  private static Tool named(Fields request, List<Tool> tools) throws OpenAiError {
    JsonNode choice = request.get("tool_choice");
    String name = choice.at("/function/name").asText();
    return tools.stream()
        .filter(tool -> tool.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                request.wrong(
                    "tool_choice",
                    "\"none\", \"auto\", \"required\" or the name of one of 'tools'",
                    choice));
  }
}
