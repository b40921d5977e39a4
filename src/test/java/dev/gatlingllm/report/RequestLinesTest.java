package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.metrics.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestLinesTest {

  @TempDir Path folder;

  private static String line(int start, int length) {
    String form = "{\"startMillis\":%d,\"iteration\":\"0\",\"e2eMillis\":0.5,\"request\":\"\"}";
    String empty = form.formatted(start);
    return empty.replace("\"\"}", "\"" + "é".repeat(length - empty.length()) + "\"}");
  }

  private List<String> read(String text) throws IOException {
    Path file = Files.writeString(folder.resolve(RequestsFile.FILE_NAME), text);
    List<String> read = new ArrayList<>();
    try (RequestLines lines = new RequestLines(file)) {
      while (lines.advance()) {
        read.add(lines.text());
      }
      read.add(lines.skipped() + " skipped");
    }
    return read;
  }

  @Test
  void readsLinesOfAnyLengthWhole() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int length : new int[] {80, 16_383, 16_384, 16_385, 100_000, 81, 32_767, 32_768, 82}) {
      lines.add(line(lines.size(), length));
    }
    String text = String.join("\n", lines);
    lines.add("0 skipped");

    assertThat(read(text + "\n")).isEqualTo(lines);
    assertThat(read(text)).as("without the last line's end").isEqualTo(lines);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"startMillis\":1,\"iteration\":\"0\"",
        "{\"startMillis\":1,\"iteration\":\"0\",\"chunkMillis\":[1,2}",
        "{\"startMillis\":1,\"iteration\":\"0\"} and more",
        "{\"startMillis\":\"1\",\"iteration\":\"0\"}",
        "{\"startMillis\":1,\"iteration\":\"cool-down\"}",
        "{\"iteration\":{\"iteration\":\"0\"},\"startMillis\":1}",
        "{\"iteration\":\"0\",\"turn\":{\"startMillis\":1}}"
      })
  void skipsWhatIsNoResponse(String broken) throws IOException {
    assertThat(read(line(1, 80) + "\n" + broken + "\n" + line(2, 80) + "\n"))
        .containsExactly(line(1, 80), line(2, 80), "1 skipped");
  }

  @Test
  void keepsThePaceOfTokensAfterASummaryOfReasoning() throws IOException {
    String line =
        """
        {"startMillis":1,"iteration":"0","status":"OK","inputTokens":9,"outputTokens":1021,\
        "outputTokensSource":"usage","hiddenTokens":1000,"chunks":15,"ttftMillis":20.0,\
        "ttfoMillis":1000.0,"tpotMillis":10.0,"e2eMillis":1205.0}
        """;
    Response response = responseIn(line);

    assertThat(response.timing().ttftNanos()).isEqualTo(20_000_000);
    assertThat(response.tpotNanos()).isEqualTo(10_000_000);
  }

  @Test
  void givesNoPaceToAResponseThatCameAtOnceBeforeItsEnd() throws IOException {
    String line =
        """
        {"startMillis":1,"iteration":"0","status":"OK","inputTokens":9,"outputTokens":64,\
        "outputTokensSource":"usage","chunks":64,"ttftMillis":400.0,"ttfoMillis":400.0,\
        "tpotMillis":null,"e2eMillis":600.0}
        """;

    assertThat(responseIn(line).tpotNanos()).isEqualTo(Response.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",\"chunkMillis\":[10,11,20,21,30,31],\"chunkChoices\":[0,1,0,1,0,1]",
        ",\"chunkMillis\":[10,15,20,20,30,35],\"chunkChoices\":[0,1,0,0,1,1]"
      })
  void keepsThePaceOfSeveralChoices(String chunks) throws IOException {
    String line =
        """
        {"startMillis":1,"iteration":"0","status":"OK","inputTokens":9,"outputTokens":6,\
        "outputTokensSource":"usage","chunks":6,"ttftMillis":10.0,"ttfoMillis":10.0,\
        "tpotMillis":10.0,"e2eMillis":40.0,"choices":2%s}
        """
            .formatted(chunks);

    assertThat(responseIn(line).tpotNanos()).isEqualTo(chunks.contains("15") ? 7_500_000 : 1e7);
  }

  /** Three choices of eight tokens, 50 ms each, and the ends of those that ended by themselves. */
  @ParameterizedTest
  @CsvSource({"3,stop", "2,stop", "2,length", "1,tool_calls"})
  void keepsThePaceOfSeveralChoicesWhoseEndsAreCounted(int ends, String reason) throws IOException {
    String line =
        """
        {"startMillis":1,"iteration":"0","status":"OK","inputTokens":9,"outputTokens":%d,\
        "outputTokensSource":"usage","chunks":24,"ttftMillis":10.0,"ttfoMillis":10.0,\
        "tpotMillis":50.0,"e2eMillis":900.0,"choices":3,"finishReason":"%s"}
        """
            .formatted(24 + ends, reason);

    assertThat(responseIn(line).tpotNanos()).isCloseTo(50e6, within(1.0));
  }

  @Test
  void keepsThePaceOfChoicesInChunksOfOtherSizes() throws IOException {
    // 10, 60 and 110 ms, and 10 and 110 ms
    String line =
        """
        {"startMillis":1,"iteration":"0","status":"OK","inputTokens":9,"outputTokens":22,\
        "outputTokensSource":"usage","chunks":5,"ttftMillis":10.0,"ttfoMillis":10.0,\
        "tpotMillis":10.0,"e2eMillis":110.5,"choices":2}
        """;

    assertThat(responseIn(line).tpotNanos()).isEqualTo(1e7);
  }

  private Response responseIn(String line) throws IOException {
    Path file = Files.writeString(folder.resolve(RequestsFile.FILE_NAME), line);
    try (RequestLines lines = new RequestLines(file)) {
      assertThat(lines.advance()).isTrue();
      return lines.response(lines.json(), 0).orElseThrow();
    }
  }

  @Test
  void knowsWhenAResponseEnded() throws IOException {
    Path file = Files.writeString(folder.resolve(RequestsFile.FILE_NAME), line(1_767, 80));
    try (RequestLines lines = new RequestLines(file)) {
      assertThat(lines.advance()).isTrue();
      assertThat(lines.endMillis()).isEqualTo(1_767.5);
    }
  }
}
