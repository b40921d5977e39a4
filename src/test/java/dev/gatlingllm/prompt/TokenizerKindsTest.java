package dev.gatlingllm.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Writes exact text for each kind of tokenizer of Hugging Face's library. */
class TokenizerKindsTest {

  @TempDir Path folder;

  static Stream<Arguments> kinds() {
    return Stream.of(
        Arguments.of("byte-level BPE", TinyBpe.tokenizerJson(400)),
        Arguments.of("WordPiece", TinyModels.wordPiece(300)),
        Arguments.of("SentencePiece BPE", TinyModels.sentencePieceBpe(300, false)),
        Arguments.of("SentencePiece BPE, Metaspace", TinyModels.sentencePieceBpe(300, true)),
        Arguments.of("Unigram", TinyModels.unigram(300)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void writesExactRandomWords(String kind, String json) throws IOException {
    Tokenizer tokenizer = tokenizer(json);

    assertExact(tokenizer, ExactText.of(tokenizer));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void writesExactRunsOfACorpus(String kind, String json) throws IOException {
    Tokenizer tokenizer = tokenizer(json);
    Path corpus = Files.writeString(folder.resolve("corpus.txt"), prose());

    assertExact(tokenizer, ExactText.fromCorpus(corpus, tokenizer));
  }

  @Test
  void leavesOutWordsThatAPieceCanMerge() throws IOException {
    for (String json :
        new String[] {TinyModels.unigram(300), TinyModels.sentencePieceBpe(300, false)}) {
      Tokenizer tokenizer = tokenizer(json);
      String first = TinyModels.words(2).get(0);
      String second = TinyModels.words(2).get(1);

      assertThat(tokenizer.count(first + " " + second)).isEqualTo(1);
      assertThat(ExactText.of(tokenizer).words())
          .doesNotContainSequence(first, second)
          .isNotEmpty();
      assertThat(ExactText.of(tokenizer).words().containsAll(List.of(first, second))).isFalse();
    }
  }

  @Test
  void rejectsTokenizersWithTooFewWords() throws IOException {
    Tokenizer tokenizer = tokenizer(TinyBpe.tokenizerJson(5));

    assertThatThrownBy(() -> ExactText.of(tokenizer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 64 are needed");
  }

  private static void assertExact(Tokenizer tokenizer, ExactText text) {
    int[] lengths = {1, 2, 3, 7, 64, 333, 1000, 3000};
    for (int i = 0; i < lengths.length; i++) {
      Passage one = text.write(lengths[i], SeededRandom.of(3, i));
      Passage two = text.write(lengths[(i + 3) % lengths.length], i, SeededRandom.of(4, i));

      assertThat(tokenizer.count(one.text())).isEqualTo(one.tokens()).isEqualTo(lengths[i]);
      assertThat(tokenizer.count(two.text())).isEqualTo(two.tokens());
      assertThat(tokenizer.count(one.text() + " " + two.text()))
          .isEqualTo(one.tokens() + two.tokens());
      assertThat(one.tokenIds()).hasSize(one.tokens());
      assertThat(tokenizer.decode(one.tokenIds()).strip()).isEqualTo(one.text());
    }
    assertThat(text.write(0, SeededRandom.of(1))).isEqualTo(Passage.EMPTY);
  }

  private static String prose() {
    StringBuilder prose = new StringBuilder();
    SeededRandom random = SeededRandom.of(9);
    for (int i = 0; i < 600; i++) {
      prose.append(TinyModels.words(300).get(random.nextInt(300)));
      prose.append(i % 7 == 0 ? "er\n" : i % 5 == 0 ? "s  " : " ");
    }
    return prose.toString();
  }

  private Tokenizer tokenizer(String json) throws IOException {
    Path made = Files.createTempDirectory(folder, "model");
    return Tokenizers.resolve(Files.writeString(made.resolve("tokenizer.json"), json).toString());
  }
}
