package dev.gatlingllm.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the commands work; what they find is for the machine and the moment to say. */
class CommandsIT {

  @Test
  void accuracyIsATableAndAChart(@TempDir Path folder) throws Exception {
    AccuracyCommand.main(
        ("--streams 2 --warmup 1 --seconds 2 --reply-tokens 16 --placement shared --out " + folder)
            .split(" "));

    assertThat(Files.readAllLines(folder.resolve("accuracy.md")).get(2))
        .startsWith("| 2, cores shared ")
        .doesNotContain("–");
    assertThat(
            DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("accuracy.svg").toFile())
                .getElementsByTagName("circle")
                .getLength())
        .isEqualTo(3);
  }
}
