package dev.gatlingllm.workload.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
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

  /** Where lists of messages are found, in the entry or in its body. */
  private static final List<String> LISTS = List.of("messages", "conversations", "conversation");

  private final Tokenizer tokenizer;
  private final ReplayShape shape;
  private final ConcurrentMap<Integer, Passage> systemPrompts = new ConcurrentHashMap<>();

  MessageReader(Tokenizer tokenizer, ReplayShape shape) {
    this.tokenizer = tokenizer;
    this.shape = shape;
  }

  @Override
  public Checked check(JsonNode json) throws BrokenEntryException {
    return new Checked(read(json).systemPrompt(), 0, false);
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
        OptionalInt.of(position.tokensOfOtherShards(systemPrompt.tokens())),
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
    JsonNode messages = messages(entry);
    if (!messages.isArray()) {
      throw new BrokenEntryException(
          "it must have a list of messages in \"messages\", \"conversations\" or"
              + " \"conversation\"");
    }
    JsonNode request = body(entry);
    JsonNode tools = request.path("tools");
    if (!tools.isEmpty() || !tools.asText("").matches("(null|\\[\\s*])?")) {
      throw new BrokenEntryException("it offers tools; tools are not replayed");
    }
    List<RecordedMessage> read = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      JsonNode message = messages.get(i);
      String name = "message " + (i + 1);
      read.add(new RecordedMessage(speaker(message, name), content(message, name)));
    }
    String system = request.hasNonNull("system") ? text(request.get("system"), "\"system\"") : "";
    return RecordedConversation.of(system, read, maxTokens(request));
  }

  /** Returns the messages of an entry, or a node that is not an array. */
  static JsonNode messages(JsonNode entry) {
    if (entry.isArray()) {
      return entry;
    }
    JsonNode request = body(entry);
    return LISTS.stream()
        .map(request::path)
        .filter(JsonNode::isArray)
        .findFirst()
        .orElse(MissingNode.getInstance());
  }

  /** A line of OpenAI's batch files has the request in its body. */
  private static JsonNode body(JsonNode entry) {
    return entry.path("body").isObject() ? entry.get("body") : entry;
  }

  private static Speaker speaker(JsonNode message, String name) throws BrokenEntryException {
    String role = message.has("role") ? "role" : "from";
    return switch (message.path(role).asText()) {
      case "system", "developer" -> Speaker.SYSTEM;
      case "human", "user" -> Speaker.USER;
      case "gpt", "assistant", "chatgpt", "bing", "bard", "model" -> Speaker.MODEL;
      case "tool", "function", "function_call", "observation" ->
          throw new BrokenEntryException(name + " is a tool's; tools are not replayed");
      default ->
          throw new BrokenEntryException(
              name
                  + " has an unknown \""
                  + role
                  + "\"; must be system, user or assistant (human or gpt)");
    };
  }

  private static String content(JsonNode message, String name) throws BrokenEntryException {
    if (!message.path("tool_calls").isEmpty()) {
      throw new BrokenEntryException(name + " calls a tool; tools are not replayed");
    }
    return text(message.path(message.has("content") ? "content" : "value"), name);
  }

  private static String text(JsonNode content, String name) throws BrokenEntryException {
    if (content.isTextual()) {
      return content.textValue().strip();
    }
    if (!content.isArray()) {
      throw new BrokenEntryException(name + " has no text");
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      if (!part.path("text").isTextual()) {
        throw new BrokenEntryException(name + " has a part that is not text");
      }
      text.append(part.path("text").textValue());
    }
    return text.toString().strip();
  }

  private static OptionalInt maxTokens(JsonNode request) throws BrokenEntryException {
    for (String field : List.of("max_tokens", "max_completion_tokens")) {
      if (request.hasNonNull(field)) {
        return OptionalInt.of(EntryFile.wholeNumber(request, field, 1));
      }
    }
    return OptionalInt.empty();
  }
}
