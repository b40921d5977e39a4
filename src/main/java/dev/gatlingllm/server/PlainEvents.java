package dev.gatlingllm.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Tokens as events that tell their text alone: the same bytes around another word, so JSON is
 * written once per part and copied per token.
 */
final class PlainEvents implements TokenEvents {

  private final ReplyJson json;
  private final int choice;
  private ReplyPart part;
  private byte[] beforeText;
  private byte[] afterText;

  PlainEvents(ReplyJson json, int choice) {
    this.json = json;
    this.choice = choice;
  }

  @Override
  public void write(ByteBuf out, ReplyPart part, int from, int to) {
    if (saysNothing(part, from, to)) {
      return;
    }
    if (part != this.part) {
      begin(part);
    }
    out.writeBytes(beforeText);
    for (int i = from; i < to; i++) {
      out.writeBytes(part.text().json(i));
    }
    out.writeBytes(afterText);
  }

  private static boolean saysNothing(ReplyPart part, int from, int to) {
    for (int i = from; i < to; i++) {
      if (part.text().json(i).length > 0) {
        return false;
      }
    }
    return true;
  }

  private void begin(ReplyPart part) {
    this.part = part;
    String template = new String(Json.bytes(json.tokens(choice, part, "", null)), UTF_8);
    // the text is the last empty string of the chunk: nothing behind it is a string
    int text = template.lastIndexOf("\"\"") + 1;
    beforeText = join(Events.FIELD, template.substring(0, text).getBytes(UTF_8));
    afterText = join(template.substring(text).getBytes(UTF_8), Events.END);
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
