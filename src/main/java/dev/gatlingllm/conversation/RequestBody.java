package dev.gatlingllm.conversation;

import static dev.gatlingllm.conversation.PromptWriter.ascii;
import static dev.gatlingllm.conversation.PromptWriter.concatenated;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes request bodies for one API and one set of fields. A body consists of fragments that are
 * JSON already; only what is new in a turn is encoded. Immutable; any thread may call, event loops
 * too.
 */
public final class RequestBody {

  private static final ByteBuffer MODEL = ascii("{\"model\":\"");
  private static final ByteBuffer MIN_TOKENS = ascii(",\"min_tokens\":");
  private static final ByteBuffer MESSAGES = ascii(",\"messages\":");
  private static final ByteBuffer TOOLS = ascii(",\"tools\":");
  private static final ByteBuffer INPUT = ascii(",\"input\":");
  private static final ByteBuffer PREVIOUS = ascii(",\"previous_response_id\":\"");
  private static final ByteBuffer QUOTE = ascii("\"");
  private static final ByteBuffer SYSTEM = ascii(",\"system\":");
  private static final ByteBuffer PROMPT = ascii(",\"prompt\":");
  private static final ByteBuffer END = ascii("}");

  private final BodyShape shape;

  /** Everything between the model's name and the value of the max-tokens field. */
  private final ByteBuffer fields;

  private final ByteBuffer fieldsOfProbes;

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

  private ByteBuffer written(RequestFields fields) {
    byte[] written = fields.as(shape).toJson();
    return ByteBuffer.wrap(
        concatenated(
            List.of(
                ascii(written.length == 0 ? "\"" : "\","),
                ByteBuffer.wrap(written),
                ascii(",\"" + shape.maxTokensName() + "\":"))));
  }

  /**
   * Returns the body for a turn.
   *
   * @param model value of the field {@code model}
   * @throws IllegalStateException if the prompt must be token ids and they are unknown
   */
  public byte[] of(Turn turn, String model) {
    return concatenated(fragments(turn, model));
  }

  /**
   * Returns the body for a turn as fragments in their order, for a socket to send them where they
   * are. What earlier requests had too is the same buffer again, and a direct one if it is large.
   * Nobody may change the buffers' contents, positions and limits: other threads have them, too.
   *
   * @param model value of the field {@code model}
   * @throws IllegalStateException if the prompt must be token ids and they are unknown
   */
  public List<ByteBuffer> fragments(Turn turn, String model) {
    List<ByteBuffer> body = new ArrayList<>(16 + 6 * turn.carried().size());
    body.add(MODEL);
    body.add(quoted(model));
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
        body.add(quoted(previous));
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
    return body;
  }

  private void addTools(Turn turn, List<ByteBuffer> body) {
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

  private static ByteBuffer quoted(String text) {
    return ByteBuffer.wrap(JsonStringEncoder.getInstance().quoteAsUTF8(text));
  }

  private static ByteBuffer number(int value) {
    return ascii(Integer.toString(value));
  }
}
