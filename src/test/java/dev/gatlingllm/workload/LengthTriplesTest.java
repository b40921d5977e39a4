package dev.gatlingllm.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.prompt.SeededRandom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LengthTriplesTest {

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("lengths"), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "100,20,30\n\n0, 5 ,6\n",
        "system,question,reply\n100,20,30\n0,5,6",
        "[[100,20,30],[0,5,6]]",
        "[{\"system\":100,\"question\":20,\"reply\":30},{\"system\":0,\"question\":5,\"reply\":6}]"
      })
  void readsEachForm(String text) throws IOException {
    LengthTriples triples = LengthTriples.read(file(text));
    SeededRandom random = SeededRandom.of(1);

    Set<LengthTriples.Triple> drawn =
        IntStream.range(0, 100).mapToObj(i -> triples.draw(random)).collect(Collectors.toSet());

    assertThat(drawn)
        .containsExactlyInAnyOrder(
            new LengthTriples.Triple(100, 20, 30), new LengthTriples.Triple(0, 5, 6));
    assertThat(triples.minimum()).isEqualTo(11);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,2,3;4,5      | line 2 must be three whole numbers",
        "1,2,3;4,x,6    | reply from 1, got 4,x,6",
        "1,2,3;4,0,6    | line 2 must be three whole numbers, system from 0, question and reply"
            + " from 1, got 4,0,6",
        "[[1,2,3],[4,5]]| entry 2 must be three whole numbers",
        "[[1,2,3        | line 1 is not valid JSON",
        "[]             | it has no lengths"
      })
  void rejectsInvalidFiles(String text, String message) throws IOException {
    Path file = file(text.replace(";", "\n"));

    assertThatThrownBy(() -> LengthTriples.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lengths")
        .hasMessageContaining(message);
  }

  @Test
  void rejectsMissingFile() {
    assertThatThrownBy(() -> LengthTriples.read(folder.resolve("none.csv")))
        .hasMessageContaining("none.csv cannot be read: give the path of a CSV or JSON file");
  }
}
