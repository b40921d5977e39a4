package dev.gatlingllm.conversation;

/** The format of a text completion's prompt. */
public enum PromptFormat {
  /** A text, which the server tokenizes. */
  TEXT,
  /**
   * Token ids, which the server takes as they are: its tokenizer neither adds tokens nor joins any,
   * so that blocks of the prefix cache match exactly.
   */
  TOKEN_IDS
}
