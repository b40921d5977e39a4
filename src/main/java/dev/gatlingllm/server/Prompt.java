package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The prompt of a request.
 *
 * @param texts tokenized one by one; empty for a prompt of token ids
 * @param tokens token ids; empty for a prompt of text
 */
record Prompt(List<String> texts, int[] tokens) {

  private static final int[] NO_TOKENS = {};

  static Prompt ofText(String text) {
    return new Prompt(List.of(text), NO_TOKENS);
  }

  /**
   * Returns the prompt of a chat: the tools on offer, and for each message its content, which can
   * be empty, and the names and arguments of its tool calls.
   *
   * @param tools a JSON array, or a node without elements
   */
  static Prompt ofMessages(JsonNode tools, JsonNode messages) throws OpenAiError {
    if (!messages.isArray() || messages.isEmpty()) {
      throw OpenAiError.invalid("messages", "'messages' must be an array of at least one message.");
    }
    List<String> texts = new ArrayList<>(1 + messages.size());
    if (!tools.isEmpty()) {
      texts.add(tools.toString());
    }
    for (int i = 0; i < messages.size(); i++) {
      JsonNode message = messages.get(i);
      String name = "messages[" + i + "]";
      if (!message.path("role").isTextual()) {
        throw OpenAiError.invalid(name + ".role", "'" + name + ".role' must be a string.");
      }
      JsonNode content = message.path("content");
      texts.add(
          content.isNull() || content.isMissingNode() ? "" : text(content, name + ".content"));
      for (JsonNode call : message.path("tool_calls")) {
        texts.add(call.at("/function/name").asText());
        texts.add(call.at("/function/arguments").asText());
      }
    }
    return new Prompt(texts, NO_TOKENS);
  }

  /** Returns the text of a message: a string, or parts of text and images. */
  static String text(JsonNode content, String name) throws OpenAiError {
    if (content.isTextual()) {
      return content.textValue();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content.isArray() ? content : List.of(content)) {
      if (ImageParts.isImage(part)) {
        text.append(ImageParts.mark(part, name));
        continue;
      }
      JsonNode said = part.path(part.path("type").asText().equals("refusal") ? "refusal" : "text");
      if (!said.isTextual() || !content.isArray()) {
        throw OpenAiError.invalid(
            name, "'" + name + "' must be a string or an array of parts of text and images.");
      }
      text.append(said.textValue());
    }
    return text.toString();
  }

  /** Returns the prompts of a text completion: a text or token ids, or an array of either. */
  static List<Prompt> ofCompletion(JsonNode prompt) throws OpenAiError {
    boolean several = prompt.path(0).isTextual() || prompt.path(0).isArray();
    List<Prompt> prompts = new ArrayList<>();
    for (JsonNode each : several ? prompt : List.of(prompt)) {
      boolean text = each.isTextual() && !each.textValue().isEmpty();
      prompts.add(text ? ofText(each.textValue()) : new Prompt(List.of(), tokens(each)));
    }
    return prompts;
  }

  private static int[] tokens(JsonNode prompt) throws OpenAiError {
    int[] tokens =
        IntStream.range(0, prompt.isArray() ? prompt.size() : 0)
            .map(i -> prompt.get(i).isInt() ? prompt.get(i).intValue() : -1)
            .toArray();
    if (tokens.length == 0 || Arrays.stream(tokens).anyMatch(token -> token < 0)) {
      throw OpenAiError.invalid(
          "prompt",
          "'prompt' must be a string, an array of strings, an array of token ids, or an array of"
              + " such arrays, and not empty.");
    }
    return tokens;
  }

  /** Returns the token ids. Chat messages are tokenized one by one, without a chat template. */
  int[] encode(CachingTokenizer tokenizer) {
    if (texts.isEmpty()) {
      return tokens;
    }
    return texts.stream().map(tokenizer::encode).flatMapToInt(Arrays::stream).toArray();
  }
}
