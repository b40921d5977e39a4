package dev.gatlingllm.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordListTest {

  /** Where they differ, the words as they must be are written into {@code target}. */
  @ParameterizedTest
  @ValueSource(strings = {"o200k_base", "cl100k_base", "r50k_base"})
  void storedWordsAreThoseOfTheVocabulary(String encoding) throws IOException {
    Tokenizer tokenizer = Tokenizers.resolve(encoding);
    WordList verified = WordList.verify(tokenizer);

    WordList stored = WordList.stored(tokenizer).orElse(null);

    if (!verified.equals(stored)) {
      Files.writeString(
          Path.of("target", encoding + ".words"),
          verified.words().stream()
              .map(
                  word -> "%s %d %d\n".formatted(word.text(), word.openingId(), word.followingId()))
              .collect(Collectors.joining()));
    }
    assertThat(stored).isEqualTo(verified);
  }
}
