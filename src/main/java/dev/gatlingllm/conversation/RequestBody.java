package dev.gatlingllm.conversation;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.gatlingllm.SystemRole;
import dev.gatlingllm.conversation.BodyShape.HistoryForm;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.conversation.History.CompletedTurn;
import dev.gatlingllm.text.Choice;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes request bodies for one API and one set of fields. A body is concatenated from fragments
 * that are JSON already, into an array of its exact length; only what is new in a turn is encoded.
 * Immutable; any thread may call, event loops too.
 */
public final class RequestBody {

  private static final byte[] MODEL = ascii("{\"model\":\"");
  private static final byte[] MIN_TOKENS = ascii(",\"min_tokens\":");
  private static final byte[] MESSAGES = ascii(",\"messages\":[");
  private static final byte[] USER = ascii("{\"role\":\"user\",\"content\":\"");
  private static final byte[] NEXT_USER = ascii("\"},{\"role\":\"user\",\"content\":\"");
  private static final byte[] NEXT_ASSISTANT = ascii("\"},{\"role\":\"assistant\",\"content\":\"");
  private static final byte[] MESSAGES_END = ascii("\"}]}");
  private static final byte[] PROMPT_TEXT = ascii(",\"prompt\":\"");
  private static final byte[] PROMPT_TEXT_END = ascii("\"}");
  private static final byte[] PROMPT_IDS = ascii(",\"prompt\":[");
  private static final byte[] PROMPT_IDS_END = ascii("]}");
  private static final byte[] SPACE = ascii(" ");
  private static final byte[] COMMA = ascii(",");

  private final BodyShape shape;

  /** Everything between the model's name and the value of the max-tokens field. */
  private final byte[] fields;

  private final byte[] system;

  /**
   * Creates a writer.
   *
   * @param shape how a conversation is mapped to a request
   * @param fields other fields, the same in all turns
   */
  public RequestBody(BodyShape shape, RequestFields fields) {
    this.shape = shape;
    byte[] written = fields.toJson();
    this.fields =
        concatenated(
            List.of(
                ascii(written.length == 0 ? "\"" : "\","),
                written,
                ascii(",\"" + shape.maxTokens().field() + "\":")));
    this.system = ascii("{\"role\":\"" + Choice.key(shape.systemRole()) + "\",\"content\":\"");
  }

  /**
   * Returns the body for a turn.
   *
   * @param model value of the field {@code model}
   * @throws IllegalStateException if the prompt must be token ids and they are unknown
   */
  public byte[] of(Turn turn, String model) {
    List<CompletedTurn> carried = turn.carried();
    List<byte[]> body = new ArrayList<>(16 + 6 * carried.size());
    body.add(MODEL);
    body.add(JsonStringEncoder.getInstance().quoteAsUTF8(model));
    body.add(fields);
    body.add(number(turn.outputTokens()));
    if (shape.minTokens() != BodyShape.NO_MINIMUM) {
      body.add(MIN_TOKENS);
      body.add(number(Math.min(shape.minTokens(), turn.outputTokens())));
    }
    if (shape.prompt() == PromptFormat.TOKEN_IDS) {
      addIds(turn, carried, body);
    } else if (shape.api() == Api.COMPLETIONS) {
      body.add(PROMPT_TEXT);
      addText(everything(turn, carried), body);
      body.add(PROMPT_TEXT_END);
    } else if (shape.history() == HistoryForm.TEXT) {
      body.add(MESSAGES);
      body.add(USER);
      addText(everything(turn, carried), body);
      body.add(MESSAGES_END);
    } else {
      addMessages(turn, carried, body);
    }
    return concatenated(body);
  }

  /**
   * Writes each question and response as a message. Servers refuse empty messages, and chat
   * templates two user messages in a row, so that a question without a response and the next one
   * are one message.
   */
  private void addMessages(Turn turn, List<CompletedTurn> carried, List<byte[]> body) {
    body.add(MESSAGES);
    List<Message> instructions = instructions(turn);
    if (instructions.isEmpty()) {
      body.add(USER);
    } else if (shape.systemRole() == SystemRole.USER) {
      body.add(USER);
      Message first = carried.isEmpty() ? turn.questionMessage() : carried.get(0).question();
      if (addText(instructions, body).needsSpaceBefore(first)) {
        body.add(SPACE);
      }
    } else {
      body.add(system);
      addText(instructions, body);
      body.add(NEXT_USER);
    }
    for (int i = 0; i < carried.size(); i++) {
      Message question = carried.get(i).question();
      Message response = carried.get(i).response();
      Message next =
          i + 1 < carried.size() ? carried.get(i + 1).question() : turn.questionMessage();
      body.add(question.escaped());
      if (!response.isEmpty()) {
        body.add(NEXT_ASSISTANT);
        body.add(response.escaped());
        body.add(NEXT_USER);
      } else if (question.needsSpaceBefore(next)) {
        body.add(SPACE);
      }
    }
    body.add(turn.questionMessage().escaped());
    body.add(MESSAGES_END);
  }

  /** Returns the system prompt and the private context, without empty ones. */
  private static List<Message> instructions(Turn turn) {
    List<Message> instructions = new ArrayList<>(2);
    addUnlessEmpty(turn.conversation().start().systemPrompt(), instructions);
    addUnlessEmpty(turn.conversation().start().privateContext(), instructions);
    return instructions;
  }

  /** Returns all messages of the prompt in order, without empty ones. */
  private static List<Message> everything(Turn turn, List<CompletedTurn> carried) {
    List<Message> everything = new ArrayList<>(3 + 2 * carried.size());
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

  /** Writes texts with a space where two would run together, and returns the last one. */
  private static Message addText(List<Message> texts, List<byte[]> body) {
    Message last = null;
    for (Message text : texts) {
      if (last != null && last.needsSpaceBefore(text)) {
        body.add(SPACE);
      }
      body.add(text.escaped());
      last = text;
    }
    return last;
  }

  private static void addIds(Turn turn, List<CompletedTurn> carried, List<byte[]> body) {
    byte[] before = PROMPT_IDS;
    for (Message message : everything(turn, carried)) {
      body.add(before);
      body.add(message.ids());
      before = COMMA;
    }
    body.add(PROMPT_IDS_END);
  }

  private static byte[] concatenated(List<byte[]> parts) {
    int length = parts.stream().mapToInt(part -> part.length).reduce(0, Math::addExact);
    ByteBuffer bytes = ByteBuffer.allocate(length);
    parts.forEach(bytes::put);
    return bytes.array();
  }

  private static byte[] number(int value) {
    return ascii(Integer.toString(value));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
