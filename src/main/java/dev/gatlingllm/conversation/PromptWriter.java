package dev.gatlingllm.conversation;

import dev.gatlingllm.SystemRole;
import dev.gatlingllm.conversation.BodyShape.HistoryForm;
import dev.gatlingllm.conversation.History.CompletedTurn;
import dev.gatlingllm.text.Choice;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the prompt of a turn as JSON, from fragments that are JSON already: only what is new in a
 * turn is encoded. Immutable; any thread may call, event loops too.
 */
final class PromptWriter {

  private static final String TEXT_BLOCK = "{\"type\":\"text\",\"text\":\"";
  private static final byte[] USER = ascii("{\"role\":\"user\",\"content\":\"");
  private static final byte[] NEXT_USER = ascii("\"},{\"role\":\"user\",\"content\":\"");
  private static final byte[] ASSISTANT = ascii("{\"role\":\"assistant\",\"content\":\"");
  private static final byte[] NEXT_ASSISTANT = ascii("\"},{\"role\":\"assistant\",\"content\":\"");
  private static final byte[] LIST = ascii("[");
  private static final byte[] LIST_END = ascii("]");
  private static final Message NO_RESPONSE = Message.of("", 0);
  private static final byte[] NEXT_RECORDED = ascii("\"},");
  private static final byte[] MESSAGES_END = ascii("\"}]");
  private static final byte[] QUOTE = ascii("\"");
  private static final byte[] SPACE = ascii(" ");
  private static final byte[] COMMA = ascii(",");

  private static final byte[] USER_BLOCK = ascii("{\"role\":\"user\",\"content\":[" + TEXT_BLOCK);
  private static final byte[] NEXT_USER_BLOCK =
      ascii("\"},{\"role\":\"user\",\"content\":[" + TEXT_BLOCK);

  private final SystemRole systemRole;
  private final HistoryForm history;
  private final boolean systemApart;
  private final Api api;

  /** What begins and ends the system prompt where that is apart from the messages. */
  private final byte[] systemStart;

  private final byte[] systemEnd;

  /** What begins the last message, first of all or after others, and what ends it. */
  private final byte[] lastUser;

  private final byte[] nextLastUser;
  private final byte[] messagesEnd;
  private final byte[] system;

  /** Creates a writer of messages in the given shape. */
  PromptWriter(BodyShape shape) {
    this.systemRole = shape.systemRole();
    this.history = shape.history();
    this.api = shape.api();
    this.systemApart =
        shape.api() == Api.MESSAGES
            && systemRole == SystemRole.SYSTEM
            && history == HistoryForm.MESSAGES;
    boolean marked = shape.cache() != BodyShape.CacheControl.OFF;
    String mark = "\",\"cache_control\":" + shape.cache().json() + "}]";
    this.systemStart = marked ? ascii("[" + TEXT_BLOCK) : QUOTE;
    this.systemEnd = marked ? ascii(mark) : QUOTE;
    this.lastUser = marked ? USER_BLOCK : USER;
    this.nextLastUser = marked ? NEXT_USER_BLOCK : NEXT_USER;
    this.messagesEnd = marked ? ascii(mark + "}]") : MESSAGES_END;
    this.system = ascii("{\"role\":\"" + Choice.key(systemRole) + "\",\"content\":\"");
  }

  /** Adds the prompt as an array of messages. */
  void addMessages(Turn turn, List<byte[]> json) {
    json.add(LIST);
    if (history == HistoryForm.TEXT) {
      json.add(lastUser);
      addJoined(everything(turn), json);
      json.add(messagesEnd);
    } else {
      addEach(turn, json);
    }
  }

  /** Returns whether the turn has a system prompt that is not among the messages. */
  boolean hasSystemApart(Turn turn) {
    return systemApart && !instructions(turn).isEmpty();
  }

  /** Adds the system prompt that is not among the messages. */
  void addSystem(Turn turn, List<byte[]> json) {
    json.add(systemStart);
    addJoined(instructions(turn), json);
    json.add(systemEnd);
  }

  /**
   * Writes each question and response as a message, and recorded messages as they are. Servers
   * refuse empty messages, and chat templates two user messages in a row, so that a question
   * without a response and the next one are one message.
   */
  private void addEach(Turn turn, List<byte[]> json) {
    List<CompletedTurn> carried = turn.carried();
    List<Message> instructions = systemApart ? List.of() : instructions(turn);
    // the last message begins after the last response, or with the first question
    int last = carried.size() - 1;
    while (last >= 0 && carried.get(last).response().isEmpty()) {
      last--;
    }
    Chat chat = new Chat(json);
    @Nullable Message joined = null;
    if (!instructions.isEmpty()) {
      boolean ofUser = systemRole == SystemRole.USER;
      byte[] role = ofUser ? (last < 0 ? lastUser : USER) : system;
      chat.begin(role, role);
      addJoined(instructions, json);
      joined = ofUser ? instructions.get(instructions.size() - 1) : null;
    }
    for (int i = 0; i <= carried.size(); i++) {
      boolean isNew = i == carried.size();
      Message question = isNew ? turn.questionMessage() : carried.get(i).question();
      Message response = isNew ? NO_RESPONSE : carried.get(i).response();
      if (question.isRecorded()) {
        chat.add(question);
      } else {
        if (joined == null) {
          chat.begin(i > last ? lastUser : USER, i > last ? nextLastUser : NEXT_USER);
        } else if (joined.needsSpaceBefore(question)) {
          json.add(SPACE);
        }
        json.add(question.escaped());
      }
      joined = question.isRecorded() ? null : question;
      if (response.isRecorded()) {
        chat.add(response);
        joined = null;
      } else if (!response.isEmpty()) {
        chat.begin(ASSISTANT, NEXT_ASSISTANT);
        json.add(response.escaped());
        joined = null;
      }
    }
    json.add(chat.isOpen ? messagesEnd : LIST_END);
  }

  /** An array of messages that is being written: the text of the last one may go on. */
  private final class Chat {

    private final List<byte[]> json;
    private boolean isOpen;
    private boolean isEmpty = true;

    Chat(List<byte[]> json) {
      this.json = json;
    }

    /** Begins a message whose text follows. */
    void begin(byte[] role, byte[] nextRole) {
      if (!isEmpty && !isOpen) {
        json.add(COMMA);
      }
      json.add(isOpen ? nextRole : role);
      isEmpty = false;
      isOpen = true;
    }

    /** Adds recorded messages. */
    void add(Message recorded) {
      if (api != Api.CHAT) {
        throw new IllegalStateException(
            "calls of tools and their results are sent as chat or text completions only; set"
                + " llm.api=chat");
      }
      if (!isEmpty) {
        json.add(isOpen ? NEXT_RECORDED : COMMA);
      }
      json.add(recorded.recorded());
      isEmpty = false;
      isOpen = false;
    }
  }

  /** Adds the prompt as one string. */
  static void addText(Turn turn, List<byte[]> json) {
    addString(everything(turn), json);
  }

  /** Adds the system prompt and the private context as one string. */
  static void addInstructions(Turn turn, List<byte[]> json) {
    addString(instructions(turn), json);
  }

  private static void addString(List<Message> texts, List<byte[]> json) {
    json.add(QUOTE);
    addJoined(texts, json);
    json.add(QUOTE);
  }

  /**
   * Adds the prompt as an array of token ids.
   *
   * @throws IllegalStateException if the ids of a text are unknown
   */
  static void addIds(Turn turn, List<byte[]> json) {
    byte[] before = LIST;
    for (Message message : everything(turn)) {
      json.add(before);
      json.add(message.ids());
      before = COMMA;
    }
    json.add(LIST_END);
  }

  /** Returns the system prompt and the private context, without empty ones. */
  private static List<Message> instructions(Turn turn) {
    List<Message> instructions = new ArrayList<>(2);
    addUnlessEmpty(turn.conversation().start().systemPrompt(), instructions);
    addUnlessEmpty(turn.conversation().start().privateContext(), instructions);
    return instructions;
  }

  /** Returns all texts of the prompt in order, tools first, without empty ones. */
  private static List<Message> everything(Turn turn) {
    List<CompletedTurn> carried = turn.carried();
    List<Message> everything = new ArrayList<>(4 + 2 * carried.size());
    addUnlessEmpty(turn.conversation().start().tools(), everything);
    everything.addAll(instructions(turn));
    for (CompletedTurn completed : carried) {
      addUnlessEmpty(completed.question(), everything);
      addUnlessEmpty(completed.response(), everything);
    }
    addUnlessEmpty(turn.questionMessage(), everything);
    return everything;
  }

  private static void addUnlessEmpty(Message message, List<Message> messages) {
    if (!message.isEmpty()) {
      messages.add(message);
    }
  }

  /** Writes texts with a space where two would run together. */
  private static void addJoined(List<Message> texts, List<byte[]> json) {
    @Nullable Message last = null;
    for (Message text : texts) {
      if (last != null && last.needsSpaceBefore(text)) {
        json.add(SPACE);
      }
      json.add(text.escaped());
      last = text;
    }
  }

  /** Returns the fragments as one array of their exact length. */
  static byte[] concatenated(List<byte[]> fragments) {
    int length = fragments.stream().mapToInt(part -> part.length).reduce(0, Math::addExact);
    ByteBuffer bytes = ByteBuffer.allocate(length);
    fragments.forEach(bytes::put);
    return bytes.array();
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
