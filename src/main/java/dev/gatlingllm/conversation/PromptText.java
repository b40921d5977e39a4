package dev.gatlingllm.conversation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A text of a turn for requests that users write themselves. It is rendered when it is first read,
 * and only once, however often expressions read it. Any thread may call; two that read it first may
 * render equal texts. Each can be rendered, because Gatling logs whole sessions.
 */
public final class PromptText implements CharSequence {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Consumer<List<ByteBuffer>> writer;
  private final boolean asJson;
  private @Nullable String text;

  private PromptText(Consumer<List<ByteBuffer>> writer, boolean asJson) {
    this.writer = writer;
    this.asJson = asJson;
  }

  /**
   * Returns the prompt as a JSON array of messages, the value of a request's field. The Messages
   * API has the system prompt apart from it.
   */
  public static PromptText messages(Turn turn, BodyShape shape) {
    return new PromptText(json -> new PromptWriter(shape).addMessages(turn, json), true);
  }

  /** Returns the prompt as one text, as a text completion carries it; null if it has images. */
  public static @Nullable PromptText text(Turn turn) {
    return turn.images() > 0
        ? null
        : new PromptText(json -> PromptWriter.addText(turn, json), false);
  }

  /** Returns the prompt as a JSON array of token ids, or null if the ids of a text are unknown. */
  public static @Nullable PromptText tokenIds(Turn turn) {
    return PromptWriter.hasIds(turn)
        ? new PromptText(json -> PromptWriter.addIds(turn, json), true)
        : null;
  }

  /** Returns the system prompt and the private context as one text; may be empty. */
  public static PromptText systemPrompt(Turn turn) {
    return new PromptText(json -> PromptWriter.addInstructions(turn, json), false);
  }

  @Override
  public String toString() {
    if (text == null) {
      List<ByteBuffer> json = new ArrayList<>();
      writer.accept(json);
      byte[] bytes = PromptWriter.concatenated(json);
      text = asJson ? new String(bytes, StandardCharsets.UTF_8) : string(bytes);
    }
    return text;
  }

  private static String string(byte[] json) {
    try {
      return JSON.readValue(new String(json, StandardCharsets.UTF_8), String.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("fragments must be valid JSON", e);
    }
  }

  @Override
  public int length() {
    return toString().length();
  }

  @Override
  public char charAt(int index) {
    return toString().charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return toString().subSequence(start, end);
  }
}
