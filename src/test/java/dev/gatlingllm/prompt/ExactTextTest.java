package dev.gatlingllm.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.Tokenizer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactTextTest {

  private static final Tokenizer O200K = Tokenizers.resolve("o200k_base");
  private static final ExactText TEXT = ExactText.of(O200K);

  @Property(tries = 100)
  void keepsExactLengthAloneAndJoined(
      @ForAll @IntRange(max = 300) int first,
      @ForAll @IntRange(min = 1, max = 300) int second,
      @ForAll long seed) {
    Passage one = TEXT.write(first, SeededRandom.of(seed, 1));
    Passage two = TEXT.write(second, SeededRandom.of(seed, 2));

    assertThat(O200K.count(one.text())).isEqualTo(one.tokens()).isEqualTo(first);
    assertThat(O200K.count(one.text() + " " + two.text())).isEqualTo(first + second);
  }

  @ParameterizedTest
  @ValueSource(strings = {"r50k_base", "p50k_base", "cl100k_base", "o200k_base"})
  void findsStableWordsInEachBuiltInEncoding(String name) {
    Tokenizer tokenizer = Tokenizers.resolve(name);
    ExactText text = ExactText.of(tokenizer);

    assertThat(text.words()).hasSizeGreaterThan(1000).doesNotHaveDuplicates();
    assertThat(tokenizer.count(String.join(" ", text.words()))).isEqualTo(text.words().size());
  }

  @Property(tries = 50)
  void looksUpTokenIdsAfterASpace(@ForAll @IntRange(max = 300) int length, @ForAll long seed) {
    Passage passage = TEXT.write(length, SeededRandom.of(seed));

    assertThat(passage.tokenIds()).hasSize(length);
    assertThat(O200K.decode(passage.tokenIds()).strip()).isEqualTo(passage.text());
  }

  @Test
  void beginsWithTheGivenWord() {
    Passage passage = TEXT.write(50, 7, SeededRandom.of(3));

    assertThat(passage.text()).startsWith(TEXT.words().get(7) + " ");
    assertThat(O200K.count(passage.text())).isEqualTo(50);
  }

  @Test
  void rejectsTokenizersWithTooFewWords() {
    assertThatThrownBy(() -> ExactText.of(new Letters("letters")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("letters has 0 usable words of one token; at least 64 are needed")
        .hasMessageContaining("larger vocabulary");
  }

  /** One token for each letter and each space. */
  private record Letters(String name) implements Tokenizer {

    @Override
    public int[] encode(String text) {
      return text.chars().toArray();
    }

    @Override
    public String decode(int... tokens) {
      return new String(tokens, 0, tokens.length);
    }

    @Override
    public int vocabularySize() {
      return 128;
    }
  }
}
