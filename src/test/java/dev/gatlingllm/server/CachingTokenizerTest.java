package dev.gatlingllm.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CachingTokenizerTest {

  /** One token per character; records the texts. */
  private static final class Letters implements Tokenizer {

    private final List<String> encoded = new ArrayList<>();

    @Override
    public String name() {
      return "letters";
    }

    @Override
    public int[] encode(String text) {
      encoded.add(text);
      return text.chars().toArray();
    }

    @Override
    public String decode(int... tokens) {
      return new String(tokens, 0, tokens.length);
    }

    @Override
    public int vocabularySize() {
      return Character.MAX_VALUE;
    }
  }

  private static final String A = "a".repeat(100);
  private static final String B = "b".repeat(100);

  private final Letters letters = new Letters();

  @Test
  void encodesLongTextOnce() {
    CachingTokenizer tokens = new CachingTokenizer(letters, 10_000, 1);

    assertThat(tokens.encode(A)).isEqualTo(tokens.encode(A)).hasSize(100);
    assertThat(letters.encoded).containsExactly(A);
  }

  @Test
  void evictsLeastRecentlyUsedText() {
    CachingTokenizer tokens = new CachingTokenizer(letters, 1_000, 1);
    tokens.encode(A);
    tokens.encode(B);
    tokens.encode(A);
    tokens.encode("c".repeat(64));
    tokens.encode(A);
    tokens.encode(B);

    assertThat(letters.encoded).containsExactly(A, B, "c".repeat(64), B);
  }
}
