package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.server.engine.TokenHash;
import java.nio.charset.StandardCharsets;

/**
 * Simulated token probabilities. The generated token has a random probability between 0.5 and 1;
 * each alternative has half of the remaining probability.
 *
 * @param alternatives the number of likely tokens to list for each, the generated one included
 */
record Logprobs(ModelVocabulary vocabulary, long hash, int alternatives) {

  /** Returns the chat API's form for the tokens {@code from} (inclusive) to {@code to}. */
  ObjectNode chat(TokenText text, int from, int to) {
    ObjectNode logprobs = Json.object();
    ArrayNode content = logprobs.putArray("content");
    for (int i = from; i < to; i++) {
      ObjectNode token = entry(content.addObject(), text.text(i), logprob(i, 0));
      ArrayNode top = token.putArray("top_logprobs");
      for (int other = 0; other < alternatives; other++) {
        entry(top.addObject(), candidate(text, i, other), logprob(i, other));
      }
    }
    logprobs.putNull("refusal");
    return logprobs;
  }

  private static ObjectNode entry(ObjectNode entry, String token, double logprob) {
    ArrayNode bytes = entry.put("token", token).put("logprob", logprob).putArray("bytes");
    for (byte b : token.getBytes(StandardCharsets.UTF_8)) {
      bytes.add(b & 0xFF);
    }
    return entry;
  }

  /**
   * Returns the completion API's form.
   *
   * @param offset the position of token {@code from} in the text, in characters
   */
  ObjectNode completion(TokenText text, int from, int to, int offset) {
    ObjectNode logprobs = Json.object();
    ArrayNode offsets = logprobs.putArray("text_offset");
    ArrayNode probabilities = logprobs.putArray("token_logprobs");
    ArrayNode tokens = logprobs.putArray("tokens");
    ArrayNode tops = logprobs.putArray("top_logprobs");
    int begin = offset;
    for (int i = from; i < to; i++) {
      offsets.add(begin);
      probabilities.add(logprob(i, 0));
      tokens.add(text.text(i));
      ObjectNode top = tops.addObject();
      for (int other = Math.max(0, alternatives - 1); other >= 0; other--) {
        top.put(candidate(text, i, other), logprob(i, other));
      }
      begin += text.text(i).length();
    }
    return logprobs;
  }

  private String candidate(TokenText text, int index, int other) {
    if (other == 0) {
      return text.text(index);
    }
    long drawn = TokenHash.nth(hash + other, index);
    return " " + vocabulary.word(Math.floorMod(drawn, vocabulary.size()));
  }

  private double logprob(int index, int other) {
    double unit = (TokenHash.nth(~hash, index) >>> 11) * 0x1p-53;
    double generated = 0.5 + unit / 2;
    return Math.log(other == 0 ? generated : (1 - generated) * Math.pow(0.5, other));
  }
}
