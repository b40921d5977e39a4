package dev.gatlingllm.prompt;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A piece of text whose length in tokens is known. Immutable. It never prints its text: sessions
 * are dumped into logs.
 */
public final class Passage {

  /** No text at all. */
  public static final Passage EMPTY = new Passage("", 0, text -> new int[0]);

  private static final TokenIds UNKNOWN =
      text -> {
        throw new IllegalStateException("the token ids of this text are not known");
      };

  private final String text;
  private final int tokens;
  private final TokenIds ids;

  private Passage(String text, int tokens, TokenIds ids) {
    this.text = text;
    this.tokens = tokens;
    this.ids = ids;
  }

  /**
   * A text.
   *
   * @param text without white space at either end
   * @param tokens its length in tokens of the workload's tokenizer
   */
  public static Passage of(String text, int tokens) {
    return new Passage(text, tokens, UNKNOWN);
  }

  /**
   * A text whose token ids can be told.
   *
   * @param ids tells them; as many as {@code tokens}
   */
  public static Passage of(String text, int tokens, TokenIds ids) {
    return new Passage(text, tokens, ids);
  }

  /** The text, without white space at either end. */
  public String text() {
    return text;
  }

  /** Its length in tokens of the workload's tokenizer. */
  public int tokens() {
    return tokens;
  }

  /**
   * Its token ids as they are after a space, the first word's too, made anew at each call; for
   * prompts that are sent as ids, which are put together end to end.
   *
   * @throws IllegalStateException if nobody can tell them without encoding the text
   */
  public int[] tokenIds() {
    return ids.of(text);
  }

  /** What tells its token ids; for those who keep the text in another form. */
  public TokenIds tokenIdSource() {
    return ids;
  }

  /**
   * Texts one after the other, with a space between each two.
   *
   * @param parts written by the same author, so that they keep their lengths side by side
   */
  public static Passage joined(List<Passage> parts) {
    List<Passage> said = parts.stream().filter(part -> part.tokens > 0).toList();
    if (said.isEmpty()) {
      return EMPTY;
    }
    return new Passage(
        said.stream().map(Passage::text).collect(Collectors.joining(" ")),
        said.stream().mapToInt(Passage::tokens).sum(),
        said.get(0).ids);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Passage that && tokens == that.tokens && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return Objects.hash(text, tokens);
  }

  /** Its length only. */
  @Override
  public String toString() {
    return tokens + " tokens";
  }

  /** Tells the token ids of texts, without encoding them: event loops ask. Any thread may call. */
  @FunctionalInterface
  public interface TokenIds {

    /** The ids of a text's tokens, in order. */
    int[] of(String text);
  }
}
