package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @TempDir Path folder;

  @Test
  void leavesTheEarlierFileIfWritingFails() throws IOException {
    Path file = folder.resolve("tokens.json");
    AtomicFile.write(file, "whole");

    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    stream -> {
                      stream.write("ha".getBytes(StandardCharsets.UTF_8));
                      throw new IOException("No space left on device");
                    }))
        .hasMessage("No space left on device");

    assertThat(file).hasContent("whole");
    assertThat(folder.toFile().list()).containsExactly("tokens.json");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void givesAFileThePermissionsOfAnyNewFile() throws IOException {
    Path any = Files.createFile(folder.resolve("any"));
    Path file = folder.resolve("tokens.json");
    AtomicFile.write(file, "text");

    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(any));
  }
}
