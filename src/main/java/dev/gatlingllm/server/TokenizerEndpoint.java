package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.Tokenizer;
import java.util.concurrent.Executor;

/**
 * Encodes and decodes tokens, as vLLM's {@code /tokenize} and {@code /detokenize} do, and counts
 * those of a message as Anthropic's {@code count_tokens} does.
 */
final class TokenizerEndpoint {

  private interface Handler {
    ObjectNode handle(RequestFields request) throws OpenAiError;
  }

  private final Tokenizer tokenizer;
  private final CachingTokenizer cachingTokenizer;
  private final int maxModelTokens;
  private final Executor readers;

  /**
   * @param readers runs tasks that are too slow for an event loop
   */
  TokenizerEndpoint(ServerSettings settings, CachingTokenizer cachingTokenizer, Executor readers) {
    tokenizer = settings.tokenizer;
    this.cachingTokenizer = cachingTokenizer;
    maxModelTokens = settings.maxModelTokens;
    this.readers = readers;
  }

  void addTo(Routes routes) {
    add(routes, "/tokenize", this::tokenize);
    add(routes, "/detokenize", this::detokenize);
    add(routes, GenerationApi.MESSAGES.path + "/count_tokens", this::countTokens);
  }

  private void add(Routes routes, String path, Handler handler) {
    routes.addPost(
        path,
        readers,
        (request, exchange) -> {
          byte[] json = Json.bytes(handler.handle(request));
          exchange.onLoop(() -> exchange.send(json));
        });
  }

  private ObjectNode tokenize(RequestFields request) throws OpenAiError {
    if (!request.has("messages") && !request.has("prompt")) {
      throw OpenAiError.invalid("prompt", "'prompt' or 'messages' must be set.");
    }
    Prompt prompt =
        request.has("messages")
            ? Prompt.ofMessages(request.get("tools"), request.get("messages"))
            : Prompt.ofText(request.text("prompt", ""));
    int[] tokens = prompt.encode(cachingTokenizer);
    ObjectNode json =
        Json.object().put("count", tokens.length).put("max_model_len", maxModelTokens);
    ArrayNode ids = json.putArray("tokens");
    for (int token : tokens) {
      ids.add(token);
    }
    if (request.flag("return_token_strs", false)) {
      ArrayNode texts = json.putArray("token_strs");
      for (String text : tokenizer.decodeEach(tokens)) {
        texts.add(text);
      }
    } else {
      json.putNull("token_strs");
    }
    return json;
  }

  private ObjectNode countTokens(RequestFields request) throws OpenAiError {
    int tokens = MessagesRequest.prompt(request).encode(cachingTokenizer).length;
    return Json.object().put("input_tokens", tokens);
  }

  private ObjectNode detokenize(RequestFields request) throws OpenAiError {
    JsonNode json = request.get("tokens");
    String allowed = "an array of token ids below " + tokenizer.vocabularySize();
    if (!json.isArray()) {
      throw request.invalid("tokens", allowed, json);
    }
    int[] tokens = new int[json.size()];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = json.get(i).isInt() ? json.get(i).intValue() : -1;
      if (tokens[i] < 0 || tokens[i] >= tokenizer.vocabularySize()) {
        throw request.invalid("tokens", allowed, json.get(i));
      }
    }
    return Json.object().put("prompt", tokens.length == 0 ? "" : tokenizer.decode(tokens));
  }
}
