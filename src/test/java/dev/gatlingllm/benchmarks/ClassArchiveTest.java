package dev.gatlingllm.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the class path that processes with the archive have. */
class ClassArchiveTest {

  @Test
  void jarsHaveTheFoldersThatGatlingCopiesIntoReports(@TempDir Path classes, @TempDir Path work)
      throws Exception {
    Files.writeString(Files.createDirectories(classes.resolve("assets/js")).resolve("a.js"), "a");

    Path jar = ClassArchive.jar(classes, work.resolve("classes.jar"));

    try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
      assertThat(loader.getResource("assets/js")).as("folder").isNotNull();
      assertThat(loader.getResource("assets/js/a.js")).as("file").isNotNull();
    }
  }
}
