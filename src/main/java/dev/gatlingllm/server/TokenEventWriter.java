package dev.gatlingllm.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.server.Completion.Part;
import dev.gatlingllm.server.ResponseJson.Usage;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Writes the tokens of one choice as events. Used on one event loop. */
interface TokenEventWriter {

  /**
   * Writes one event with some tokens of one part, unless they have no text.
   *
   * @param from the first token within the part
   * @param to the end, exclusive
   */
  void write(ByteBuf out, Part part, int from, int to);

  /**
   * Writes events that contain only text. Their JSON differs only in the text, so it is serialized
   * once per part and copied for each event.
   */
  final class TextOnly implements TokenEventWriter {

    private final ResponseJson json;
    private final int choice;
    private IntSupplier numbers = () -> 0;
    private @Nullable Part part;
    private byte[] beforeText = {};
    private byte[] afterText = {};

    /** What follows the number of an event; null where events have none. */
    private byte @Nullable [] afterNumber;

    TextOnly(ResponseJson json, int choice) {
      this.json = json;
      this.choice = choice;
    }

    @Override
    public void write(ByteBuf out, Part part, int from, int to) {
      if (isEmpty(part, from, to) || json.hides(part)) {
        return;
      }
      if (!part.equals(this.part)) {
        begin(part);
      }
      out.writeBytes(beforeText);
      for (int i = from; i < to; i++) {
        out.writeBytes(part.text().json(i));
      }
      out.writeBytes(afterText);
      if (afterNumber != null) {
        out.writeBytes(Integer.toString(numbers.getAsInt()).getBytes(UTF_8));
        out.writeBytes(afterNumber);
      }
    }

    /** Numbers the events: the number is the last field of their JSON. */
    TextOnly numberedBy(IntSupplier numbers) {
      this.numbers = numbers;
      afterNumber = join("}".getBytes(UTF_8), ServerSentEvents.END);
      return this;
    }

    private static boolean isEmpty(Part part, int from, int to) {
      for (int i = from; i < to; i++) {
        if (part.text().json(i).length > 0) {
          return false;
        }
      }
      return true;
    }

    private void begin(Part part) {
      this.part = part;
      ObjectNode empty = json.tokens(choice, part, "", null);
      String template = new String(Json.bytes(empty), UTF_8);
      // the text is the last empty string of the chunk: no string follows it
      int text = template.lastIndexOf("\"\"") + 1;
      beforeText =
          join(ServerSentEvents.fieldsBefore(empty), template.substring(0, text).getBytes(UTF_8));
      String after = template.substring(text);
      afterText =
          afterNumber == null
              ? join(after.getBytes(UTF_8), ServerSentEvents.END)
              : after.substring(0, after.lastIndexOf(':') + 1).getBytes(UTF_8);
    }

    private static byte[] join(byte[] first, byte[] second) {
      byte[] both = Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, both, first.length, second.length);
      return both;
    }
  }

  /** Writes events with probabilities, the usage or the text so far; serializes each of them. */
  final class Detailed implements TokenEventWriter {

    private final OpenAiJson json;
    private final ResponseChoice choice;
    private final boolean usage;
    private final StringBuilder textSoFar = new StringBuilder();
    private @Nullable Part part;
    private int tokens;
    private int offset;

    /**
     * @param usage whether each event contains the choice's usage so far
     */
    Detailed(OpenAiJson json, ResponseChoice choice, boolean usage) {
      this.json = json;
      this.choice = choice;
      this.usage = usage;
    }

    @Override
    public void write(ByteBuf out, Part part, int from, int to) {
      StringBuilder text = new StringBuilder();
      for (int i = from; i < to; i++) {
        text.append(part.text().text(i));
      }
      tokens += to - from;
      if (text.isEmpty() || json.hides(part)) {
        return;
      }
      if (!part.equals(this.part)) {
        this.part = part;
        textSoFar.setLength(0);
      }
      textSoFar.append(text);
      ObjectNode logprobs = json.logprobs(choice, part, from, to, offset);
      String shown = (json.isCumulative() ? textSoFar : text).toString();
      ObjectNode chunk = json.tokens(choice.index(), part, shown, logprobs);
      offset += text.length();
      if (usage) {
        chunk.set("usage", json.sums(new Usage(choice.promptTokens(), tokens, 0, 0)));
      }
      ServerSentEvents.write(out, chunk);
    }
  }
}
