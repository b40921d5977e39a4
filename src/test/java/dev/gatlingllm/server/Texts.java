package dev.gatlingllm.server;

import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.prompt.ExactText;
import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.prompt.Tokenizers;

/** Texts with a known number of tokens of the default tokenizer. */
final class Texts {

  static final Tokenizer TOKENIZER = Tokenizers.resolve("o200k_base");

  private Texts() {}

  static String text(int tokens, long seed) {
    return ExactText.of(TOKENIZER).write(tokens, SeededRandom.of(seed)).text();
  }
}
