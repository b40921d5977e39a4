package dev.gatlingllm.stream;

/**
 * What a chunk of generated output holds. A chunk that holds several is of the kind that is
 * declared first here, whatever the order of its fields.
 */
public enum OutputKind {
  /** Text of a chat's answer, or of its refusal to answer. */
  CONTENT,
  /** Text of a text completion. */
  TEXT,
  /** Name or arguments of a tool call. */
  TOOL_CALL,
  /** Text that the model thinks before it answers. */
  REASONING
}
