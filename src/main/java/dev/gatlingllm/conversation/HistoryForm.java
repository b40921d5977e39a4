package dev.gatlingllm.conversation;

/** How a chat request carries the earlier turns. */
public enum HistoryForm {
  /** Each question and response is a message of its own, as chat applications send it. */
  MESSAGES,
  /** System prompt, history and question are one text in one user message. */
  TEXT
}
