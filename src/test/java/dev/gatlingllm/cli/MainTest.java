package dev.gatlingllm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.text.Version;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MainTest {

  private final StringWriter out = new StringWriter();
  private final CommandLine main =
      Main.of(Main.class).setOut(new PrintWriter(out)).setErr(new PrintWriter(out));

  @Test
  void listsTheCommandsThatTheDocumentationLists() throws IOException {
    List<String> documented =
        Pattern.compile("(?m)^\\| `([a-z]+)` \\|")
            .matcher(Files.readString(Path.of("docs/commands.md")))
            .results()
            .map((MatchResult row) -> row.group(1))
            .toList();

    assertThat(main.getSubcommands().keySet()).containsExactlyInAnyOrderElementsOf(documented);
    assertThat(main.execute("--help")).isZero();
    assertThat(out.toString()).contains(documented);
  }

  @Test
  void everyCommandHasHelp() {
    for (String command : main.getSubcommands().keySet()) {
      assertThat(main.execute(command, "--help")).isZero();
      assertThat(out.toString()).contains("Usage: gatling-llm " + command);
    }
  }

  @Test
  void printsItsVersion() {
    assertThat(main.execute("--version")).isZero();
    assertThat(out.toString()).startsWith("gatling-llm " + Version.current());
  }

  @Test
  void explainsAnInvalidRegularExpressionInOneLine() {
    assertThat(main.execute("compare", "a.json", "b.json", "--metrics", "[")).isEqualTo(2);

    assertThat(out.toString().lines())
        .containsExactly(
            "--metrics: Unclosed character class near index 0 (gatling-llm compare --help lists what"
                + " is allowed)");
  }

  @Test
  void saysWhyAFileCannotBeUsedWhereTheMessageOfTheFailureIsItsName() {
    @Command(name = "failing")
    class Failing implements Callable<Integer> {
      @Override
      public Integer call() throws IOException {
        throw new AccessDeniedException("/some/file");
      }
    }

    assertThat(Main.of(new Failing()).setErr(new PrintWriter(out)).execute()).isEqualTo(1);
    assertThat(out).hasToString("/some/file: access is denied%n".formatted());
  }

  @Test
  void suggestsTheNearestCommand() {
    assertThat(main.execute("serve")).isEqualTo(2);
    assertThat(out.toString()).contains("Unknown command serve; did you mean server?");
  }
}
