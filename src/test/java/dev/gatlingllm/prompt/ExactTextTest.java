package dev.gatlingllm.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.Tokenizer;
import java.util.stream.IntStream;
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
  void isAsLongAsAskedForAndSoIsWhatIsPutTogether(
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
  void holdsForEachBuiltInEncoding(String name) {
    Tokenizer tokenizer = Tokenizers.resolve(name);
    ExactText text = ExactText.of(tokenizer);

    assertThat(text.words()).hasSizeGreaterThan(1000).doesNotHaveDuplicates();
    assertThat(tokenizer.count(String.join(" ", text.words()))).isEqualTo(text.words().size());
  }

  @Property(tries = 50)
  void idsAreLookedUpAndAreThoseOfTheTextAfterASpace(
      @ForAll @IntRange(max = 300) int length, @ForAll long seed) {
    Passage passage = TEXT.write(length, SeededRandom.of(seed));

    assertThat(passage.tokenIds()).hasSize(length);
    assertThat(O200K.decode(passage.tokenIds()).strip()).isEqualTo(passage.text());
  }

  @Test
  void theFirstWordIsTheOneAskedFor() {
    Passage passage = TEXT.write(50, 7, SeededRandom.of(3));

    assertThat(passage.text()).startsWith(TEXT.words().get(7) + " ");
    assertThat(O200K.count(passage.text())).isEqualTo(50);
  }

  @Test
  void aVocabularyOfLettersIsWrittenByEncoding() {
    Tokenizer letters = new Letters("letters");
    ExactText text = ExactText.of(letters);

    assertThat(text.encodes()).isTrue();
    assertThat(TEXT.encodes()).isFalse();
    for (int length : new int[] {0, 1, 2, 3, 50, 777}) {
      Passage passage = text.write(length, SeededRandom.of(5, length));
      assertThat(passage.text()).hasSize(length).matches("([a-z]+( [a-z]+)*)?");
      assertThat(passage.tokenIds()).hasSize(length);
    }
  }

  @Test
  void aVocabularyThatSpellsNothingIsRefusedWithTheReason() {
    Tokenizer unknown =
        new Letters("unknown") {
          @Override
          public int[] encode(String text) {
            return text.chars().map(letter -> '?').toArray();
          }
        };

    assertThatThrownBy(() -> ExactText.of(unknown))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unknown has 0 words of one token and cannot spell others")
        .hasMessageContaining("larger vocabulary");
  }

  @Test
  void aLengthThatIsNeverReachedIsNamed() {
    Tokenizer even =
        new Letters("even") {
          @Override
          public int[] encode(String text) {
            return text.chars().flatMap(letter -> IntStream.of(letter, 0)).toArray();
          }

          @Override
          public String decode(int... tokens) {
            return super.decode(tokens).replace("\0", "");
          }
        };

    assertThatThrownBy(() -> ExactText.of(even))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("even")
        .hasMessageContaining("no text of exactly 1 tokens");
  }

  /** One token for each letter and each space. */
  private static class Letters implements Tokenizer {

    private final String name;

    Letters(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

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
