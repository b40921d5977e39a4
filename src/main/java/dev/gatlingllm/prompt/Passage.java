package dev.gatlingllm.prompt;

/**
 * A piece of text whose length in tokens is known.
 *
 * @param text the text, without white space at either end
 * @param tokens its length in tokens of the workload's tokenizer
 */
public record Passage(String text, int tokens) {

  /** No text at all. */
  public static final Passage EMPTY = new Passage("", 0);
}
