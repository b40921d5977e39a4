package dev.gatlingllm.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.ResponseBuilder;
import dev.gatlingllm.metrics.RunAccumulator;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.Totals;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run's folder holds everything that its report needs. */
class KeptRunTest {

  private static final List<Response> RESPONSES = Load.responses(300);

  private static final List<Response> FEW = Load.responses(30);

  @TempDir Path folder;

  private static String tokensJson(RunReport report) throws IOException {
    StringWriter text = new StringWriter();
    TokensJson.write(report, text);
    return text.toString();
  }

  private RunReport original() {
    RunAccumulator state = Load.recorded(RESPONSES, response -> true);
    return new RunReport(Load.info(folder), state.summary());
  }

  private RunReport kept(boolean chunkTimes, boolean complete) throws IOException {
    Load.leave(folder, RESPONSES, response -> true, chunkTimes, complete);
    return KeptRun.in(folder).orElseThrow().report();
  }

  @Test
  void writesTheSameReportAgain() throws IOException {
    RunReport kept = kept(false, true);

    assertThat(tokensJson(kept)).isEqualTo(tokensJson(original()));
    assertThat(new TokensPage(kept).index()).isEqualTo(new TokensPage(original()).index());
    assertThat(ConsoleSummary.of(kept)).isEqualTo(ConsoleSummary.of(original()));
  }

  @Test
  void recoversAKilledRunFromItsResponses() throws IOException {
    RunReport recovered = kept(true, false);
    ObjectNode figures = figures(recovered);
    ObjectNode original = figures(original());

    for (JsonNode failure : original.findParents("examples")) {
      ((ObjectNode) failure).putArray("examples");
    }
    assertThat(figures.path("notes").path(0).path("text").asText())
        .contains("cut off before its end", "under way at its end are missing", "Failure messages")
        .doesNotContain("llm.chunkTimes");
    assertThat(figures.path("verdict").toString())
        .containsIgnoringCase("This run was cut off before its end");
    figures.remove(List.of("notes", "verdict"));
    original.remove(List.of("notes", "verdict"));
    assertThat(figures.toPrettyString()).isEqualTo(original.toPrettyString());
  }

  /** It may have been in a backoff, or its next attempt under way. */
  @Test
  void takesAConversationWhoseLastTurnFailedForUnfinished() throws IOException {
    Response failed =
        ResponseBuilder.to("support chat", "answer", 99)
            .conversation("conversation-99", 0)
            .turn(new Response.Turn(1, 4, 500, 300, 0, 2, 16, false, false))
            .times(Load.START_MILLIS + 8_000, 8_000_000_000L, 8_100_000_000L)
            .failure("http 429", null)
            .build();
    List<Response> responses = List.of(FEW.get(0), failed);

    Load.leave(folder, responses, response -> true, true, true);
    Totals ended = KeptRun.in(folder).orElseThrow().report().summary().overall().totals();
    assertThat(ended.count(Figure.FAILED_CONVERSATIONS)).isEqualTo(1);

    Load.leave(folder, responses, response -> true, true, false);
    KeptRun killed = KeptRun.in(folder).orElseThrow();
    ScopeSummary figures = killed.report().summary().overall();
    assertThat(figures.totals().count(Figure.FAILED_CONVERSATIONS)).isZero();
    assertThat(figures.metrics().get(Figure.CONVERSATION_AGE).count()).isPositive();
    assertThat(killed.info().remarks().get(0).text())
        .contains("A conversation whose last turn failed has not ended");
  }

  @Test
  void recoversAWindowThatOpenedBeforeTheFirstRequest() throws IOException {
    Load.leave(folder, RESPONSES, sent -> sent.timing().writtenNanos() > 3e9, true, false);
    RunReport recovered = KeptRun.in(folder).orElseThrow().report();

    assertThat(recovered.summary().durationSeconds()).isBetween(6.5, 8.0);
  }

  @Test
  void leavesOutGapsWithoutChunkTimes() throws IOException {
    ObjectNode recovered = figures(kept(false, false));
    ObjectNode original = figures(original());

    assertThat(recovered.at("/metrics/icl").isNull()).isTrue();
    assertThat(recovered.at("/byTurn/1/metrics/itl").isNull()).isTrue();
    assertThat(recovered.path("notes").path(0).path("text").asText())
        .contains("Without llm.chunkTimes, ICL and ITL are unknown");
    assertThat(KeptRun.in(folder).orElseThrow().report().summary().samples().drawn().all())
        .isNotEmpty()
        .allMatch(drawn -> drawn.icl() == Response.UNKNOWN);
    for (String same : List.of("/metrics/ttft", "/metrics/e2e", "/totals/goodput", "/coldWarm")) {
      assertThat(recovered.at(same)).as(same).isEqualTo(original.at(same));
    }
  }

  private static ObjectNode figures(RunReport report) throws IOException {
    return (ObjectNode) new ObjectMapper().readTree(tokensJson(report));
  }

  @Test
  void skipsALineThatWasCutOff() throws IOException {
    Load.leave(folder, RESPONSES, response -> true, true, false);
    Path requests = folder.resolve(RequestsFile.FILE_NAME);
    Files.writeString(requests, "{\"startMillis\":17", StandardOpenOption.APPEND);

    KeptRun recovered = KeptRun.in(folder).orElseThrow();

    assertThat(recovered.info().remarks().get(0).text())
        .contains("1 line is incomplete and was skipped");
    assertThat(recovered.state().summary().overall().totals())
        .isEqualTo(original().summary().overall().totals());
  }

  @Test
  void recoversARunWhoseLastLineEndsInsideOfACharacter() throws IOException {
    Load.leave(folder, RESPONSES, response -> true, true, false);
    byte[] cut = "{\"startMillis\":1767322445006,\"scenario\":\"Pr\u00fcfung".getBytes(UTF_8);
    Path requests = folder.resolve(RequestsFile.FILE_NAME);
    Files.write(requests, Arrays.copyOf(cut, cut.length - 6), StandardOpenOption.APPEND);

    assertThat(KeptRun.in(folder).orElseThrow().state().summary().overall().totals())
        .isEqualTo(original().summary().overall().totals());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "chunks":\\d+         | "chunks":-1
          "chunks":\\d+         | "chunks":2147483647
          "startMillis":\\d+    | "startMillis":9223372036854775807
          "e2eMillis":[0-9.]+    | "e2eMillis":1e300
          "chunkMillis":\\[     | "chunkMillis":[31536000000,
          "status":"OK"          | "status":"FINE"
          "iteration":1          | "iteration":"first"
          """)
  void skipsALineThatNoResponseCanHave(String field, String impossible) throws IOException {
    Load.leave(folder, FEW, response -> true, true, false);
    Path requests = folder.resolve(RequestsFile.FILE_NAME);
    String lines = Files.readString(requests);
    String changed = lines.replaceFirst(field, impossible);
    assertThat(changed.equals(lines)).isFalse();
    Files.writeString(requests, changed);

    KeptRun recovered = KeptRun.in(folder).orElseThrow();

    assertThat(recovered.info().remarks().get(0).text())
        .contains("1 line is incomplete and was skipped");
  }

  @Test
  void skipsALineThatIsTooLongForMemory() throws IOException {
    Load.leave(folder, FEW, response -> true, true, false);
    byte[] block = new byte[1 << 20];
    Arrays.fill(block, (byte) ' ');
    try (OutputStream requests =
        Files.newOutputStream(folder.resolve(RequestsFile.FILE_NAME), StandardOpenOption.APPEND)) {
      for (int megabytes = 0; megabytes < 20; megabytes++) {
        requests.write(block);
      }
    }

    assertThat(KeptRun.in(folder).orElseThrow().info().remarks().get(0).text())
        .contains("1 line is incomplete and was skipped");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "null",
        "{}",
        "{\"schema\":\"" + StateFile.SCHEMA + "\",\"complete\":true,\"run\":null,\"state\":null}",
        "{\"schema\":\""
            + StateFile.SCHEMA
            + "\",\"complete\":true,\"run\":{\"remarks\":[]},\"state\":{}}"
      })
  void namesAFileThatHoldsNoRun(String content) throws IOException {
    write(content);

    assertThatThrownBy(() -> KeptRun.in(folder))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(folder.resolve(StateFile.FILE_NAME) + " cannot be read")
        .hasMessageEndingWith("leave this run out");
  }

  @Test
  void namesAFileWithoutObjectives() throws IOException {
    Load.leave(folder, RESPONSES, response -> true, false, true);
    Path file = folder.resolve(StateFile.FILE_NAME);
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      JsonNode tree = new ObjectMapper().readTree(in);
      ((ObjectNode) tree.path("state")).putNull("objectives");
      write(tree.toString());
    }

    assertThatThrownBy(() -> KeptRun.in(folder))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + " cannot be read")
        .hasMessageContaining("objectives is null");
  }

  @Test
  void namesTheSchemaOfAnotherVersion() throws IOException {
    write("{\"schema\":\"gatling-llm-state/7\",\"complete\":true}");

    assertThatThrownBy(() -> KeptRun.in(folder))
        .hasMessage(
            "%s cannot be read: it has the schema 'gatling-llm-state/7', but this version of"
                    .formatted(folder.resolve(StateFile.FILE_NAME))
                + " gatling-llm reads %s. Use the version that wrote it"
                    .formatted(StateFile.SCHEMA));
  }

  @Test
  void rejectsATimelineThatNoMemoryHolds() throws IOException {
    Load.leave(folder, FEW, response -> true, true, true);
    ObjectNode state = (ObjectNode) read();
    ObjectNode steps = (ObjectNode) state.at("/state/overall/details/timeline/steps");
    steps.set("4000000000", steps.elements().next());
    write(state.toString());

    assertThatThrownBy(() -> KeptRun.in(folder)).hasMessageContaining("timeline");
  }

  @Test
  void rejectsAFileThatUnpacksToMoreThanItsLimit() throws IOException {
    try (OutputStream file =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve(StateFile.FILE_NAME)))) {
      file.write("{\"schema\":\"%s\",\"complete\":".formatted(StateFile.SCHEMA).getBytes(UTF_8));
      byte[] spaces = " ".repeat(1 << 20).getBytes(UTF_8);
      for (int megabytes = 0; megabytes < 70; megabytes++) {
        file.write(spaces);
      }
    }

    assertThatThrownBy(() -> KeptRun.in(folder)).hasMessageContaining("Document length");
  }

  private JsonNode read() throws IOException {
    try (InputStream file =
        new GZIPInputStream(Files.newInputStream(folder.resolve(StateFile.FILE_NAME)))) {
      return new ObjectMapper().readTree(file);
    }
  }

  @Test
  void countsOutputTokensAsUnknownWhereTheirSourceIsUnknown() throws IOException {
    Load.leave(folder, RESPONSES, response -> true, true, false);
    Path requests = folder.resolve(RequestsFile.FILE_NAME);
    String lines = Files.readString(requests);
    String source = "\"outputTokensSource\":\"";
    int at = lines.indexOf(source) + source.length();
    Files.writeString(requests, lines.substring(0, at) + "guessed_" + lines.substring(at));

    KeptRun recovered = KeptRun.in(folder).orElseThrow();

    assertThat(recovered.info().remarks().get(1).text())
        .startsWith("1 response has an unknown outputTokensSource");
    assertThat(recovered.state().summary().overall().totals().requests())
        .isEqualTo(original().summary().overall().totals().requests());
  }

  @Test
  void isEmptyWithoutResponses() throws IOException {
    Load.leave(folder, List.of(), response -> true, true, false);

    assertThat(KeptRun.in(folder)).isEmpty();
    assertThat(KeptRun.in(folder.resolve("elsewhere"))).isEmpty();
  }

  @Test
  void rejectsAnotherSchemaAndABrokenFile() throws IOException {
    write("{\"schema\":\"gatling-llm-state/0\"}");
    assertThatThrownBy(() -> KeptRun.in(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("gatling-llm-state/0")
        .hasMessageContaining(StateFile.FILE_NAME);

    write("{\"schema\":");
    assertThatThrownBy(() -> KeptRun.in(folder)).hasMessageContaining("cannot be read");

    Files.writeString(folder.resolve(StateFile.FILE_NAME), "not compressed");
    assertThatThrownBy(() -> KeptRun.in(folder)).isInstanceOf(IOException.class);
  }

  private void write(String content) throws IOException {
    try (OutputStream file =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve(StateFile.FILE_NAME)))) {
      file.write(content.getBytes(UTF_8));
    }
  }

  @Test
  void readsNoMoreOfAFileThanARunHas() throws IOException {
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve(StateFile.FILE_NAME)))) {
      byte[] blanks = " ".repeat(1 << 20).getBytes(UTF_8);
      for (int i = 0; i <= 64; i++) {
        out.write(blanks);
      }
    }

    assertThatThrownBy(() -> StateFile.requireWhole(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(StateFile.FILE_NAME)
        .hasMessageContaining("exceeds the maximum");
  }
}
