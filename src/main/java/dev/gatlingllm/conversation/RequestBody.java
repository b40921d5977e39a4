package dev.gatlingllm.conversation;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.gatlingllm.SystemRole;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the bodies of one kind of request. What is the same in all of them is written once; the
 * rest is put together from bytes that are already JSON, into an array of the body's exact length.
 * Immutable; any thread may call, event loops too: nothing is encoded but what is new in a turn.
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

  /** What follows the model's name, up to the value of the field for the length of replies. */
  private final byte[] fields;

  private final byte[] system;

  /**
   * Bodies of a shape.
   *
   * @param shape how a conversation is put into a request
   * @param fields what else is asked for, the same in all turns
   */
  public RequestBody(BodyShape shape, RequestFields fields) {
    this.shape = shape;
    byte[] written = fields.toJson();
    this.fields =
        new JsonParts(4)
            .add(ascii(written.length == 0 ? "\"" : "\","))
            .add(written)
            .add(ascii(",\"" + shape.maxTokens().key() + "\":"))
            .toBytes();
    this.system = ascii("{\"role\":\"" + shape.systemRole().key() + "\",\"content\":\"");
  }

  /**
   * The body for a turn.
   *
   * @param model sent as {@code model}
   * @throws IllegalStateException if the prompt is to be token ids and nobody can tell them
   */
  public byte[] of(Turn turn, String model) {
    List<Exchange> carried = turn.carried();
    JsonParts body = new JsonParts(16 + 6 * carried.size());
    body.add(MODEL).add(JsonStringEncoder.getInstance().quoteAsUTF8(model)).add(fields);
    body.add(number(turn.outputTokens()));
    if (shape.minTokens() != BodyShape.NO_MINIMUM) {
      body.add(MIN_TOKENS).add(number(Math.min(shape.minTokens(), turn.outputTokens())));
    }
    if (shape.prompt() == PromptFormat.TOKEN_IDS) {
      addIds(turn, carried, body);
    } else if (shape.api() == Api.COMPLETIONS) {
      body.add(PROMPT_TEXT);
      addText(everything(turn, carried), body);
      body.add(PROMPT_TEXT_END);
    } else if (shape.history() == HistoryForm.TEXT) {
      body.add(MESSAGES).add(USER);
      addText(everything(turn, carried), body);
      body.add(MESSAGES_END);
    } else {
      addMessages(turn, carried, body);
    }
    return body.toBytes();
  }

  private void addMessages(Turn turn, List<Exchange> carried, JsonParts body) {
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
    for (Exchange exchange : carried) {
      body.add(exchange.question().escaped());
      body.add(NEXT_ASSISTANT).add(exchange.reply().escaped()).add(NEXT_USER);
    }
    body.add(turn.questionMessage().escaped()).add(MESSAGES_END);
  }

  /** What precedes the conversation, the empty texts left out. */
  private static List<Message> instructions(Turn turn) {
    List<Message> instructions = new ArrayList<>(2);
    addUnlessEmpty(turn.conversation().systemPrompt().message(), instructions);
    addUnlessEmpty(turn.conversation().privateContext(), instructions);
    return instructions;
  }

  /** All that was said in its order, the empty texts left out. */
  private static List<Message> everything(Turn turn, List<Exchange> carried) {
    List<Message> everything = new ArrayList<>(3 + 2 * carried.size());
    everything.addAll(instructions(turn));
    for (Exchange exchange : carried) {
      addUnlessEmpty(exchange.question(), everything);
      addUnlessEmpty(exchange.reply(), everything);
    }
    addUnlessEmpty(turn.questionMessage(), everything);
    return everything;
  }

  private static void addUnlessEmpty(Message message, List<Message> messages) {
    if (!message.isEmpty()) {
      messages.add(message);
    }
  }

  /** Texts one after the other, with a space where two would run together; tells the last one. */
  private static Message addText(List<Message> texts, JsonParts body) {
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

  private static void addIds(Turn turn, List<Exchange> carried, JsonParts body) {
    byte[] before = PROMPT_IDS;
    for (Message message : everything(turn, carried)) {
      body.add(before).add(message.ids());
      before = COMMA;
    }
    body.add(PROMPT_IDS_END);
  }

  private static byte[] number(int value) {
    return ascii(Integer.toString(value));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
