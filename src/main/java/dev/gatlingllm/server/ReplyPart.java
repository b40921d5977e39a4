package dev.gatlingllm.server;

/**
 * Tokens of one kind that follow each other in a reply. Immutable.
 *
 * @param tokens how many of the text's tokens belong to the reply, which may end before the text
 */
record ReplyPart(Kind kind, TokenText text, int tokens, ToolCall call) {

  /** Who is to read it. */
  enum Kind {
    REASONING,
    CONTENT,
    TOOL_CALL
  }

  /**
   * What a part with arguments for a tool calls.
   *
   * @param index which of the reply's calls it is, from 0
   * @param id made up by the server, for the client to answer to
   */
  record ToolCall(int index, String id, String name) {}

  static ReplyPart reasoning(TokenText text) {
    return new ReplyPart(Kind.REASONING, text, text.tokens(), null);
  }

  static ReplyPart content(TokenText text, int tokens) {
    return new ReplyPart(Kind.CONTENT, text, tokens, null);
  }

  static ReplyPart toolCall(ToolCall call, TokenText arguments, int tokens) {
    return new ReplyPart(Kind.TOOL_CALL, arguments, tokens, call);
  }

  /** All that the part says. */
  String said() {
    StringBuilder said = new StringBuilder();
    for (int i = 0; i < tokens; i++) {
      said.append(text.text(i));
    }
    return said.toString();
  }
}
