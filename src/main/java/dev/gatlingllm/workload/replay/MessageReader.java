package dev.gatlingllm.workload.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.prompt.SharedTexts;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.ConversationScript.Question;
import dev.gatlingllm.workload.replay.RecordedConversation.RecordedMessage;
import dev.gatlingllm.workload.replay.RecordedConversation.RecordedTurn;
import dev.gatlingllm.workload.replay.RecordedConversation.Said;
import dev.gatlingllm.workload.replay.RecordedConversation.Speaker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Reads conversations that are recorded as lists of messages. Calls of tools and their results are
 * kept word for word. Entries with content other than text are unusable: without it, the rest was
 * never sent like that. Tokens are counted when a script is created, each text for itself.
 */
final class MessageReader implements EntryReader {

  /** Where lists of messages are found, in the entry or in its body. */
  private static final List<String> LISTS = List.of("messages", "conversations", "conversation");

  private static final String DELAY_SECONDS = "delay_seconds";
  private static final String DELAY_MILLIS = "delay";

  private final Tokenizer tokenizer;
  private final ReplayShape shape;
  private final SharedTexts<Passage> tools = new SharedTexts<>();
  private final SharedTexts<Passage> systemPrompts = new SharedTexts<>();

  MessageReader(Tokenizer tokenizer, ReplayShape shape) {
    this.tokenizer = tokenizer;
    this.shape = shape;
  }

  @Override
  public Checked check(JsonNode json) throws BrokenEntryException {
    RecordedConversation conversation = read(json);
    return Checked.ofMessages(conversation.tools() + conversation.systemPrompt());
  }

  @Override
  public ConversationScript script(JsonNode json, Position position) throws BrokenEntryException {
    RecordedConversation conversation = read(json);
    Passage offered = tools.get(position.group(), () -> counted(conversation.tools()));
    Passage systemPrompt =
        systemPrompts.get(position.group(), () -> counted(conversation.systemPrompt()));
    List<Question> questions = new ArrayList<>();
    List<RecordedScript.Response> responses = new ArrayList<>();
    for (RecordedTurn turn : conversation.turns()) {
      Passage response = counted(turn.response());
      OptionalInt recorded =
          conversation.maxTokens().isPresent() || response.tokens() == 0
              ? conversation.maxTokens()
              : OptionalInt.of(response.tokens());
      int outputTokens = shape.outputTokens(position.number(), questions.size() + 1, recorded);
      questions.add(
          new Question(
              counted(turn.question()),
              outputTokens,
              Map.of(),
              recorded(turn.question()),
              turn.pause().map(shape::replayed)));
      responses.add(new RecordedScript.Response(response, recorded(turn.response())));
    }
    return new RecordedScript(
        position.id(),
        position.group(),
        position.repeats(),
        OptionalInt.of(position.tokensOfOtherShards(offered.tokens() + systemPrompt.tokens())),
        offered,
        systemPrompt,
        List.of(),
        List.copyOf(questions),
        List.copyOf(responses));
  }

  private Passage counted(Said said) {
    if (said.texts().size() == 1) {
      return counted(said.texts().get(0));
    }
    // servers tokenize messages one by one
    List<int[]> each = said.texts().stream().map(tokenizer::encode).toList();
    int[] ids = each.stream().flatMapToInt(Arrays::stream).toArray();
    return Passage.of(String.join(" ", said.texts()), ids.length, same -> ids.clone());
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
    List<RecordedMessage> read = new ArrayList<>(messages.size());
    Set<String> calls = new HashSet<>();
    for (int i = 0; i < messages.size(); i++) {
      read.add(message(messages.get(i), "message " + (i + 1), calls));
    }
    String system = request.hasNonNull("system") ? text(request.get("system"), "\"system\"") : "";
    return RecordedConversation.of(
        tools(request.path("tools")), system.strip(), read, maxTokens(request));
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

  /** Returns tools as a JSON array; some datasets have them as a text. */
  private static String tools(JsonNode tools) throws BrokenEntryException {
    JsonNode offered = tools.isTextual() ? EntryFile.parsed(tools.textValue()) : tools;
    for (JsonNode tool : offered) {
      if (!tool.path("type").isTextual()) {
        throw new BrokenEntryException(
            "\"tools\" must be a list such as [{\"type\":\"function\",\"function\":{…}}]");
      }
    }
    return offered.isEmpty() ? "" : offered.toString();
  }

  /**
   * Reads a message.
   *
   * @param calls the calls of tools without a result so far, by their ids
   */
  private static RecordedMessage message(JsonNode message, String name, Set<String> calls)
      throws BrokenEntryException {
    boolean isResult = message.path("role").asText().equals("tool");
    if (isResult && !calls.remove(message.path("tool_call_id").asText())) {
      throw new BrokenEntryException(
          name + " has a \"tool_call_id\" that the response before does not have");
    }
    if (!isResult && !calls.isEmpty()) {
      throw new BrokenEntryException(
          name + " follows calls of tools without a result for each of them");
    }
    List<String> texts = new ArrayList<>();
    JsonNode toolCalls = message.path("tool_calls");
    if (toolCalls.isEmpty() || message.hasNonNull("content")) {
      texts.add(text(message.path(message.has("content") ? "content" : "value"), name));
    }
    for (JsonNode call : toolCalls) {
      JsonNode function = call.path("function");
      if (!call.path("id").isTextual()
          || !function.path("name").isTextual()
          || !function.path("arguments").isTextual()) {
        throw new BrokenEntryException(
            name + " calls a tool without a text as \"id\", \"name\" or \"arguments\"");
      }
      calls.add(call.path("id").textValue());
      texts.add(function.path("name").textValue());
      texts.add(function.path("arguments").textValue());
    }
    return new RecordedMessage(
        speaker(message, name),
        texts.stream().filter(text -> !text.isEmpty()).toList(),
        message,
        isResult || !toolCalls.isEmpty(),
        delay(message, name));
  }

  /** Returns whole messages as a chat request has them: without fields of the recording. */
  private static List<String> recorded(Said said) {
    return said.messages().stream()
        .map(ObjectNode.class::cast)
        .map(message -> message.without(List.of(DELAY_SECONDS, DELAY_MILLIS)).toString())
        .toList();
  }

  private static Optional<Duration> delay(JsonNode message, String name)
      throws BrokenEntryException {
    for (String field : List.of(DELAY_SECONDS, DELAY_MILLIS)) {
      JsonNode delay = message.path(field);
      if (message.hasNonNull(field)) {
        if (!delay.isNumber() || !(delay.doubleValue() >= 0)) {
          throw new BrokenEntryException(
              name + " must have a number of at least 0 as \"" + field + "\"");
        }
        double nanos = delay.doubleValue() * (field.equals(DELAY_SECONDS) ? 1e9 : 1e6);
        return Optional.of(Duration.ofNanos(Math.round(nanos)));
      }
    }
    return Optional.empty();
  }

  /** A line of OpenAI's batch files has the request in its body. */
  private static JsonNode body(JsonNode entry) {
    return entry.path("body").isObject() ? entry.get("body") : entry;
  }

  private static Speaker speaker(JsonNode message, String name) throws BrokenEntryException {
    String role = message.has("role") ? "role" : "from";
    return switch (message.path(role).asText()) {
      case "system", "developer" -> Speaker.SYSTEM;
      case "human", "user", "tool" -> Speaker.CLIENT;
      case "gpt", "assistant", "chatgpt", "bing", "bard", "model" -> Speaker.MODEL;
      case "function", "function_call", "observation" ->
          throw new BrokenEntryException(
              name
                  + " is a tool's without the id of a call; must have \"tool_calls\" and \"tool\"");
      default ->
          throw new BrokenEntryException(
              name
                  + " has an unknown \""
                  + role
                  + "\"; must be system, user or assistant (human or gpt)");
    };
  }

  private static String text(JsonNode content, String name) throws BrokenEntryException {
    if (content.isTextual()) {
      return content.textValue();
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
    return text.toString();
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
