package dev.gatlingllm.server;

import java.util.List;

/**
 * What a model is to go on from, as a request has it.
 *
 * @param texts each to be tokenised apart; empty when it came as tokens
 * @param tokens token ids; empty when it came as text
 */
record Prompt(List<String> texts, int[] tokens) {

  private static final int[] NO_TOKENS = {};

  static Prompt of(List<String> texts) {
    return new Prompt(texts, NO_TOKENS);
  }

  static Prompt of(int[] tokens) {
    return new Prompt(List.of(), tokens);
  }

  /** The token ids. A chat's messages are tokenised apart: no chat template is applied. */
  int[] encode(TextTokens tokenizer) {
    if (texts.isEmpty()) {
      return tokens;
    }
    List<int[]> parts = texts.stream().map(tokenizer::encode).toList();
    int[] all = new int[parts.stream().mapToInt(part -> part.length).sum()];
    int end = 0;
    for (int[] part : parts) {
      System.arraycopy(part, 0, all, end, part.length);
      end += part.length;
    }
    return all;
  }
}
