package dev.gatlingllm.conversation;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.gatlingllm.prompt.Passage;
import java.io.ByteArrayOutputStream;

/**
 * One thing that was said, kept as it goes over the wire: escaped for JSON and encoded as UTF-8
 * once, however many requests carry it. Immutable.
 */
final class Message {

  private final int tokens;
  private final byte[] escaped;
  private final boolean spaceBefore;
  private final boolean spaceAfter;

  private Message(String text, int tokens) {
    this.tokens = tokens;
    this.escaped = JsonStringEncoder.getInstance().quoteAsUTF8(text);
    this.spaceBefore = !text.isEmpty() && Character.isWhitespace(text.charAt(0));
    this.spaceAfter = !text.isEmpty() && Character.isWhitespace(text.charAt(text.length() - 1));
  }

  static Message of(Passage passage) {
    return new Message(passage.text(), passage.tokens());
  }

  static Message of(String text, int tokens) {
    return new Message(text, tokens);
  }

  int tokens() {
    return tokens;
  }

  /** A hash of the text, 64 bits wide, by FNV-1a. */
  long contentHash() {
    long hash = 0xcbf29ce484222325L;
    for (byte b : escaped) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }

  boolean isEmpty() {
    return escaped.length == 0;
  }

  /** Appends the text as it stands inside a JSON string. */
  void writeTo(ByteArrayOutputStream out) {
    out.write(escaped, 0, escaped.length);
  }

  /** Whether this and what follows it need a space between them to stay apart. */
  boolean needsSpaceBefore(Message next) {
    return !spaceAfter && !next.spaceBefore;
  }
}
