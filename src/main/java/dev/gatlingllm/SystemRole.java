package dev.gatlingllm;

/** The role that the system prompt has in a chat request. */
public enum SystemRole {
  /** A message of its own, with the role that most servers and chat templates know. */
  SYSTEM,
  /** A message of its own, with the role that OpenAI's newer models expect. */
  DEVELOPER,
  /**
   * The first user message begins with the system prompt: for chat templates that refuse a system
   * message. A single space separates the two texts if neither brings one, so that the prompt still
   * has the sum of their tokens.
   */
  USER
}
