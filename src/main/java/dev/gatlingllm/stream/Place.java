package dev.gatlingllm.stream;

/**
 * Where in a chunk the parser is: the objects that we read, by what they mean. Arrays are not
 * places of their own; their elements are in the place that the array's field leads to, so that an
 * array of one and the bare object read the same, as some servers have it.
 */
enum Place {
  DOCUMENT,
  CHOICE,
  MESSAGE,
  TOOL_CALL,
  FUNCTION,
  USAGE,
  PROMPT_DETAILS,
  ERROR;

  /** The place that a field of this place leads to, or null where nothing in it is read. */
  Place at(String field) {
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
