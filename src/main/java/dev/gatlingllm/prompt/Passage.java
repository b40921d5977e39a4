package dev.gatlingllm.prompt;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A piece of text and its length in tokens. Immutable. {@link #toString} omits the text, because
 * sessions are written to logs.
 */
public final class Passage {

  /** The empty text. */
  public static final Passage EMPTY = new Passage("", 0, text -> new int[0]);

  private final String text;
  private final int tokens;
  private final @Nullable Function<String, int[]> ids;

  private Passage(String text, int tokens, @Nullable Function<String, int[]> ids) {
    this.text = text;
    this.tokens = tokens;
    this.ids = ids;
  }

  /**
   * Returns a text whose token ids are unknown.
   *
   * @param text without white space at either end
   * @param tokens its length in tokens
   */
  public static Passage of(String text, int tokens) {
    return new Passage(text, tokens, null);
  }

  /**
   * Returns a text whose token ids are known.
   *
   * @param ids returns as many ids of the text as {@code tokens}, in any thread
   */
  public static Passage of(String text, int tokens, Function<String, int[]> ids) {
    return new Passage(text, tokens, ids);
  }

  /** Returns the text, without white space at either end. */
  public String text() {
    return text;
  }

  /** Returns the length in tokens of the workload's tokenizer. */
  public int tokens() {
    return tokens;
  }

  /**
   * Returns the token ids after a space, including the first word's; for prompts that are sent as
   * ids. Each call returns a new array.
   *
   * @throws IllegalStateException if they are unknown
   */
  public int[] tokenIds() {
    if (ids == null) {
      throw new IllegalStateException("the token ids of this text are unknown");
    }
    return ids.apply(text);
  }

  /** Returns the function that {@link #tokenIds} calls, or null if the token ids are unknown. */
  public @Nullable Function<String, int[]> tokenIdSource() {
    return ids;
  }

  /**
   * Joins texts with single spaces.
   *
   * @param parts texts of the same {@link ExactText}, so that they keep their lengths
   */
  public static Passage joined(List<Passage> parts) {
    List<Passage> texts = parts.stream().filter(part -> part.tokens > 0).toList();
    if (texts.isEmpty()) {
      return EMPTY;
    }
    return new Passage(
        texts.stream().map(Passage::text).collect(Collectors.joining(" ")),
        texts.stream().mapToInt(Passage::tokens).sum(),
        texts.get(0).ids);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Passage that && tokens == that.tokens && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return Objects.hash(text, tokens);
  }

  /** Returns the length only. */
  @Override
  public String toString() {
    return tokens + " tokens";
  }
}
