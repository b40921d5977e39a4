package dev.gatlingllm.server;

/** Text that comes a token at a time. Immutable. */
interface TokenText {

  /** How many tokens there are. */
  int tokens();

  /** The text of token {@code index}, from 0; empty for a token that completes no character. */
  String text(int index);

  /** The same as what stands between the quotes of a JSON string; not to be changed. */
  byte[] json(int index);

  /** The id by which the next prompt will repeat this token, where it repeats the text. */
  int id(int index);
}
