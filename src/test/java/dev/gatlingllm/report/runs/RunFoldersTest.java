package dev.gatlingllm.report.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.report.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which folders the arguments of a merge name. */
class RunFoldersTest {

  @TempDir Path base;

  @BeforeEach
  void runs() throws IOException {
    for (String run :
        List.of("runs/0/chat-1", "runs/1/chat-1", "runs/alone", "runs/.merged.part")) {
      Path folder = Files.createDirectories(base.resolve(run));
      Files.createFile(folder.resolve(StateFile.FILE_NAME));
    }
    Files.createDirectories(base.resolve("runs/logs"));
    Files.createFile(base.resolve("runs/index.html"));
  }

  private List<String> find(String... arguments) throws IOException {
    return RunFolders.find(Stream.of(arguments).map(name -> base + "/" + name).toList()).stream()
        .map(folder -> base.relativize(folder).toString())
        .toList();
  }

  @Test
  void takesTheFolderOfARun() throws IOException {
    assertThat(find("runs/alone")).containsExactly("runs/alone");
  }

  @Test
  void findsRunsBelowAFolder() throws IOException {
    assertThat(find("runs")).containsExactly("runs/0/chat-1", "runs/1/chat-1", "runs/alone");
  }

  @Test
  void expandsPatterns() throws IOException {
    assertThat(find("runs/[01]")).containsExactly("runs/0/chat-1", "runs/1/chat-1");
    assertThat(find("runs/*/chat-*")).containsExactly("runs/0/chat-1", "runs/1/chat-1");
    assertThat(find("runs/*/*/")).containsExactly("runs/0/chat-1", "runs/1/chat-1");
    assertThat(find("*/alone")).containsExactly("runs/alone");
    assertThat(find("nothing/*")).isEmpty();
  }

  @Test
  void takesAFolderWithWildcardsInItsNameAsItIs() throws IOException {
    Path folder = Files.createDirectory(base.resolve("runs[0]"));
    Files.createFile(folder.resolve(StateFile.FILE_NAME));

    assertThat(find("runs[0]")).containsExactly("runs[0]");
  }

  @Test
  void leavesOutTheListOfRunsThatAShellNames() throws IOException {
    assertThat(find("runs/alone", "runs/index.html")).containsExactly("runs/alone");
  }

  @Test
  void returnsANamedFolderWithoutRuns() throws IOException {
    assertThat(find("runs/logs", "runs/nothing")).containsExactly("runs/logs", "runs/nothing");
  }
}
