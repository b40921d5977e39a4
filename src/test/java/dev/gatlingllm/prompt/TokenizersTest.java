package dev.gatlingllm.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizersTest {

  @Test
  void loadsBuiltInEncodingByName() {
    Tokenizer tokenizer = Tokenizers.resolve("o200k_base");

    assertThat(tokenizer.name()).isEqualTo("o200k_base");
    assertThat(tokenizer.decode(tokenizer.encode("How does it hold up? Gut, 谢谢 🙂")))
        .isEqualTo("How does it hold up? Gut, 谢谢 🙂");
  }

  @Test
  void encodesSpecialTokensAsText() {
    assertThat(Tokenizers.resolve("cl100k_base").count("<|endoftext|>")).isGreaterThan(1);
  }

  @Test
  void loadsTokenizerJsonByFileOrFolder(@TempDir Path folder) throws IOException {
    Path model = Files.createDirectories(folder.resolve("qwen-mini"));
    Path file = Files.writeString(model.resolve("tokenizer.json"), TinyBpe.tokenizerJson(300));

    Tokenizer byFile = Tokenizers.resolve(file.toString());
    Tokenizer byFolder = Tokenizers.resolve(model.toString());

    assertThat(byFile.name()).isEqualTo("qwen-mini/tokenizer.json").isEqualTo(byFolder.name());
    assertThat(byFolder.encode("abc de")).isEqualTo(byFile.encode("abc de")).isNotEmpty();
  }

  @Test
  void writesExactTextForTokenizerJson(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("tokenizer.json"), TinyBpe.tokenizerJson(400));
    Tokenizer tokenizer = Tokenizers.resolve(file.toString());

    Passage passage = ExactText.of(tokenizer).write(1000, SeededRandom.of(7));

    assertThat(passage.tokens()).isEqualTo(1000);
    assertThat(tokenizer.count(passage.text())).isEqualTo(1000);
  }

  @Test
  void rejectsUnknownTokenizer() {
    assertThatThrownBy(() -> Tokenizers.resolve("/nowhere/tokenizer.json"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unknown tokenizer /nowhere/tokenizer.json")
        .hasMessageContaining("o200k_base")
        .hasMessageContaining("hub id");
    assertThatThrownBy(() -> Tokenizers.resolve("o300k_base"))
        .hasMessageContaining("unknown tokenizer o300k_base");
  }

  @Test
  void rejectsInvalidTokenizerJson(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("tokenizer.json"), "{\"version\":");

    assertThatThrownBy(() -> Tokenizers.resolve(file.toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be loaded");
  }

  @Test
  void saysThatAVocabularyOfAnotherKindIsNoTokenizerJson(@TempDir Path folder) throws IOException {
    Path tiktoken = Files.writeString(folder.resolve("tiktoken.model"), "IQ== 0\nIg== 1\n");

    assertThatThrownBy(() -> Tokenizers.resolve(tiktoken.toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "is not a tokenizer.json; vocabularies of tiktoken and SentencePiece must be");
  }

  @Test
  void restoresOfflineModeAfterConcurrentLoads(@TempDir Path folder) throws Exception {
    String before = System.getProperty("ai.djl.offline");
    List<Callable<Tokenizer>> loads = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      Path model = Files.createDirectories(folder.resolve("model" + i));
      Files.writeString(model.resolve("tokenizer.json"), TinyBpe.tokenizerJson(300));
      loads.add(() -> Tokenizers.resolve(model.toString()));
    }
    ExecutorService threads = Executors.newFixedThreadPool(loads.size());
    try {
      for (Future<Tokenizer> load : threads.invokeAll(loads)) {
        assertThat(load.get().name()).endsWith("tokenizer.json");
      }
    } finally {
      threads.shutdown();
    }

    assertThat(System.getProperty("ai.djl.offline")).isEqualTo(before);
  }
}
