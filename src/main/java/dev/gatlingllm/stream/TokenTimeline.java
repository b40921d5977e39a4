package dev.gatlingllm.stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When a request was written, when each chunk with output arrived, what the response said and how
 * it ended. All times are {@link System#nanoTime()}. A count of −1 means "not reported", which is
 * never the same as 0.
 *
 * <p>Mutable and without locks: one thread, the event loop of the response, writes and reads it.
 */
public final class TokenTimeline {

  private static final int FIRST_CHUNKS_OF_STREAM = 16;
  private static final JsonFactory JSON = new JsonFactory();

  // limits beyond what any model says: one response must not take the memory of all others

  static final int MAX_CHUNKS = 1 << 19;

  /** Characters of the text and the arguments of tools together. */
  static final int MAX_CHARACTERS = 4 << 20;

  /** Characters of an id or a finish_reason. */
  static final int MAX_WORD = 1_000;

  /** Bytes of UTF-8, each of which may be a token, in one character of Java. */
  private static final int MAX_BYTES_PER_CHARACTER = 3;

  /** A mean of so many is beyond any vocabulary, for more than spaces or dashes. */
  private static final int MAX_CHARACTERS_PER_TOKEN = 32;

  /** Tokens that may come without text, such as the end of a sequence. */
  private static final int UNSEEN_TOKENS = 16;

  /** A text of so many characters is hardly repeated, by chance, at the beginning of a piece. */
  private static final int WHOLE_TEXT = 8;

  /** What models write after their reasoning, the group, or before it, where it is in the text. */
  private static final Pattern REASONING_TAG =
      Pattern.compile(
          "(</NAME>|\\[/THINK]|◁/think▷)|<NAME>|\\[THINK]|◁think▷|<\\|channel\\|>"
              .replace("NAME", "(?:\\w+:)?(?:think|thinking|thought|reasoning)"));

  private long writtenNanos;
  private long endNanos;

  private int chunks;
  private long[] chunkNanos = {};

  /** The choice of each chunk; null as long as all are of the first. */
  private int @Nullable [] chunkChoices;

  /** One bit for each choice but the first that had output and no finish_reason yet. */
  private long openChoices;

  private long finishNanos;
  private long ttfoNanos = -1;
  private boolean reasoning;
  private boolean summarized;

  private final StringBuilder text = new StringBuilder();

  /** Where the last piece of the text starts. */
  private int lastPiece;

  /** Whether every piece began with the one before it, and how many were longer than that one. */
  private boolean cumulative = true;

  private int growths;

  /** Whether a piece began with all the text before it. */
  private boolean repeatedText;

  private final StringBuilder toolArguments = new StringBuilder();

  /** Characters of all output: text, reasoning and calls of tools, of all choices. */
  private long characters;

  private int status;
  private boolean streamed;
  private @Nullable String responseId;
  private @Nullable String finishReason;
  private final TokenCounts counts = new TokenCounts();
  private boolean foreign;
  private boolean withoutTokens;

  private @Nullable ServerError error;
  private @Nullable String unreadable;
  private @Nullable String lastEvent;
  private boolean done;
  private boolean ended;
  private @Nullable Failure failure;

  /**
   * Notes that the request is written for the first time, at the given {@link System#nanoTime()}.
   */
  public void written(long nanos) {
    writtenNanos = nanos;
  }

  /** Returns when the request was written for the first time; 0 before. */
  public long writtenNanos() {
    return writtenNanos;
  }

  /** Returns when the last byte of the body or the failure came; 0 before. */
  public long endNanos() {
    return endNanos;
  }

  /** Returns whether the response has ended, well or not. */
  public boolean hasEnded() {
    return ended;
  }

  /** Returns why the response failed; null for a good one, and as long as it has not ended. */
  public @Nullable Failure failure() {
    return failure;
  }

  /** Returns the HTTP status, or 0 as long as there is none. */
  public int status() {
    return status;
  }

  /** Returns whether the response is a stream of chunks rather than one body of JSON. */
  public boolean streamed() {
    return streamed;
  }

  /** Returns the number of chunks with output, without those of only a role or the usage. */
  public int chunks() {
    return chunks;
  }

  /** Returns a copy of the times at which chunks with output arrived, in order. */
  public long[] chunkNanosCopy() {
    return Arrays.copyOf(chunkNanos, chunks);
  }

  /**
   * Returns the choice of each of these chunks, from 0; empty where all are of the first choice, as
   * in every response to a request with {@code n} of 1.
   */
  public int[] chunkChoicesCopy() {
    return chunkChoices == null ? new int[0] : Arrays.copyOf(chunkChoices, chunks);
  }

  /** Returns when the chunk with the first choice's finish_reason arrived, or 0 without one. */
  public long finishNanos() {
    return finishNanos;
  }

  /** Returns the time to first output token, which is not reasoning, in nanoseconds, or −1. */
  public long ttfoNanos() {
    return ttfoNanos;
  }

  /** Returns whether reasoning came. */
  public boolean hasReasoning() {
    return reasoning;
  }

  /**
   * Returns whether the text has reasoning before the answer: it begins with a tag, or the first
   * one is that after reasoning, as the prompt may hold the one before. A text about such tags is
   * no reasoning.
   */
  public boolean hasReasoningInText() {
    Matcher tag = REASONING_TAG.matcher(text);
    return tag.find() && (tag.group(1) != null || isBlank(tag.start()));
  }

  /** Returns whether a summary of the reasoning came, in place of its tokens. */
  public boolean hasSummary() {
    return summarized;
  }

  /**
   * Returns the content or completion text, without reasoning and tool calls. Where each piece
   * repeated all before it, that is the last piece.
   */
  public String text() {
    return isCumulative() ? text.substring(lastPiece) : text.toString();
  }

  /** Returns the text, then the arguments of the tool calls. */
  public String textAndArguments() {
    return text() + toolArguments;
  }

  /** Returns whether tools are called with arguments. */
  public boolean callsTools() {
    return !toolArguments.isEmpty();
  }

  /** Returns whether the text is one whole JSON value. */
  public boolean isJson() {
    try (JsonParser json = JSON.createParser(text())) {
      boolean begins = json.nextToken() != null;
      json.skipChildren();
      return begins && json.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns whether {@link #text()} is blank, without a copy of it. */
  public boolean isBlank() {
    return isBlank(text.length());
  }

  private boolean isBlank(int to) {
    for (int i = 0; i < to; i++) {
      if (!Character.isWhitespace(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether all output is of one choice, and none of it a call of a tool. */
  public boolean isOneChoiceOfText() {
    return toolArguments.isEmpty() && chunkChoices == null;
  }

  private boolean isCumulative() {
    return cumulative && growths >= 2 && text.length() - lastPiece >= WHOLE_TEXT;
  }

  /** Returns whether the server sent again what it had sent, instead of only what was new. */
  public boolean repeatsItself() {
    return repeatedText || isCumulative();
  }

  /** Returns why the model stopped, in the server's words, or null. */
  public @Nullable String finishReason() {
    return finishReason;
  }

  /** Returns the {@code id} that the server gave the response, or null. */
  public @Nullable String responseId() {
    return responseId;
  }

  /** Returns the prompt tokens as the server counted them, or −1. */
  public int inputTokens() {
    return counts.inputTokens() == 0 && chunks > 0 ? -1 : counts.inputTokens();
  }

  /** Returns the output tokens as the server counted them, or −1; a 0 beside output is no count. */
  public int outputTokens() {
    return hasZeroUsage() ? -1 : counts.outputTokens();
  }

  /** Returns whether the server counted no output tokens beside output. */
  public boolean hasZeroUsage() {
    return counts.outputTokens() == 0 && chunks > 0;
  }

  /** Returns whether the usage had counts that no response can have, such as negative ones. */
  public boolean hasInvalidUsage() {
    return counts.isInvalid();
  }

  /**
   * Returns whether a number of output tokens is impossible for what came: more than the bytes of
   * all output and a few without text, or so few that each had more characters than tokens have.
   */
  public boolean isImplausible(long tokens) {
    return tokens > MAX_BYTES_PER_CHARACTER * characters + UNSEEN_TOKENS
        || (!repeatsItself() && characters > MAX_CHARACTERS_PER_TOKEN * (tokens + UNSEEN_TOKENS));
  }

  /** Returns the output tokens that were reasoning, as the server counted them, or −1. */
  public int reasoningTokens() {
    return counts.reasoning;
  }

  /** Returns the prompt tokens that the server took from its prefix cache, or −1. */
  public int cachedTokens() {
    return counts.cachedTokens();
  }

  /**
   * Returns whether the server counted some prompt tokens as cached, by an API that counts them
   * apart: {@link #inputTokens()} is a sum then.
   */
  public boolean countsCachedApart() {
    return counts.excludesCached && counts.cached > 0;
  }

  void head(int status) {
    this.status = status;
  }

  void streams() {
    streamed = true;
  }

  /** Adds a chunk with output of a choice, which is either nothing but reasoning or more. */
  void output(boolean onlyReasoning, int choice, long nanos) {
    if (chunks == MAX_CHUNKS) {
      unreadable("more than %,d chunks".formatted(MAX_CHUNKS));
      return;
    }
    if (chunks == chunkNanos.length) {
      int first = streamed ? FIRST_CHUNKS_OF_STREAM : 1;
      chunkNanos = Arrays.copyOf(chunkNanos, Math.max(first, chunks * 2));
    }
    if (choice > 0 && chunkChoices == null) {
      chunkChoices = new int[chunkNanos.length];
    }
    if (chunkChoices != null) {
      if (chunkChoices.length < chunkNanos.length) {
        chunkChoices = Arrays.copyOf(chunkChoices, chunkNanos.length);
      }
      chunkChoices[chunks] = choice;
    }
    if (choice > 0) {
      openChoices |= 1L << choice;
    }
    chunkNanos[chunks++] = nanos;
    if (ttfoNanos < 0 && !onlyReasoning) {
      ttfoNanos = nanos - writtenNanos;
    }
  }

  /**
   * Adds output of the first choice. Some servers now and then send all the text so far instead of
   * what is new; the part that is known is not added again.
   */
  void append(CharSequence moreText, CharSequence moreToolArguments) {
    int known = text.length();
    int came = moreText.length() + moreToolArguments.length();
    if (came > MAX_CHARACTERS - known - toolArguments.length()) {
      unreadable("a text of more than %,d characters".formatted(MAX_CHARACTERS));
      return;
    }
    if (known >= WHOLE_TEXT && isAllAgain(moreText) && isVaried()) {
      repeatedText = true;
      text.append(moreText, known, moreText.length());
    } else if (!moreText.isEmpty()) {
      cumulative &= continues(moreText, lastPiece);
      growths += known > 0 && moreText.length() > known - lastPiece ? 1 : 0;
      lastPiece = known;
      text.append(moreText);
    }
    toolArguments.append(moreToolArguments);
  }

  /**
   * Returns whether a piece is all the text before it and more, or the same again: of several
   * pieces, because a model may say one piece twice.
   */
  private boolean isAllAgain(CharSequence piece) {
    return continues(piece, 0) && (piece.length() > text.length() || lastPiece > 0);
  }

  /** Returns whether the text is more than a line of dashes, which models draw in any length. */
  private boolean isVaried() {
    return text.chars().distinct().limit(4).count() == 4;
  }

  /** Returns whether a piece begins with the text from there on. */
  private boolean continues(CharSequence piece, int from) {
    int length = text.length() - from;
    if (length > piece.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (piece.charAt(i) != text.charAt(from + i)) {
        return false;
      }
    }
    return true;
  }

  void addCharacters(int count) {
    characters += count;
  }

  void reasoned() {
    reasoning = true;
  }

  void summarized() {
    summarized = true;
  }

  /** Sets the id; the first one counts. */
  void identified(@Nullable String id) {
    if (responseId == null && isWord("id", id)) {
      responseId = id;
    }
  }

  private boolean isWord(String field, @Nullable String value) {
    if (value != null && value.length() > MAX_WORD) {
      unreadable("%s of more than %,d characters".formatted(field, MAX_WORD));
      return false;
    }
    return value != null;
  }

  /** Sets the reason: the last one counts unless one broke the response off; the first's time. */
  void finished(@Nullable String reason, long nanos) {
    if (isWord("finish_reason", reason)) {
      finishNanos = finishReason == null ? nanos : finishNanos;
      finishReason = FailureClassifier.isBrokenOff(finishReason) ? finishReason : reason;
    }
  }

  /** Notes the choices other than the first, one bit each, that came to their end. */
  void finished(long choices) {
    openChoices &= ~choices;
  }

  void counted(TokenCounts more) {
    counts.add(more);
  }

  /** Notes a chunk with nothing that a known API has. */
  void foreign() {
    foreign = true;
  }

  boolean isForeign() {
    return foreign;
  }

  /** Notes embeddings or scores: the response is good without a token of output. */
  void answeredWithoutTokens() {
    withoutTokens = true;
  }

  boolean isWithoutTokens() {
    return withoutTokens;
  }

  /** Sets the error; the first one counts, because the next ones often only repeat it. */
  void failed(ServerError serverError) {
    error = error == null ? serverError : error;
  }

  @Nullable ServerError error() {
    return error;
  }

  /** Notes an unreadable text; the first one counts. */
  void unreadable(String what) {
    unreadable = unreadable == null ? what : unreadable;
  }

  @Nullable String unreadable() {
    return unreadable;
  }

  void done() {
    done = true;
  }

  /** Returns whether [DONE] or another last event came. */
  public boolean isDone() {
    return done;
  }

  /** Notes that the stream ends with this event, not with a finish_reason. */
  void needsLastEvent(String name) {
    lastEvent = name;
  }

  /** Returns the event that should have ended the stream; null where it came or is not needed. */
  @Nullable String missingEvent() {
    return done ? null : lastEvent;
  }

  /** Returns whether the server ended the response, by [DONE] or a finish_reason of each choice. */
  boolean isComplete() {
    return done || (finishReason != null && openChoices == 0 && lastEvent == null);
  }

  /** Notes the end of the response, and why it failed, or null. */
  void ended(@Nullable Failure reason, long nanos) {
    ended = true;
    failure = reason;
    endNanos = nanos;
  }
}
