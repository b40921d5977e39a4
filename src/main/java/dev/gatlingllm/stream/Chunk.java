package dev.gatlingllm.stream;

/**
 * What one chunk says, gathered while it is read and told to the timeline only once it is whole: a
 * chunk that turns out to be broken leaves no trace. Used again for the next chunk.
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

  private OutputKind kind;
  private boolean reasoning;
  private int outputs;
  private final StringBuilder said = new StringBuilder();
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder toolArguments = new StringBuilder();

  String id;
  String finishReason;
  int inputTokens;
  int outputTokens;
  int cachedTokens;

  /** Whether there is a {@code choices} field, which a chunk has and an error has not. */
  boolean hasChoices;

  /** Whether there is an {@code error} that holds something. */
  boolean hasError;

  /** Whether there are signs of an error that count only where there are no choices. */
  boolean complains;

  /** An error's fields at the top level, and inside of {@code error} or {@code detail}. */
  final ErrorFields outerError = new ErrorFields();

  final ErrorFields innerError = new ErrorFields();

  Chunk() {
    clear();
  }

  /** The chunk carries output of this kind, in a string of these characters. */
  void carries(OutputKind output, char[] characters, int offset, int length) {
    outputs++;
    said.append(characters, offset, length);
    reasoning |= output == OutputKind.REASONING;
    if (kind == null || output.compareTo(kind) < 0) {
      kind = output;
    }
  }

  StringBuilder text() {
    return text;
  }

  StringBuilder toolArguments() {
    return toolArguments;
  }

  /**
   * Whether all that the chunk does is to bear output, in one string: that of {@link #said()}, to
   * be kept unless it is reasoning.
   */
  boolean onlyBearsOutput() {
    return outputs == 1
        && (kind == OutputKind.REASONING ? text.isEmpty() : said.compareTo(text) == 0)
        && kind != OutputKind.TOOL_CALL
        && finishReason == null
        && inputTokens < 0
        && outputTokens < 0
        && cachedTokens < 0
        && !hasError
        && !complains;
  }

  OutputKind kind() {
    return kind;
  }

  /** What the strings said that bore output. */
  CharSequence said() {
    return said;
  }

  void tellTo(TokenTimeline timeline, long nanos) {
    if (kind != null) {
      timeline.output(kind, nanos);
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
