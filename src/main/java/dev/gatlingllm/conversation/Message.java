package dev.gatlingllm.conversation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.prompt.Passage;
import java.nio.charset.StandardCharsets;

/**
 * One thing that was said, kept as it goes over the wire: escaped for JSON and encoded as UTF-8
 * once, however many requests carry it. Immutable; any thread may call.
 */
final class Message {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final char REPLACEMENT = '\uFFFD';

  private final int tokens;
  private final byte[] escaped;
  private final boolean spaceBefore;
  private final boolean spaceAfter;

  /** Tells the token ids, or null where nobody can. Keeps no hold of the text. */
  private final Passage.TokenIds idSource;

  /** The token ids as JSON, made when first asked for; two threads may make equal ones. */
  private volatile byte[] ids;

  private Message(String text, int tokens, Passage.TokenIds idSource) {
    this.tokens = tokens;
    this.escaped = JsonStringEncoder.getInstance().quoteAsUTF8(wellFormed(text));
    this.spaceBefore = !text.isEmpty() && Character.isWhitespace(text.charAt(0));
    this.spaceAfter = !text.isEmpty() && Character.isWhitespace(text.charAt(text.length() - 1));
    this.idSource = idSource;
  }

  /** Something that a script says; its token ids can be told where the script's can. */
  static Message of(Passage passage) {
    return new Message(passage.text(), passage.tokens(), passage.tokenIdSource());
  }

  /** Something whose token ids nobody knows: a reply as received. */
  static Message of(String text, int tokens) {
    return new Message(text, tokens, null);
  }

  /**
   * UTF-8 has no place for half a character outside the basic plane, and many servers refuse it
   * escaped, too: it becomes the character that stands for unreadable ones.
   */
  private static String wellFormed(String text) {
    char[] repaired = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (pair) {
          i++;
        } else {
          repaired = repaired == null ? text.toCharArray() : repaired;
          repaired[i] = REPLACEMENT;
        }
      }
    }
    return repaired == null ? text : new String(repaired);
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

  /** The text as it stands inside a JSON string. Not to be changed. */
  byte[] escaped() {
    return escaped;
  }

  /**
   * The token ids as they stand inside a JSON array. Not to be changed.
   *
   * @throws IllegalStateException if nobody can tell them
   */
  byte[] ids() {
    byte[] known = ids;
    if (known == null) {
      known = list(tokenIds());
      ids = known;
    }
    return known;
  }

  private int[] tokenIds() {
    if (idSource == null) {
      throw new IllegalStateException(
          "a reply as received has no token ids to put into the next prompt; have replies taken"
              + " from the script (llm.replyInHistory=canned), or send text (llm.promptFormat=text)");
    }
    int[] told = idSource.of(text());
    if (told.length != tokens) {
      throw new IllegalStateException(
          "a text of " + tokens + " tokens is said to have " + told.length + " token ids");
    }
    return told;
  }

  private String text() {
    try {
      return JSON.readValue('"' + new String(escaped, StandardCharsets.UTF_8) + '"', String.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what was escaped for JSON can be read as JSON", e);
    }
  }

  private static byte[] list(int[] ids) {
    StringBuilder list = new StringBuilder(7 * ids.length);
    for (int i = 0; i < ids.length; i++) {
      if (i > 0) {
        list.append(',');
      }
      list.append(ids[i]);
    }
    return list.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** Whether this and what follows it need a space between them to stay apart. */
  boolean needsSpaceBefore(Message next) {
    return !spaceAfter && !next.spaceBefore;
  }
}
