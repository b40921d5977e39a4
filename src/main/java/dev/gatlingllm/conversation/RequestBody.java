package dev.gatlingllm.conversation;

import static dev.gatlingllm.conversation.PromptWriter.ascii;
import static dev.gatlingllm.conversation.PromptWriter.concatenated;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
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
  private static final byte[] MESSAGES = ascii(",\"messages\":");
  private static final byte[] TOOLS = ascii(",\"tools\":");
  private static final byte[] INPUT = ascii(",\"input\":");
  private static final byte[] PREVIOUS = ascii(",\"previous_response_id\":\"");
  private static final byte[] QUOTE = ascii("\"");
  private static final byte[] SYSTEM = ascii(",\"system\":");
  private static final byte[] PROMPT = ascii(",\"prompt\":");
  private static final byte[] END = ascii("}");

  private final BodyShape shape;

  /** Everything between the model's name and the value of the max-tokens field. */
  private final byte[] fields;

  private final byte[] fieldsOfProbes;

  private final boolean hasTools;
  private final PromptWriter prompts;

  /**
   * Creates a writer.
   *
   * @param shape how a conversation is mapped to a request
   * @param fields other fields, the same in all turns
   */
  public RequestBody(BodyShape shape, RequestFields fields) {
    this.shape = shape;
    this.fields = written(fields);
    this.fieldsOfProbes = written(fields.ofProbes(shape.api()));
    this.hasTools = fields.value("tools").isPresent();
    this.prompts = new PromptWriter(shape);
  }

  private byte[] written(RequestFields fields) {
    byte[] written = fields.as(shape).toJson();
    return concatenated(
        List.of(
            ascii(written.length == 0 ? "\"" : "\","),
            written,
            ascii(",\"" + shape.maxTokensName() + "\":")));
  }

  /**
   * Returns the body for a turn.
   *
   * @param model value of the field {@code model}
   * @throws IllegalStateException if the prompt must be token ids and they are unknown
   */
  public byte[] of(Turn turn, String model) {
    List<byte[]> body = new ArrayList<>(16 + 6 * turn.carried().size());
    body.add(MODEL);
    body.add(JsonStringEncoder.getInstance().quoteAsUTF8(model));
    body.add(turn.isProbe() ? fieldsOfProbes : fields);
    body.add(number(turn.outputTokens()));
    if (shape.minTokens() != BodyShape.NO_MINIMUM) {
      body.add(MIN_TOKENS);
      body.add(number(Math.min(shape.minTokens(), turn.outputTokens())));
    }
    if (shape.api() != Api.COMPLETIONS) {
      if (prompts.hasSystemApart(turn)) {
        body.add(SYSTEM);
        prompts.addSystem(turn, body);
      }
      addTools(turn, body);
      String previous = shape.continues(turn);
      if (previous != null) {
        body.add(PREVIOUS);
        body.add(JsonStringEncoder.getInstance().quoteAsUTF8(previous));
        body.add(QUOTE);
      }
      body.add(shape.api() == Api.RESPONSES ? INPUT : MESSAGES);
      prompts.addMessages(turn, body);
    } else if (shape.prompt() == PromptFormat.TOKEN_IDS) {
      body.add(PROMPT);
      PromptWriter.addIds(turn, body);
    } else {
      body.add(PROMPT);
      PromptWriter.addText(turn, body);
    }
    body.add(END);
    return concatenated(body);
  }

  private void addTools(Turn turn, List<byte[]> body) {
    Message tools = turn.conversation().start().tools();
    if (tools.isEmpty()) {
      return;
    }
    if (hasTools) {
      throw new IllegalStateException(
          "the conversation offers tools of its own; leave the request field tools out");
    }
    body.add(TOOLS);
    body.add(tools.recordedTools(shape.api()));
  }

  private static byte[] number(int value) {
    return ascii(Integer.toString(value));
  }
}
