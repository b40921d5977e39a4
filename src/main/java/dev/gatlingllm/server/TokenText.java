package dev.gatlingllm.server;

/** A text split into tokens. Immutable. */
interface TokenText {

  /** Returns the number of tokens. */
  int tokens();

  /** Returns the text of a token, from 0; empty for a token that completes no character. */
  String text(int index);

  /** Returns the text of a token as JSON without quotes. The caller must not change the array. */
  default byte[] json(int index) {
    return Json.escaped(text(index));
  }

  /** Returns the id that this token has in the next prompt, if that repeats the text. */
  int id(int index);
}
