package dev.gatlingllm.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;

/** What a faulty reply says in the place of what it should. */
record FaultyEvents(ReplyJson json, Choice choice) {

  /** The euro sign, which is three bytes. */
  private static final byte[] CHARACTER = "€".getBytes(UTF_8);

  /** An event with half a chunk in it. */
  ByteBuf malformed() {
    return event(half(token()), "\n\n".getBytes(UTF_8));
  }

  /** Half a reply. */
  byte[] malformedBody() {
    return half(Json.bytes(json.whole(List.of(), new Usage(0, 0, null, null))));
  }

  /** The beginning of an event, up to the middle of a character. */
  ByteBuf cutCharacter() {
    byte[] chunk = token();
    int text = new String(chunk, UTF_8).lastIndexOf("\"\"");
    byte[] before = new String(chunk, UTF_8).substring(0, text + 1).getBytes(UTF_8);
    return event(before, Arrays.copyOf(CHARACTER, CHARACTER.length - 1));
  }

  static ByteBuf error() {
    return event(OpenAiError.failed().body(), "\n\n".getBytes(UTF_8));
  }

  private byte[] token() {
    return Json.bytes(json.tokens(choice.index(), choice.reply().lastPart(), "", null));
  }

  private static byte[] half(byte[] json) {
    return Arrays.copyOf(json, json.length / 2);
  }

  private static ByteBuf event(byte[] data, byte[] end) {
    return Unpooled.wrappedBuffer("data: ".getBytes(UTF_8), data, end);
  }
}
