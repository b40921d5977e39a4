package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Finds what is to be tokenised in the forms that OpenAI's two APIs allow for a prompt. */
final class Prompts {

  private Prompts() {}

  /** The text of each message, in order; a message without content has the empty text. */
  static List<String> ofMessages(JsonNode messages) throws OpenAiError {
    if (!messages.isArray() || messages.isEmpty()) {
      throw OpenAiError.invalid("messages", "'messages' must be an array of 1 message or more.");
    }
    List<String> texts = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      String name = "messages[" + i + "]";
      if (!messages.get(i).path("role").isTextual()) {
        throw OpenAiError.invalid(name + ".role", "'" + name + ".role' must be a string.");
      }
      texts.add(content(messages.get(i).path("content"), name + ".content"));
    }
    return texts;
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

  static List<String> ofText(JsonNode prompt) throws OpenAiError {
    if (!prompt.isTextual() || prompt.textValue().isEmpty()) {
      throw invalidPrompt();
    }
    return List.of(prompt.textValue());
  }

  static int[] ofTokens(JsonNode prompt) throws OpenAiError {
    int[] tokens = new int[prompt.size()];
    for (int i = 0; i < tokens.length; i++) {
      if (!prompt.get(i).isInt() || prompt.get(i).intValue() < 0) {
        throw invalidPrompt();
      }
      tokens[i] = prompt.get(i).intValue();
    }
    if (tokens.length == 0) {
      throw invalidPrompt();
    }
    return tokens;
  }

  private static OpenAiError notText(String name) {
    return OpenAiError.invalid(name, "'" + name + "' must be a string or an array of text parts.");
  }

  private static OpenAiError invalidPrompt() {
    return OpenAiError.invalid(
        "prompt", "'prompt' must be a string or an array of token ids, and not empty.");
  }
}
