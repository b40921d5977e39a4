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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44",
        "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log"
            + " Type\n5,1,2.5,ChatGPT,374,44,418,API log",
        "\"Timestamp\",\"Model\",\"Request tokens\",\"Response tokens\"\n5,GPT-4,\"374\",44"
      })
  void readsTracesByTheNamesOfTheirColumns(String text) throws IOException {
    LengthTriples triples = LengthTriples.read(file(text));

    assertThat(triples.draw(SeededRandom.of(1))).isEqualTo(new LengthTriples.Triple(0, 374, 44));
  }

  @Test
  void ignoresByteOrderMarkAndQuotes() throws IOException {
    String text = "\uFEFF\"system\",\"question\",\"reply\"\r\n\"100\",20,30\r\n";

    assertThat(LengthTriples.read(file(text)).minimum()).isEqualTo(150);
    assertThat(LengthTriples.read(file("\uFEFF[[100,20,30]]")).minimum()).isEqualTo(150);
  }

  @Test
  void rejectsFailedRequestsOfATrace() throws IOException {
    Path file = file("Timestamp,Request tokens,Response tokens\n5,374,0");

    assertThatThrownBy(() -> LengthTriples.read(file))
        .hasMessageContaining(
            "line 2: \"Response tokens\" must be a whole number of at least 1, got 0");
  }

  @Test
  void rejectsMissingFile() {
    assertThatThrownBy(() -> LengthTriples.read(folder.resolve("none.csv")))
        .hasMessageContaining("none.csv cannot be read: give the path of a CSV or JSON file");
  }
}
