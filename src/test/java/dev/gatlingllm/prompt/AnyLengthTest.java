package dev.gatlingllm.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Checks lengths for random lengths, seeds and kinds of tokenizers. */
class AnyLengthTest {

  private static final List<Tokenizer> KINDS = new ArrayList<>();
  private static final List<Path> FILES = new ArrayList<>();

  @BeforeContainer
  static void load() throws IOException {
    for (String json :
        new String[] {
          TinyBpe.tokenizerJson(400),
          TinyModels.wordPiece(300),
          TinyModels.sentencePieceBpe(300, false),
          TinyModels.sentencePieceBpe(300, true),
          TinyModels.unigram(300)
        }) {
      Path file = Files.writeString(Files.createTempFile("tokenizer", ".json"), json);
      FILES.add(file);
      KINDS.add(Tokenizers.resolve(file.toString()));
    }
    KINDS.add(Tokenizers.resolve("o200k_base"));
    KINDS.add(Tokenizers.resolve("cl100k_base"));
  }

  @AfterContainer
  static void delete() throws IOException {
    for (Path file : FILES) {
      Files.delete(file);
    }
  }

  @Provide
  Arbitrary<Tokenizer> kinds() {
    return Arbitraries.of(KINDS);
  }

  @Property(tries = 150)
  void textsAreExactAloneAndTogether(
      @ForAll("kinds") Tokenizer tokenizer,
      @ForAll @IntRange(max = 3000) int tokens,
      @ForAll @IntRange(min = 1, max = 500) int more,
      @ForAll long seed) {
    ExactText text = ExactText.of(tokenizer);
    Passage one = text.write(tokens, SeededRandom.of(seed, 1));
    Passage two = text.write(more, SeededRandom.of(seed, 2));

    assertThat(tokenizer.count(one.text())).isEqualTo(one.tokens()).isEqualTo(tokens);
    assertThat(tokenizer.count(Passage.joined(List.of(one, two)).text())).isEqualTo(tokens + more);
    assertThat(one.tokenIds()).hasSize(tokens);
  }
}
