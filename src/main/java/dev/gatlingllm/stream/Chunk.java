package dev.gatlingllm.stream;

/**
 * The content of one chunk, collected while it is read and added to the timeline only when it is
 * complete: a chunk that turns out to be broken leaves no trace. Reused for the next chunk.
 */
final class Chunk {

  /** An error's fields, as found at one level of the chunk. */
  static final class ErrorFields {
    private String message;
    private String type;
    private String code;

    void put(String name, String value) {
      switch (name) {
        case "message", "msg", "error", "detail" -> message = message == null ? value : message;
        case "type", "error_type" -> type = type == null ? value : type;
        case "code" -> code = code == null ? value : code;
        default -> {}
      }
    }

    private void clear() {
      message = null;
      type = null;
      code = null;
    }
  }

  /** What an output is; a chunk with several is of the kind that is declared first here. */
  enum Kind {
    /** Text of an answer or a completion, or of a refusal to answer. */
    CONTENT,
    /** Name or arguments of a tool call. */
    TOOL_CALL,
    /** Text that the model thinks before it answers. */
    REASONING
  }

  private Kind kind;
  private boolean reasoning;
  private int outputs;
  private final StringBuilder said = new StringBuilder();
  final StringBuilder text = new StringBuilder();
  final StringBuilder toolArguments = new StringBuilder();

  String id;
  String finishReason;
  int inputTokens;
  int outputTokens;
  int cachedTokens;

  /** Whether there is a {@code choices} field, which a chunk has and an error does not. */
  boolean hasChoices;

  /** Whether there is an {@code error} that holds something. */
  boolean hasError;

  /** Whether there are signs of an error, which count only in a chunk without choices. */
  boolean complains;

  /** An error's fields at the top level, and inside of {@code error} or {@code detail}. */
  final ErrorFields outerError = new ErrorFields();

  final ErrorFields innerError = new ErrorFields();

  Chunk() {
    clear();
  }

  /** Adds output of this kind, in a string of these characters. */
  void addOutput(Kind output, char[] characters, int offset, int length) {
    outputs++;
    said.append(characters, offset, length);
    reasoning |= output == Kind.REASONING;
    if (kind == null || output.compareTo(kind) < 0) {
      kind = output;
    }
  }

  /**
   * Returns whether the chunk holds nothing but output, in one string: that of {@link #said()},
   * which is kept unless it is reasoning.
   */
  boolean isOnlyOutput() {
    return outputs == 1
        && (kind == Kind.REASONING ? text.isEmpty() : said.compareTo(text) == 0)
        && kind != Kind.TOOL_CALL
        && finishReason == null
        && inputTokens < 0
        && outputTokens < 0
        && cachedTokens < 0
        && !hasError
        && !complains;
  }

  Kind kind() {
    return kind;
  }

  /** Returns the strings of output, one after the other. */
  CharSequence said() {
    return said;
  }

  /** Adds the chunk, which arrived at the given {@link System#nanoTime()}, to a timeline. */
  void addTo(TokenTimeline timeline, long nanos) {
    if (kind != null) {
      timeline.output(kind == Kind.REASONING, nanos);
      timeline.append(text, toolArguments);
    }
    if (reasoning) {
      timeline.reasoned();
    }
    timeline.identified(id);
    timeline.finished(finishReason);
    timeline.counted(inputTokens, outputTokens, cachedTokens);
    if (hasError || (complains && !hasChoices)) {
      timeline.failed(error());
    }
  }

  private ServerError error() {
    return new ServerError(
        innerError.type != null ? innerError.type : outerError.type,
        innerError.code != null ? innerError.code : outerError.code,
        innerError.message != null ? innerError.message : outerError.message);
  }

  void clear() {
    kind = null;
    reasoning = false;
    outputs = 0;
    said.setLength(0);
    text.setLength(0);
    toolArguments.setLength(0);
    id = null;
    finishReason = null;
    inputTokens = -1;
    outputTokens = -1;
    cachedTokens = -1;
    hasChoices = false;
    hasError = false;
    complains = false;
    outerError.clear();
    innerError.clear();
  }
}
