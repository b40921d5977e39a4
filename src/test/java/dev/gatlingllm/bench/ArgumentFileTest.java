package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArgumentFileTest {

  /** Prints its arguments. */
  static final class Echo {
    public static void main(String... arguments) {
      System.out.print(String.join("|", arguments));
    }
  }

  @TempDir private Path folder;

  @Test
  void givesJavaEveryArgumentUnchanged() throws Exception {
    List<String> words =
        List.of("a b", "#c", "\"d\" 'e'", "C:\\new\\", "@f", "{\"g\":\"h\"}", "i\nj", "");
    List<String> arguments =
        new ArrayList<>(List.of("-cp", ClassPath.text(), Echo.class.getName()));
    arguments.addAll(words);
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    Process process =
        new ProcessBuilder(
                java, ArgumentFile.write(Files.createTempFile(folder, "java", ".args"), arguments))
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes());

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(printed).isEqualTo(String.join("|", words));
  }
}
