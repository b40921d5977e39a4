package dev.gatlingllm.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * One reply as server-sent events. A token's event is the same bytes around another word, so JSON
 * is written once per reply and copied per token.
 */
final class Events {

  private static final byte[] FIELD = "data: ".getBytes(US_ASCII);
  private static final byte[] END = "\n\n".getBytes(US_ASCII);
  private static final byte[] DONE = "[DONE]".getBytes(US_ASCII);

  private final ReplyJson json;
  private final byte[] beforeText;
  private final byte[] afterText;

  Events(ReplyJson json) {
    this.json = json;
    byte[] template = json.token();
    // the text is the last empty string of the chunk: nothing behind it is a string
    int text = new String(template, UTF_8).lastIndexOf("\"\"");
    int split = new String(template, UTF_8).substring(0, text + 1).getBytes(UTF_8).length;
    beforeText = Arrays.copyOf(template, split);
    afterText = Arrays.copyOfRange(template, split, template.length);
  }

  ByteBuf opener() {
    return event(json.opener());
  }

  /**
   * @param text what stands between the quotes of a JSON string
   */
  ByteBuf token(byte[] text) {
    return event(beforeText, text, afterText);
  }

  ByteBuf finish() {
    return event(json.finish());
  }

  ByteBuf usage(Usage usage) {
    return event(json.usage(usage));
  }

  static ByteBuf done() {
    return event(DONE);
  }

  private static ByteBuf event(byte[]... data) {
    int length = FIELD.length + END.length;
    for (byte[] part : data) {
      length += part.length;
    }
    ByteBuf event = Unpooled.buffer(length).writeBytes(FIELD);
    for (byte[] part : data) {
      event.writeBytes(part);
    }
    return event.writeBytes(END);
  }
}
