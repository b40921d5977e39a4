package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFileTest {

  @TempDir Path folder;

  private Optional<ResultFile> file(String options) {
    return ResultFile.of(BenchOptions.parse(options));
  }

  @Test
  void existsOnlyIfAnOptionAsksForIt() {
    assertThat(file("")).isEmpty();
    assertThat(file("-rf json")).get().hasToString("jmh-result.json");
    assertThat(file("-rff " + folder + "/x.csv")).get().hasToString(folder + "/x.csv");
  }

  @Test
  void createsFoldersAndReplacesTheFileAtOnce() throws IOException {
    Path path = folder.resolve("new/results.json");
    ResultFile file = file("-rff " + path).orElseThrow();
    file.check();
    assertThat(path).doesNotExist();

    file.write(new Results());
    assertThat(path).content().startsWith("[");
    assertThat(path.getParent()).isDirectoryContaining("glob:**.json");
    assertThat(path.getParent()).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void keepsItsContentIfWritingFails() throws IOException {
    // a draft beside it would need a longer name than file systems allow
    Path path = Files.writeString(folder.resolve("x".repeat(245) + ".json"), "held");
    ResultFile file = file("-rff " + path).orElseThrow();

    assertThatThrownBy(() -> file.write(new Results())).isInstanceOf(IOException.class);
    assertThat(path).content().isEqualTo("held");
  }

  @Test
  void rejectsPathThatCannotBeWritten() throws IOException {
    Path inTheWay = Files.writeString(folder.resolve("plain"), "a file");

    assertThatThrownBy(() -> file("-rff " + inTheWay + "/x.json").orElseThrow().check())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "-rff must be a file that can be written", inTheWay + "/x.json (a file is in the way)");
    assertThatThrownBy(() -> file("-rff " + folder).orElseThrow().check())
        .hasMessageContaining("it is a folder");
  }
}
