package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.Tokenizer;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.concurrent.Executor;

/** Counts and spells tokens as vLLM's {@code /tokenize} and {@code /detokenize} do. */
final class TokenizerEndpoint {

  private interface Answer {
    ObjectNode to(Fields request) throws OpenAiError;
  }

  private final Tokenizer tokenizer;
  private final TextTokens textTokens;
  private final int maxModelTokens;
  private final Executor readers;

  /**
   * @param readers for what takes longer than an event loop can spare
   */
  TokenizerEndpoint(ServerSettings settings, TextTokens textTokens, Executor readers) {
    tokenizer = settings.tokenizer();
    this.textTokens = textTokens;
    maxModelTokens = settings.maxModelTokens();
    this.readers = readers;
  }

  void addTo(Routes routes) {
    add(routes, "/tokenize", this::tokenize);
    add(routes, "/detokenize", this::detokenize);
  }

  private void add(Routes routes, String path, Answer answer) {
    routes.add(HttpMethod.POST, path, exchange -> readers.execute(() -> answer(exchange, answer)));
  }

  private static void answer(Exchange exchange, Answer answer) {
    try {
      byte[] json = Json.bytes(answer.to(Fields.of(Json.parse(exchange.body()))));
      exchange.onLoop(() -> exchange.answer(HttpResponseStatus.OK, json));
    } catch (OpenAiError refusal) {
      exchange.onLoop(() -> exchange.refuse(refusal));
    }
  }

  private ObjectNode tokenize(Fields request) throws OpenAiError {
    Prompt prompt =
        request.given("messages")
            ? Prompts.ofMessages(request.get("messages"))
            : Prompts.ofText(request.text("prompt", ""));
    int[] tokens = prompt.encode(textTokens);
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

  private ObjectNode detokenize(Fields request) throws OpenAiError {
    JsonNode json = request.get("tokens");
    int[] tokens = new int[json.size()];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = json.path(i).isInt() ? json.get(i).intValue() : -1;
      if (tokens[i] < 0 || tokens[i] >= tokenizer.vocabularySize()) {
        throw request.wrong(
            "tokens",
            "an array of token ids below " + tokenizer.vocabularySize(),
            json.isArray() ? json.get(i) : json);
      }
    }
    return Json.object().put("prompt", tokens.length == 0 ? "" : tokenizer.decode(tokens));
  }
}
