package dev.gatlingllm.conversation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.prompt.OffHeap;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.prompt.SyntheticImages.Image;
import dev.gatlingllm.workload.Images;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The text of a message as requests carry it: escaped for JSON and encoded as UTF-8 once, however
 * many requests carry it. Messages that were recorded with calls of tools, or their results, keep
 * their JSON beside their text. Immutable; any thread may call.
 */
final class Message {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final Pattern UNPAIRED_SURROGATE = Pattern.compile("\\p{Cs}");

  private final int tokens;
  private final ByteBuffer escaped;
  private final boolean spaceBefore;
  private final boolean spaceAfter;

  /** Recorded messages of the Chat API, separated by commas; empty for a text alone. */
  private final ByteBuffer recorded;

  /** What was recorded, as the API has it that asked last; two threads may create equal ones. */
  private volatile @Nullable Converted converted;

  /** How many messages of a request this is. */
  private final int count;

  /** Images that precede the text. */
  private final List<Image> images;

  /** Tokens of all images; {@link Images#UNKNOWN} if only the server knows. */
  private final int imageTokens;

  /** Returns the token ids, or null if they are unknown. Does not keep the text. */
  private final @Nullable Function<String, int[]> idSource;

  /** The token ids as JSON, created on first use; two threads may create equal ones. */
  private volatile @Nullable ByteBuffer ids;

  /** Hash of the text, 0 before its first use; two threads may compute the same one. */
  private volatile long hash;

  private Message(
      String text,
      int tokens,
      @Nullable Function<String, int[]> idSource,
      List<String> recorded,
      List<Image> images,
      int imageTokens) {
    this.tokens = tokens + Math.max(0, imageTokens);
    this.recorded =
        recorded.isEmpty()
            ? NOTHING
            : OffHeap.keep(wellFormed(String.join(",", recorded)).getBytes(StandardCharsets.UTF_8));
    this.count = Math.max(1, recorded.size());
    this.escaped = OffHeap.keep(JsonStringEncoder.getInstance().quoteAsUTF8(wellFormed(text)));
    this.spaceBefore = !text.isEmpty() && Character.isWhitespace(text.charAt(0));
    this.spaceAfter = !text.isEmpty() && Character.isWhitespace(text.charAt(text.length() - 1));
    this.idSource = idSource;
    this.images = images;
    this.imageTokens = imageTokens;
  }

  private record Converted(Api api, ByteBuffer json) {}

  /**
   * Returns a text of a script with images before it.
   *
   * @param tokensEach tokens of one image, or {@link Images#UNKNOWN}
   */
  static Message of(Passage passage, List<Image> images, int tokensEach) {
    int tokens =
        tokensEach == Images.UNKNOWN
            ? Images.UNKNOWN
            : Math.multiplyExact(images.size(), tokensEach);
    return new Message(passage.text(), passage.tokens(), null, List.of(), images, tokens);
  }

  /** Returns a message of a script, with the token ids that the script knows. */
  static Message of(Passage passage) {
    return of(passage, List.of());
  }

  /**
   * Returns messages of a script.
   *
   * @param passage their texts, with the token ids that the script knows
   * @param recorded whole messages of the Chat API, as JSON objects; empty for a text alone
   */
  static Message of(Passage passage, List<String> recorded) {
    return new Message(
        passage.text(), passage.tokens(), passage.tokenIdSource(), recorded, List.of(), 0);
  }

  /**
   * Returns a message whose token ids are unknown: a response as received. Of a blank response,
   * which no prompt carries, that is an empty message without tokens.
   */
  static Message of(String text, int tokens) {
    return text.isBlank()
        ? of(Passage.EMPTY)
        : new Message(text, tokens, null, List.of(), List.of(), 0);
  }

  /**
   * Replaces unpaired surrogates by U+FFFD: UTF-8 cannot encode them, and many servers refuse them
   * escaped.
   */
  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return UNPAIRED_SURROGATE.matcher(text).replaceAll("\uFFFD");
      }
    }
    return text;
  }

  /** Returns the tokens of the text, and those of the images as far as they are known. */
  int tokens() {
    return tokens;
  }

  /** Returns the tokens of the text alone. */
  int textTokens() {
    return tokens - Math.max(0, imageTokens);
  }

  /** Returns the images that precede the text. */
  List<Image> images() {
    return images;
  }

  /** Returns whether only the server knows how many tokens the images have. */
  boolean hasUnknownTokens() {
    return imageTokens == Images.UNKNOWN;
  }

  /** Returns how many messages of a request this is. */
  int count() {
    return count;
  }

  /** Returns whether requests carry {@link #recorded}. */
  boolean isRecorded() {
    return recorded.hasRemaining();
  }

  /** Returns recorded messages as an API has them, separated by commas. Must not be changed. */
  ByteBuffer recorded(Api api) {
    return recorded(api, RecordedMessages::messages);
  }

  /** Returns recorded tools as an API has them, as an array. Must not be changed. */
  ByteBuffer recordedTools(Api api) {
    return recorded(api, RecordedMessages::tools);
  }

  private ByteBuffer recorded(Api api, BiFunction<Api, ByteBuffer, byte[]> conversion) {
    if (api == Api.CHAT) {
      return recorded;
    }
    Converted known = converted;
    if (known == null || known.api != api) {
      known = new Converted(api, OffHeap.keep(conversion.apply(api, recorded)));
      converted = known;
    }
    return known.json;
  }

  /** Returns a 64-bit hash of the images and the text, or of the recorded messages. */
  long contentHash() {
    long known = hash;
    if (known == 0) {
      known = 0xcbf29ce484222325L;
      for (Image image : images) {
        known = SeededRandom.mix(known ^ image.hash());
      }
      ByteBuffer bytes = isRecorded() ? recorded : escaped;
      int at = 0;
      for (; at <= bytes.limit() - Long.BYTES; at += Long.BYTES) {
        known = SeededRandom.mix(known ^ bytes.getLong(at));
      }
      for (; at < bytes.limit(); at++) {
        known = (known ^ (bytes.get(at) & 0xff)) * 0x100000001b3L;
      }
      hash = known;
    }
    return known;
  }

  boolean isEmpty() {
    return !escaped.hasRemaining() && !isRecorded();
  }

  /** Returns the text as inside a JSON string. Must not be changed. */
  ByteBuffer escaped() {
    return escaped;
  }

  boolean hasIds() {
    return idSource != null;
  }

  /**
   * Returns the token ids as inside a JSON array. Must not be changed.
   *
   * @throws IllegalStateException if they are unknown
   */
  ByteBuffer ids() {
    ByteBuffer known = ids;
    if (known == null) {
      known =
          OffHeap.keep(
              Arrays.stream(tokenIds())
                  .mapToObj(Integer::toString)
                  .collect(Collectors.joining(","))
                  .getBytes(StandardCharsets.US_ASCII));
      ids = known;
    }
    return known;
  }

  private int[] tokenIds() {
    if (idSource == null) {
      throw new IllegalStateException(
          "the token ids of received responses and of feeders' texts are unknown; use responses of"
              + " the script (llm.replyInHistory=canned), or send text (llm.promptFormat=text)");
    }
    int[] known = idSource.apply(text());
    if (known.length != tokens) {
      throw new IllegalStateException(
          "a text of " + tokens + " tokens has " + known.length + " token ids");
    }
    return known;
  }

  private String text() {
    try {
      return JSON.readValue(
          '"' + StandardCharsets.UTF_8.decode(escaped.duplicate()).toString() + '"', String.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("escaped text must be valid JSON", e);
    }
  }

  /** Returns whether a space is needed between this message and the next one. */
  boolean needsSpaceBefore(Message next) {
    return !spaceAfter && !next.spaceBefore;
  }
}
