package dev.gatlingllm.workload.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.ConversationScript.Question;
import dev.gatlingllm.workload.replay.RecordedConversation.RecordedMessage;
import dev.gatlingllm.workload.replay.RecordedConversation.RecordedTurn;
import dev.gatlingllm.workload.replay.RecordedConversation.Speaker;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Reads conversations that are recorded as lists of messages. Entries with messages of tools, or
 * with content other than text, are unusable: without those, the rest was never sent like that.
 * Tokens are counted when a script is created.
 */
final class MessageReader implements EntryReader {

  private final Fields fields;
  private final Tokenizer tokenizer;
  private final ReplayShape shape;
  private final ConcurrentMap<Integer, Passage> systemPrompts = new ConcurrentHashMap<>();

  /** The names of an entry's fields. */
  record Fields(String list, String role, String content) {

    static final Fields SHAREGPT = new Fields("conversations", "from", "value");
    static final Fields OPENAI = new Fields("messages", "role", "content");
  }

  MessageReader(Fields fields, Tokenizer tokenizer, ReplayShape shape) {
    this.fields = fields;
    this.tokenizer = tokenizer;
    this.shape = shape;
  }

  @Override
  public Checked check(JsonNode json) throws BrokenEntryException {
    return new Checked(read(json).systemPrompt(), 0);
  }

  @Override
  public ConversationScript script(JsonNode json, Position position) throws BrokenEntryException {
    RecordedConversation conversation = read(json);
    Passage systemPrompt =
        systemPrompts.computeIfAbsent(
            position.group(), group -> counted(conversation.systemPrompt()));
    List<Question> questions = new ArrayList<>();
    List<Passage> responses = new ArrayList<>();
    for (RecordedTurn turn : conversation.turns()) {
      Passage response = counted(turn.response());
      OptionalInt recorded =
          conversation.maxTokens().isPresent() || response.tokens() == 0
              ? conversation.maxTokens()
              : OptionalInt.of(response.tokens());
      int outputTokens = shape.outputTokens(position.number(), questions.size() + 1, recorded);
      questions.add(new Question(counted(turn.question()), outputTokens));
      responses.add(response);
    }
    return new RecordedScript(
        position.id(),
        position.group(),
        position.repeats(),
        systemPrompt,
        List.of(),
        List.copyOf(questions),
        List.copyOf(responses));
  }

  private Passage counted(String text) {
    if (text.isEmpty()) {
      return Passage.EMPTY;
    }
    int[] ids = tokenizer.encode(text);
    return Passage.of(text, ids.length, same -> ids.clone());
  }

  private RecordedConversation read(JsonNode entry) throws BrokenEntryException {
    JsonNode messages = entry.path(fields.list());
    if (!messages.isArray()) {
      throw new BrokenEntryException("\"" + fields.list() + "\" must be a list");
    }
    List<RecordedMessage> read = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      JsonNode message = messages.get(i);
      read.add(new RecordedMessage(speaker(message, i + 1), text(message, i + 1)));
    }
    return RecordedConversation.of(read, maxTokens(entry));
  }

  private Speaker speaker(JsonNode message, int number) throws BrokenEntryException {
    return switch (message.path(fields.role()).asText()) {
      case "system", "developer" -> Speaker.SYSTEM;
      case "human", "user" -> Speaker.USER;
      case "gpt", "assistant", "chatgpt", "bing", "bard", "model" -> Speaker.MODEL;
      case "tool", "function", "function_call", "observation" ->
          throw new BrokenEntryException(
              "message " + number + " is a tool's; tools are not replayed");
      default ->
          throw new BrokenEntryException(
              "message "
                  + number
                  + " has an unknown \""
                  + fields.role()
                  + "\"; must be system, user or assistant (human or gpt)");
    };
  }

  private String text(JsonNode message, int number) throws BrokenEntryException {
    JsonNode content = message.path(fields.content());
    if (message.hasNonNull("tool_calls") && !message.path("tool_calls").isEmpty()) {
      throw new BrokenEntryException("message " + number + " calls a tool; tools are not replayed");
    }
    if (content.isTextual()) {
      return content.textValue().strip();
    }
    if (!content.isArray()) {
      throw new BrokenEntryException(
          "message " + number + " has no text in \"" + fields.content() + "\"");
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      if (!part.path("text").isTextual()) {
        throw new BrokenEntryException("message " + number + " has a part that is not text");
      }
      text.append(part.path("text").textValue());
    }
    return text.toString().strip();
  }

  private static OptionalInt maxTokens(JsonNode entry) throws BrokenEntryException {
    for (String field : List.of("max_tokens", "max_completion_tokens")) {
      if (entry.hasNonNull(field)) {
        return OptionalInt.of(EntryFile.wholeNumber(entry, field, 1));
      }
    }
    return OptionalInt.empty();
  }
}
