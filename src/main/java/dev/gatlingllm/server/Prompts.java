package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Finds what is to be tokenised in the forms that OpenAI's two APIs allow for a prompt. */
final class Prompts {

  private Prompts() {}

  /**
   * The texts of each message, in order: its content, then the names and arguments of its tool
   * calls. A message without content has the empty text.
   */
  static Prompt ofMessages(JsonNode messages) throws OpenAiError {
    if (!messages.isArray() || messages.isEmpty()) {
      throw OpenAiError.invalid("messages", "'messages' must be an array of 1 message or more.");
    }
    List<String> texts = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      JsonNode message = messages.get(i);
      String name = "messages[" + i + "]";
      if (!message.path("role").isTextual()) {
        throw OpenAiError.invalid(name + ".role", "'" + name + ".role' must be a string.");
      }
      texts.add(content(message.path("content"), name + ".content"));
      for (JsonNode call : message.path("tool_calls")) {
        texts.add(call.at("/function/name").asText());
        texts.add(call.at("/function/arguments").asText());
      }
    }
    return Prompt.of(texts);
  }

  private static String content(JsonNode content, String name) throws OpenAiError {
    if (content.isTextual()) {
      return content.textValue();
    }
    if (content.isNull() || content.isMissingNode()) {
      return "";
    }
    if (!content.isArray()) {
      throw notText(name);
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      if (!part.path("text").isTextual()) {
        throw notText(name);
      }
      text.append(part.path("text").textValue());
    }
    return text.toString();
  }

  static Prompt ofText(String text) {
    return Prompt.of(List.of(text));
  }

  /** A text or token ids, or an array of either. */
  static List<Prompt> ofCompletion(JsonNode prompt) throws OpenAiError {
    boolean several = prompt.path(0).isTextual() || prompt.path(0).isArray();
    if (!several) {
      return List.of(one(prompt));
    }
    List<Prompt> prompts = new ArrayList<>(prompt.size());
    for (JsonNode each : prompt) {
      prompts.add(one(each));
    }
    return prompts;
  }

  private static Prompt one(JsonNode prompt) throws OpenAiError {
    if (prompt.isTextual() && !prompt.textValue().isEmpty()) {
      return ofText(prompt.textValue());
    }
    int[] tokens = tokens(prompt);
    if (tokens.length == 0) {
      throw invalidPrompt();
    }
    return Prompt.of(tokens);
  }

  private static int[] tokens(JsonNode prompt) throws OpenAiError {
    int[] tokens = new int[prompt.isArray() ? prompt.size() : 0];
    for (int i = 0; i < tokens.length; i++) {
      if (!prompt.get(i).isInt() || prompt.get(i).intValue() < 0) {
        throw invalidPrompt();
      }
      tokens[i] = prompt.get(i).intValue();
    }
    return tokens;
  }

  private static OpenAiError notText(String name) {
    return OpenAiError.invalid(name, "'" + name + "' must be a string or an array of text parts.");
  }

  private static OpenAiError invalidPrompt() {
    return OpenAiError.invalid(
        "prompt",
        "'prompt' must be a string, an array of strings, an array of token ids, or an array of"
            + " such arrays, and not empty.");
  }
}
