package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.server.engine.TokenHash;
import java.nio.charset.StandardCharsets;

/**
 * How likely the simulated model found what it said, and what else it might have said: a token's
 * probability is drawn from a half to one, and each alternative has half of what is left.
 *
 * @param alternatives how many likely tokens to tell for each, itself included
 */
record Logprobs(ReplyWords words, long hash, int alternatives) {

  /** A chat's form, of tokens {@code from} (inclusive) to {@code to} of a text. */
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
   * A text completion's form.
   *
   * @param offset where token {@code from} begins in the text, in characters
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
    return " " + words.text(Math.floorMod(drawn, words.count()));
  }

  private double logprob(int index, int other) {
    double unit = (TokenHash.nth(~hash, index) >>> 11) * 0x1p-53;
    double said = 0.5 + unit / 2;
    return Math.log(other == 0 ? said : (1 - said) * Math.pow(0.5, other));
  }
}
