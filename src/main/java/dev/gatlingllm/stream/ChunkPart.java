package dev.gatlingllm.stream;

/**
 * The parts of a chunk that are read, by their meaning. An array is not a part: its elements belong
 * to the part that the array's field leads to, so that an array of one and the bare object read the
 * same. Some servers send either.
 */
enum ChunkPart {
  DOCUMENT,
  CHOICE,
  MESSAGE,
  TOOL_CALL,
  FUNCTION,
  USAGE,
  PROMPT_DETAILS,
  ERROR;

  /** Returns the part that a field of this part leads to, or null where it is not read. */
  ChunkPart at(String field) {
    return switch (this) {
      case DOCUMENT ->
          switch (field) {
            case "choices" -> CHOICE;
            case "usage" -> USAGE;
            case "error", "detail" -> ERROR;
            default -> null;
          };
      case CHOICE ->
          switch (field) {
            case "delta", "message" -> MESSAGE;
            default -> null;
          };
      case MESSAGE ->
          switch (field) {
            case "tool_calls" -> TOOL_CALL;
            case "function_call" -> FUNCTION;
            default -> null;
          };
      case TOOL_CALL -> "function".equals(field) ? FUNCTION : null;
      case USAGE -> "prompt_tokens_details".equals(field) ? PROMPT_DETAILS : null;
      case FUNCTION, PROMPT_DETAILS, ERROR -> null;
    };
  }
}
