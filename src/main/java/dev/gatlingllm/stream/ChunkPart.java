package dev.gatlingllm.stream;

import org.jspecify.annotations.Nullable;

/**
 * The parts of a chunk that are read, by their meaning. An array is not a part: its elements belong
 * to the part that the array's field leads to, so that an array of one and the bare object read the
 * same. Some servers send either.
 */
enum ChunkPart {
  DOCUMENT,
  CHOICE,
  MESSAGE,
  /** Text in parts, as Mistral sends it: {@code [{"type":"text","text":"…"}]}. */
  CONTENT,
  /**
   * Reasoning in parts: {@code [{"type":"thinking","thinking":[…]}]}, {@code reasoning_details}.
   */
  REASONING,
  TOOL_CALL,
  FUNCTION,
  USAGE,
  PROMPT_DETAILS,
  OUTPUT_DETAILS,
  /** llama.cpp's own counts. */
  TIMINGS,
  /** What a gateway adds to the usual fields: {@code x_groq}. */
  EXTENSION,
  ERROR,
  /** MiniMax's status, which is also there when all is well. */
  BASE_RESPONSE;

  /** Returns the part that a field of this part leads to, or null where it is not read. */
  @Nullable ChunkPart at(String field) {
    return switch (this) {
      case DOCUMENT ->
          switch (field) {
            case "choices" -> CHOICE;
            case "usage" -> USAGE;
            case "timings" -> TIMINGS;
            case "x_groq" -> EXTENSION;
            case "error", "detail" -> ERROR;
            case "base_resp" -> BASE_RESPONSE;
            default -> null;
          };
      case CHOICE ->
          switch (field) {
            case "delta", "message" -> MESSAGE;
            case "usage" -> USAGE;
            default -> null;
          };
      case MESSAGE ->
          switch (field) {
            case "content" -> CONTENT;
            case "reasoning_content", "reasoning", "reasoning_details" -> REASONING;
            case "tool_calls" -> TOOL_CALL;
            case "function_call" -> FUNCTION;
            default -> null;
          };
      case CONTENT -> "thinking".equals(field) ? REASONING : null;
      case TOOL_CALL -> "function".equals(field) ? FUNCTION : null;
      case USAGE ->
          switch (field) {
            case "prompt_tokens_details", "input_tokens_details" -> PROMPT_DETAILS;
            case "completion_tokens_details", "output_tokens_details" -> OUTPUT_DETAILS;
            default -> null;
          };
      case EXTENSION -> "usage".equals(field) ? USAGE : null;
      default -> null;
    };
  }
}
