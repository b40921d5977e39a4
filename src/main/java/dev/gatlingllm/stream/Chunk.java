package dev.gatlingllm.stream;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of one chunk, collected while it is read and added to the timeline only when it is
 * complete: a chunk that turns out to be broken leaves no trace. Reused for the next chunk.
 */
final class Chunk {

  /** An error's fields, as found at one level of the chunk. */
  static final class ErrorFields {
    private @Nullable String message;
    private @Nullable String type;
    private @Nullable String code;

    void put(String name, String value) {
      switch (name) {
        case "message", "msg", "status_msg", "error", "detail" ->
            message = message == null ? value : message;
        case "type", "error_type" -> type = type == null ? value : type;
        case "code", "status_code" -> code = code == null ? value : code;
        default -> {}
      }
    }

    void clear() {
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

  /**
   * Where the output of a choice is. Some servers have the same in several places: the one that is
   * declared last here counts.
   */
  enum Source {
    TEXT,
    MESSAGE,
    /** What is new since the last chunk. */
    DELTA
  }

  private @Nullable Kind kind;
  private boolean reasoning;
  private int outputs;
  private int characters;

  /** The choice that is read, what its output is, and which choices before had which output. */
  private int choice;

  private @Nullable Kind choiceKind;
  private @Nullable Source choiceSource;
  private int choiceTextStart;
  private int choiceArgumentsStart;
  private int outputsBefore;
  private int charactersBefore;
  private @Nullable Kind kindBefore;
  private boolean reasoningBefore;
  private @Nullable String choiceFinishReason;
  private final List<ChoiceOutput> choices = new ArrayList<>(1);
  private final StringBuilder said = new StringBuilder();
  final StringBuilder text = new StringBuilder();
  final StringBuilder toolArguments = new StringBuilder();

  /** Whether the response has no id yet. */
  boolean wantsId;

  @Nullable String id;
  @Nullable String finishReason;

  /** What is read, and whether a delta has had output, in this chunk or an earlier one. */
  Source source = Source.MESSAGE;

  boolean hadDelta;

  /** Whether there is a summary of reasoning, of which the tokens are not sent. */
  boolean summarizes;

  /** Whether an error is read that is certain, not one of details. */
  boolean inError;

  /** One bit for each choice but the first that has a finish_reason. */
  long finishedChoices;

  final TokenCounts counts = new TokenCounts();

  /** What is read of the Responses API. */
  final ResponsesEvent responses = new ResponsesEvent();

  /** Whether there are embeddings or scores, which are no output in tokens. */
  boolean hasNumbers;

  /** Whether there is what a chunk of a known API has and an error does not. */
  boolean known;

  /** The event without which the stream is not complete, or null. */
  @Nullable String lastEvent;

  /** Whether the stream ends with this chunk. */
  boolean isLast;

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

  /** Output of one of several choices. */
  private record ChoiceOutput(int choice, Kind kind) {}

  /** Starts a choice, of which the index is not known yet. */
  void beginChoice() {
    choice = 0;
    choiceKind = null;
    choiceSource = null;
    choiceTextStart = text.length();
    choiceArgumentsStart = toolArguments.length();
    outputsBefore = outputs;
    charactersBefore = characters;
    kindBefore = kind;
    reasoningBefore = reasoning;
    choiceFinishReason = finishReason;
    finishReason = null;
  }

  void choice(int index) {
    choice = Math.max(0, index);
  }

  /** Of several choices, the first is the response; the others only count, and can break it. */
  void endChoice() {
    endOutput();
    choiceSource = null;
    source = Source.MESSAGE;
    String reason = finishReason;
    if (choice > 0) {
      text.setLength(choiceTextStart);
      toolArguments.setLength(choiceArgumentsStart);
      finishedChoices |= reason == null ? 0 : 1L << choice;
    }
    boolean ofResponse = choice == 0 || FailureClassifier.isBrokenOff(reason);
    finishReason = reason != null && ofResponse ? reason : choiceFinishReason;
  }

  /** Ends what is one step of output: a choice, or a chunk of an API without choices. */
  void endOutput() {
    if (choiceKind != null) {
      choices.add(new ChoiceOutput(choice, choiceKind));
      choiceKind = null;
    }
  }

  /** Sets why the response has ended, unless the reason is null. */
  void finish(@Nullable String reason) {
    finishReason = reason == null ? finishReason : reason;
  }

  /** Takes the id at which the parser is, unless it is empty or an earlier chunk had one. */
  void identify(JsonParser json) throws IOException {
    id = wantsId && json.getTextLength() > 0 ? json.getText() : null;
  }

  /**
   * Adds the string at which the parser is, unless it is empty or no string.
   *
   * @param kept what its text is added to, or null
   */
  void addOutput(Kind output, @Nullable StringBuilder kept, JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING && json.getTextLength() > 0 && counts()) {
      addOutput(output, kept, json.getText());
      hadDelta |= source == Source.DELTA;
    }
  }

  /** Returns whether what is read counts, and drops the same from another place of the choice. */
  private boolean counts() {
    if (choiceSource != null && source.compareTo(choiceSource) > 0) {
      text.setLength(choiceTextStart);
      toolArguments.setLength(choiceArgumentsStart);
      if (outputsBefore == 0) {
        said.setLength(0);
      }
      outputs = outputsBefore;
      characters = charactersBefore;
      kind = kindBefore;
      reasoning = reasoningBefore;
      choiceKind = null;
      choiceSource = null;
    }
    choiceSource = choiceSource == null ? source : choiceSource;
    return source == choiceSource;
  }

  /** Adds a string, unless it is empty or null. */
  void addOutput(Kind output, @Nullable StringBuilder kept, @Nullable String string) {
    if (string == null || string.isEmpty()) {
      return;
    }
    if (outputs++ == 0) {
      said.append(string);
    }
    if (kept != null) {
      kept.append(string);
    }
    characters += string.length();
    reasoning |= output == Kind.REASONING;
    kind = first(kind, output);
    choiceKind = first(choiceKind, output);
  }

  private static Kind first(@Nullable Kind kind, Kind other) {
    return kind == null || other.compareTo(kind) < 0 ? other : kind;
  }

  /**
   * Returns whether the chunk holds nothing but output, in one string: that of {@link #said()},
   * which is kept unless it is reasoning.
   */
  boolean isOnlyOutput() {
    return outputs == 1
        && (kind == Kind.REASONING ? text.isEmpty() : said.compareTo(text) == 0)
        && kind != Kind.TOOL_CALL
        && choice == 0
        && finishReason == null
        && !isLast
        && finishedChoices == 0
        && counts.isEmpty()
        && !hasNumbers
        && !hasError
        && !complains;
  }

  @Nullable Kind kind() {
    return kind;
  }

  /** Returns the first string of output. */
  CharSequence said() {
    return said;
  }

  /** Adds the chunk, which arrived at the given {@link System#nanoTime()}, to a timeline. */
  void addTo(TokenTimeline timeline, long nanos) {
    if (hasNumbers) {
      counts.withoutOutput();
    }
    timeline.counted(counts);
    if (timeline.isDone()) {
      // what some servers send after [DONE] is their usage
      return;
    }
    for (ChoiceOutput output : choices) {
      timeline.output(output.kind == Kind.REASONING, output.choice, nanos);
    }
    timeline.addCharacters(characters);
    if (kind != null) {
      timeline.append(text, toolArguments);
    }
    if (reasoning) {
      timeline.reasoned();
    }
    if (summarizes) {
      timeline.summarized();
    }
    if (hasNumbers) {
      known = true;
      timeline.answeredWithoutTokens();
    }
    timeline.identified(id);
    timeline.finished(finishReason, nanos);
    timeline.finished(finishedChoices);
    if (hasError || (complains && !known && counts.isEmpty())) {
      timeline.failed(error());
    } else if (!known && counts.isEmpty()) {
      timeline.foreign();
    }
    if (lastEvent != null) {
      timeline.needsLastEvent(lastEvent);
    }
    if (isLast) {
      timeline.done();
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
    summarizes = false;
    outputs = 0;
    characters = 0;
    choice = 0;
    choiceKind = null;
    choiceSource = null;
    choices.clear();
    said.setLength(0);
    text.setLength(0);
    toolArguments.setLength(0);
    id = null;
    finishReason = null;
    finishedChoices = 0;
    counts.clear();
    known = false;
    hasNumbers = false;
    lastEvent = null;
    responses.clear();
    isLast = false;
    hasError = false;
    complains = false;
    outerError.clear();
    innerError.clear();
  }
}
