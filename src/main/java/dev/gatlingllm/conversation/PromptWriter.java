package dev.gatlingllm.conversation;

import dev.gatlingllm.SystemRole;
import dev.gatlingllm.conversation.BodyShape.HistoryForm;
import dev.gatlingllm.conversation.History.CompletedTurn;
import dev.gatlingllm.prompt.SyntheticImages;
import dev.gatlingllm.prompt.SyntheticImages.Image;
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
  private static final ByteBuffer USER = ascii("{\"role\":\"user\",\"content\":\"");
  private static final ByteBuffer NEXT_USER = ascii("\"},{\"role\":\"user\",\"content\":\"");
  private static final ByteBuffer ASSISTANT = ascii("{\"role\":\"assistant\",\"content\":\"");
  private static final ByteBuffer NEXT_ASSISTANT =
      ascii("\"},{\"role\":\"assistant\",\"content\":\"");
  private static final ByteBuffer LIST = ascii("[");
  private static final ByteBuffer LIST_END = ascii("]");
  private static final ByteBuffer MESSAGES_END = ascii("\"}]");
  private static final ByteBuffer QUOTE = ascii("\"");
  private static final ByteBuffer SPACE = ascii(" ");
  private static final ByteBuffer COMMA = ascii(",");

  private static final ByteBuffer PARTS = ascii("{\"role\":\"user\",\"content\":[");
  private static final ByteBuffer NEXT_PART = ascii("\"},");
  private static final ByteBuffer BLOCK_END = ascii("}]}");
  private static final ByteBuffer PARTS_END = ascii("\"}]}");
  private static final ByteBuffer USER_BLOCK =
      ascii("{\"role\":\"user\",\"content\":[" + TEXT_BLOCK);
  private static final ByteBuffer NEXT_USER_BLOCK =
      ascii("\"},{\"role\":\"user\",\"content\":[" + TEXT_BLOCK);

  private final BodyShape shape;
  private final boolean systemApart;

  /** What begins and ends the system prompt where that is apart from the messages. */
  private final ByteBuffer systemStart;

  private final ByteBuffer systemEnd;

  /** What begins the last message, first of all or after others, and what ends it. */
  private final ByteBuffer lastUser;

  private final ByteBuffer nextLastUser;
  private final ByteBuffer messagesEnd;
  private final ByteBuffer lastPartsEnd;

  /** What an image's Base64 stands between; the second ends with the comma after the part. */
  private final ByteBuffer imageStart;

  private final ByteBuffer imageEnd;

  /** Whether the last block of the prompt has a breakpoint of the cache, and what ends it then. */
  private final boolean marked;

  private final ByteBuffer blockEnd;
  private final ByteBuffer textPart;
  private final ByteBuffer system;

  /** Creates a writer of messages in the given shape. */
  PromptWriter(BodyShape shape) {
    this.shape = shape;
    this.systemApart =
        shape.api() == Api.MESSAGES
            && shape.systemRole() == SystemRole.SYSTEM
            && shape.history() == HistoryForm.MESSAGES;
    this.marked = shape.cache() != BodyShape.CacheControl.OFF;
    String mark = "\",\"cache_control\":" + shape.cache().json() + "}]";
    this.blockEnd = ascii(mark.substring(1) + "}");
    this.systemStart = marked ? ascii("[" + TEXT_BLOCK) : QUOTE;
    this.systemEnd = marked ? ascii(mark) : QUOTE;
    this.lastUser = marked ? USER_BLOCK : USER;
    this.nextLastUser = marked ? NEXT_USER_BLOCK : NEXT_USER;
    this.messagesEnd = marked ? ascii(mark + "}]") : MESSAGES_END;
    this.lastPartsEnd = marked ? ascii(mark + "}") : PARTS_END;
    boolean isItem = shape.api() == Api.RESPONSES;
    this.imageStart = ascii(imageStart(shape.api()));
    this.imageEnd = ascii(isItem ? "\"}," : "\"}},");
    this.textPart = ascii(isItem ? TEXT_BLOCK.replace("\"text\",", "\"input_text\",") : TEXT_BLOCK);
    this.system = ascii("{\"role\":\"" + Choice.key(shape.systemRole()) + "\",\"content\":\"");
  }

  private static String imageStart(Api api) {
    String url = "data:" + SyntheticImages.MEDIA_TYPE + ";base64,";
    return switch (api) {
      case MESSAGES ->
          "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\""
              + SyntheticImages.MEDIA_TYPE
              + "\",\"data\":\"";
      case RESPONSES -> "{\"type\":\"input_image\",\"image_url\":\"" + url;
      case CHAT, COMPLETIONS -> "{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + url;
    };
  }

  /** Adds the prompt as an array of messages. */
  void addMessages(Turn turn, List<ByteBuffer> json) {
    json.add(LIST);
    if (shape.history() == HistoryForm.TEXT) {
      json.add(lastUser);
      addJoined(everything(turn), json);
      json.add(messagesEnd);
    } else {
      addEach(turn, shape.continues(turn) != null, json);
    }
  }

  /** Returns whether the turn has a system prompt that is not among the messages. */
  boolean hasSystemApart(Turn turn) {
    return systemApart && !instructions(turn).isEmpty();
  }

  /** Adds the system prompt that is not among the messages. */
  void addSystem(Turn turn, List<ByteBuffer> json) {
    json.add(systemStart);
    addJoined(instructions(turn), json);
    json.add(systemEnd);
  }

  /**
   * Writes each question and response as a message, and recorded messages as they are. Servers
   * refuse empty messages, and chat templates two user messages in a row, so that a question
   * without a response and the next one are one message.
   *
   * @param onlyNew whether the server has all before the question
   */
  private void addEach(Turn turn, boolean onlyNew, List<ByteBuffer> json) {
    Chat chat = new Chat(json);
    List<Message> ofUser = new ArrayList<>();
    if (!onlyNew) {
      addBefore(turn, ofUser, chat);
    }
    addQuestion(turn.questionMessage(), ofUser, chat, true);
    chat.addUser(ofUser, true);
    json.add(chat.isOpen ? messagesEnd : LIST_END);
  }

  /** Writes the messages before the question, but for texts of the user that it continues. */
  private void addBefore(Turn turn, List<Message> ofUser, Chat chat) {
    List<Message> instructions = systemApart ? List.of() : instructions(turn);
    if (shape.systemRole() == SystemRole.USER) {
      ofUser.addAll(instructions);
    } else if (!instructions.isEmpty()) {
      chat.begin(system, system);
      addJoined(instructions, chat.json);
    }
    for (CompletedTurn completed : turn.carried()) {
      addQuestion(completed.question(), ofUser, chat, false);
      Message response = completed.response();
      if (!response.isEmpty()) {
        chat.addUser(ofUser, false);
        if (response.isRecorded()) {
          chat.add(response, false);
        } else {
          chat.begin(ASSISTANT, NEXT_ASSISTANT);
          chat.json.add(response.escaped());
        }
      }
    }
  }

  private static void addQuestion(
      Message question, List<Message> ofUser, Chat chat, boolean isLast) {
    if (question.isRecorded()) {
      chat.addUser(ofUser, false);
      chat.add(question, isLast);
    } else {
      ofUser.add(question);
    }
  }

  /** An array of messages that is being written: the text of the last one may go on. */
  private final class Chat {

    private final List<ByteBuffer> json;
    private boolean isOpen;
    private boolean isEmpty = true;

    Chat(List<ByteBuffer> json) {
      this.json = json;
    }

    /** Begins a message whose text follows. */
    void begin(ByteBuffer role, ByteBuffer nextRole) {
      if (!isEmpty && !isOpen) {
        json.add(COMMA);
      }
      json.add(isOpen ? nextRole : role);
      isEmpty = false;
      isOpen = true;
    }

    /**
     * Adds a message of the user's texts, if there are any, and takes them from the list: as one
     * text, or as parts if some have images.
     *
     * @param isLast whether it is the last message
     */
    void addUser(List<Message> texts, boolean isLast) {
      if (haveImages(texts)) {
        beginWhole();
        addParts(texts, isLast ? lastPartsEnd : PARTS_END, json);
      } else if (!texts.isEmpty()) {
        begin(isLast ? lastUser : USER, isLast ? nextLastUser : NEXT_USER);
        addJoined(texts, json);
      }
      texts.clear();
    }

    /**
     * Adds recorded messages.
     *
     * @param isLast whether they are the last ones
     */
    void add(Message recorded, boolean isLast) {
      beginWhole();
      ByteBuffer messages = recorded.recorded(shape.api());
      if (isLast && marked) {
        // the mark is a field of the last block
        json.add(messages.slice(0, messages.limit() - BLOCK_END.limit()));
        json.add(blockEnd);
      } else {
        json.add(messages);
      }
    }

    /** Begins messages that are whole. */
    private void beginWhole() {
      if (!isEmpty) {
        json.add(isOpen ? NEXT_PART : COMMA);
      }
      isEmpty = false;
      isOpen = false;
    }
  }

  private static boolean haveImages(List<Message> texts) {
    for (Message text : texts) {
      if (!text.images().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Adds a message of the user's with a part for each image and each text. */
  private void addParts(List<Message> texts, ByteBuffer end, List<ByteBuffer> json) {
    ByteBuffer before = PARTS;
    for (Message text : texts) {
      json.add(before);
      for (Image image : text.images()) {
        json.add(imageStart);
        json.add(image.start());
        json.add(image.rest());
        json.add(imageEnd);
      }
      json.add(textPart);
      json.add(text.escaped());
      before = NEXT_PART;
    }
    json.add(end);
  }

  /** Adds the prompt as one string. */
  static void addText(Turn turn, List<ByteBuffer> json) {
    addString(everything(turn), json);
  }

  /** Adds the system prompt and the private context as one string. */
  static void addInstructions(Turn turn, List<ByteBuffer> json) {
    addString(instructions(turn), json);
  }

  private static void addString(List<Message> texts, List<ByteBuffer> json) {
    json.add(QUOTE);
    addJoined(texts, json);
    json.add(QUOTE);
  }

  /**
   * Adds the prompt as an array of token ids.
   *
   * @throws IllegalStateException if the ids of a text are unknown
   */
  static void addIds(Turn turn, List<ByteBuffer> json) {
    ByteBuffer before = LIST;
    for (Message message : everything(turn)) {
      json.add(before);
      json.add(message.ids());
      before = COMMA;
    }
    json.add(LIST_END);
  }

  /** Returns whether the ids of all texts are known. */
  static boolean hasIds(Turn turn) {
    return turn.images() == 0 && everything(turn).stream().allMatch(Message::hasIds);
  }

  /** Returns the system prompt and the private context, without empty ones. */
  private static List<Message> instructions(Turn turn) {
    List<Message> instructions = new ArrayList<>(2);
    addUnlessEmpty(turn.conversation().start().systemPrompt(), instructions);
    addUnlessEmpty(turn.conversation().start().privateContext(), instructions);
    return instructions;
  }

  /**
   * Returns all texts of the prompt in order, tools first, without empty ones.
   *
   * @throws IllegalStateException if the prompt has images
   */
  private static List<Message> everything(Turn turn) {
    if (turn.images() > 0) {
      throw new IllegalStateException(
          "a prompt of one text cannot have images; send messages, or set llm.images to 0");
    }
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
  private static void addJoined(List<Message> texts, List<ByteBuffer> json) {
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
  static byte[] concatenated(List<ByteBuffer> fragments) {
    int length = fragments.stream().mapToInt(ByteBuffer::remaining).reduce(0, Math::addExact);
    ByteBuffer bytes = ByteBuffer.allocate(length);
    fragments.forEach(fragment -> bytes.put(fragment.duplicate()));
    return bytes.array();
  }

  /** Returns a fragment, whose position and limit must not be changed. */
  static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
