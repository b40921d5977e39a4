package dev.gatlingllm;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.settings.SettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedPrefixWorkloadTest {

  @Test
  void rejectsAnUnusableCorpusAsASetting(@TempDir Path folder) throws IOException {
    Path corpus = Files.writeString(folder.resolve("corpus.txt"), "too few words");

    assertThatThrownBy(() -> LlmDsl.sharedPrefix().corpus(corpus).feeder())
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("must have at least 100 words, got 3");
  }
}
