package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares {@code docs/figures.md} with the registry. */
class FigureDocumentationTest {

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([\\w.]+)` \\| (\\S+) \\| (lower|higher|) ?\\| (\\S.*) \\|$");

  @Test
  void everyFigureIsDocumentedWithItsUnitAndDirection() throws IOException {
    List<String> documented =
        ROW.matcher(Files.readString(Path.of("docs/figures.md")))
            .results()
            .map(FigureDocumentationTest::row)
            .toList();

    assertThat(documented)
        .containsExactlyElementsOf(
            Stream.of(Figure.values()).map(FigureDocumentationTest::row).toList());
  }

  private static String row(MatchResult row) {
    return row.group(1) + " in " + row.group(2) + ", better: " + row.group(3);
  }

  private static String row(Figure figure) {
    String better =
        switch (figure.direction()) {
          case LOWER_IS_BETTER -> "lower";
          case HIGHER_IS_BETTER -> "higher";
          case NEITHER -> "";
        };
    return figure.key() + " in " + figure.unit().symbol() + ", better: " + better;
  }
}
