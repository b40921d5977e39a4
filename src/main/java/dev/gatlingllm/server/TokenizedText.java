package dev.gatlingllm.server;

import dev.gatlingllm.Tokenizer;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A given text, such as JSON, split into the tokens of a tokenizer. */
final class TokenizedText implements TokenText {

  private static final char INCOMPLETE = '\uFFFD';

  private final int[] ids;
  private final String[] texts;

  private TokenizedText(int[] ids, String[] texts) {
    this.ids = ids;
    this.texts = texts;
  }

  static TokenizedText of(Tokenizer tokenizer, String text) {
    int[] ids = tokenizer.encode(text);
    String[] texts = new String[ids.length];
    int start = 0;
    for (int i = 0; i < ids.length; i++) {
      int end = i == ids.length - 1 ? text.length() : end(tokenizer, ids, i, text, start);
      texts[i] = text.substring(start, end);
      start = end;
    }
    return new TokenizedText(ids, texts);
  }

  /** Returns this text after a token without text, like a model's marker for a tool call. */
  TokenizedText afterMarker() {
    return new TokenizedText(
        IntStream.concat(IntStream.of(0), Arrays.stream(ids)).toArray(),
        Stream.concat(Stream.of(""), Arrays.stream(texts)).toArray(String[]::new));
  }

  /** Returns where the text of the tokens 0 to {@code last} ends, in complete characters. */
  private static int end(Tokenizer tokenizer, int[] ids, int last, String text, int least) {
    String prefix = tokenizer.decode(Arrays.copyOf(ids, last + 1));
    int end = prefix.length();
    while (end > 0 && prefix.charAt(end - 1) == INCOMPLETE) {
      end--;
    }
    // if decoding does not reproduce the text, the last token gets the rest
    return end > least && text.startsWith(prefix.substring(0, end)) ? end : least;
  }

  @Override
  public int tokens() {
    return ids.length;
  }

  @Override
  public String text(int index) {
    return texts[index];
  }

  @Override
  public int id(int index) {
    return ids[index];
  }
}
