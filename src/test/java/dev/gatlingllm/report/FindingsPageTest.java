package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the table of findings in {@code docs/report.md} with the findings in the source. */
class FindingsPageTest {

  private static final Pattern FINDING =
      Pattern.compile("\\b(?:note|warn|warning)\\(\\s*\"([a-z-]+)\"");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[a-z-]+`(?:, `[a-z-]+`)*) \\|");
  private static final Pattern KIND = Pattern.compile("`([a-z-]+)`");

  private static Set<String> found() throws IOException {
    Set<String> kinds = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        FINDING
            .matcher(Files.readString(file))
            .results()
            .map(found -> found.group(1))
            .forEach(kinds::add);
      }
    }
    return kinds;
  }

  private static Set<String> documented() throws IOException {
    String page = Files.readString(Path.of("docs/report.md"));
    String table = page.substring(page.indexOf("\n## Findings"), page.indexOf("\n## The server"));
    return ROW.matcher(table)
        .results()
        .flatMap(row -> KIND.matcher(row.group(1)).results())
        .map((MatchResult kind) -> kind.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyFindingHasARow() throws IOException {
    Set<String> found = found();

    assertThat(found).hasSizeGreaterThan(20);
    assertThat(documented()).containsAll(found);
  }
}
