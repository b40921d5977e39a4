package dev.gatlingllm.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {

  private static final Tokenizer O200K = Tokenizers.resolve("o200k_base");

  @TempDir Path folder;

  @Test
  void usesConsecutiveWordsOfTheFile() throws IOException {
    StringBuilder prose = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      prose.append("The server, number ").append(i).append(", was slow.\n");
    }
    Path file = Files.writeString(folder.resolve("prose.txt"), prose);

    Passage text = ExactText.fromCorpus(file, O200K).write(200, SeededRandom.of(5));

    assertThat(O200K.count(text.text())).isEqualTo(200);
    assertThat(text.text()).containsPattern("The server, number \\d+, was slow\\. The server,");
  }

  @Test
  void rejectsUnusableFiles() throws IOException {
    Path missing = folder.resolve("missing.txt");
    Path small = Files.writeString(folder.resolve("small.txt"), "too few words");
    Path latin1 =
        Files.write(folder.resolve("latin1.txt"), new byte[] {'g', 'r', (byte) 0xfc, 'n'});

    assertThatThrownBy(() -> ExactText.fromCorpus(missing, O200K))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("missing.txt; give the path of a plain text file in UTF-8");
    assertThatThrownBy(() -> ExactText.fromCorpus(small, O200K))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 100 words, got 3");
    assertThatThrownBy(() -> ExactText.fromCorpus(latin1, O200K))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not valid UTF-8");
  }
}
