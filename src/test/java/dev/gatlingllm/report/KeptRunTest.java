package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.RunAccumulator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run's folder holds everything that its report needs. */
class KeptRunTest {

  private static final List<Response> RESPONSES = Load.responses(300);

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
    figures.remove("notes");
    original.remove("notes");
    assertThat(figures.toPrettyString()).isEqualTo(original.toPrettyString());
  }

  @Test
  void leavesOutGapsWithoutChunkTimes() throws IOException {
    ObjectNode recovered = figures(kept(false, false));
    ObjectNode original = figures(original());

    assertThat(recovered.at("/metrics/icl").isNull()).isTrue();
    assertThat(recovered.at("/byTurn/1/metrics/itl").isNull()).isTrue();
    assertThat(recovered.path("notes").path(0).path("text").asText())
        .contains("Without llm.chunkTimes, ICL and ITL are unknown");
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

    assertThat(recovered.info().remarks().get(0).text()).contains("last line is incomplete");
    assertThat(recovered.state().summary().overall().totals())
        .isEqualTo(original().summary().overall().totals());
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
    write("{\"schema\":\"gatling-llm-state/9\"}");
    assertThatThrownBy(() -> KeptRun.in(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("gatling-llm-state/9")
        .hasMessageContaining(StateFile.FILE_NAME);

    write("{\"schema\":");
    assertThatThrownBy(() -> KeptRun.in(folder)).hasMessageContaining("is broken");

    Files.writeString(folder.resolve(StateFile.FILE_NAME), "not compressed");
    assertThatThrownBy(() -> KeptRun.in(folder)).isInstanceOf(IOException.class);
  }

  private void write(String content) throws IOException {
    try (OutputStream file =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve(StateFile.FILE_NAME)))) {
      file.write(content.getBytes(StandardCharsets.UTF_8));
    }
  }
}
