package dev.gatlingllm.report.runs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.report.HtmlPage;
import dev.gatlingllm.report.KeptRun;
import dev.gatlingllm.report.Load;
import dev.gatlingllm.report.PageFile;
import dev.gatlingllm.report.StateFile;
import dev.gatlingllm.report.TokensJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsIndexTest {

  /** Of one model: cold and warm prompts of several are not compared. */
  private static final List<Response> RESPONSES =
      Load.responses(60).stream()
          .filter(response -> "base".equals(response.who().model()))
          .toList();

  @TempDir Path results;

  private Path run(String name) throws IOException {
    Path folder = Load.leave(results.resolve(name), RESPONSES, response -> true, false, true);
    TokensJson.write(KeptRun.in(folder).orElseThrow().report(), folder);
    return folder;
  }

  private String page() throws IOException {
    return Files.readString(results.resolve("index.html"));
  }

  private List<JsonNode> listed() throws IOException {
    List<JsonNode> runs = new ArrayList<>();
    PageFile.data(results.resolve("index.html")).get("runs").forEach(runs::add);
    return runs;
  }

  @Test
  void listsARunWithItsHeadlineFigures() throws IOException {
    Path folder = run("support-20260102025405000");
    Files.createFile(folder.resolve("index.html"));

    RunsIndex.update(folder);

    JsonNode tokens = new ObjectMapper().readTree(folder.resolve("tokens.json").toFile());
    assertThat(listed())
        .singleElement()
        .satisfies(
            run -> {
              assertThat(run.get("folder").asText()).isEqualTo("support-20260102025405000");
              assertThat(run.get("report").asBoolean()).isTrue();
              assertThat(run.get("run")).isEqualTo(tokens.get("run"));
              assertThat(run.get("totals")).isEqualTo(tokens.get("totals"));
              assertThat(run.at("/metrics/ttft/p95")).isEqualTo(tokens.at("/metrics/ttft/p95"));
              assertThat(run.get("speedUp")).isEqualTo(tokens.at("/coldWarm/speedUp/ratio"));
              assertThat(run.at("/verdict/level")).isEqualTo(tokens.at("/verdict/level"));
              assertThat(run.at("/verdict/text")).isEqualTo(tokens.at("/verdict/text"));
            });
  }

  @Test
  void comparesFailuresByTheirShareBecauseRunsMayBeOfAnyLength() throws IOException {
    RunsIndex.update(run("support-20260102025405000"));

    JsonNode page = PageFile.data(results.resolve("index.html"));
    for (String columns : List.of("trends", "listed", "compared")) {
      assertThat(page.get(columns).findValuesAsText("path"))
          .as(columns)
          .contains("totals.failedPercent")
          .doesNotContain("totals.ko");
    }
  }

  @Test
  void listsTheNewestRunFirst() throws IOException {
    run("support-20260102025405000");
    Files.createDirectory(results.resolve("no-run"));
    Path killed = results.resolve("support-20270101000000000");
    Load.leave(killed, RESPONSES, response -> true, false, false);
    Path broken = Files.createDirectory(results.resolve("support-20250101000000000"));
    Files.writeString(broken.resolve("tokens.json"), "{\"schema\":");
    Path strange = Files.createDirectory(results.resolve("support-20240101000000000"));
    Files.writeString(strange.resolve("tokens.json"), "[1]");
    Path plain = Files.createDirectory(results.resolve("support-20230101000000000"));
    Files.createFile(plain.resolve("simulation.log"));
    Files.createFile(plain.resolve("index.html"));

    RunsIndex.update(killed);

    assertThat(listed())
        .extracting(run -> run.path("problem").asText("none"))
        .containsExactly(
            "incomplete: stopped before its end, or still running",
            "none",
            "tokens.json cannot be read",
            "tokens.json is incomplete",
            "a run without token figures");
  }

  @Test
  void namesTheBenchmarkThatARunIsAForkOf() throws IOException {
    Path folder = run("support-20260102025405000");
    Path tokens = folder.resolve("tokens.json");
    String options = "-p users=8 -p model=a%20b -wi 1 -of 20260102015900000 -forked /tmp/x";
    ObjectNode json = (ObjectNode) new ObjectMapper().readTree(tokens.toFile());
    ((ObjectNode) json.get("run")).putObject("settings").put("benchmark", options);
    Files.writeString(tokens, json.toString());

    RunsIndex.update(folder);

    JsonNode fork = listed().get(0).get("fork");
    assertThat(fork.get("of").asText()).isEqualTo("20260102015900000");
    assertThat(fork.get("parameters").asText()).isEqualTo("users=8, model=a b");
  }

  @Test
  void listsPagesOfBenchmarksAndNoOtherPages() throws IOException {
    Path folder = run("support-20260102025405000");
    HtmlPage.SEARCH.write(
        results.resolve("jmh-search.html"),
        Map.of("parameter", "users", "summary", "11 users met both."));
    Files.writeString(results.resolve("notes.html"), "<h1>My results</h1>");
    Files.writeString(
        results.resolve("broken.html"), HtmlPage.MATRIX.mark() + HtmlPage.DATA_TAG + "{</script>");

    RunsIndex.update(folder);

    JsonNode pages = PageFile.data(results.resolve("index.html")).get("pages");
    assertThat(pages).hasSize(1);
    assertThat(pages.get(0).get("file").asText()).isEqualTo("jmh-search.html");
    assertThat(pages.get(0).get("title").asText()).isEqualTo("Limit of users");
    assertThat(pages.get(0).get("text").asText()).isEqualTo("11 users met both.");
  }

  private static byte[] zipped(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void damagedFoldersSpoilNoOtherEntry() throws IOException {
    Path good = run("support-20260102025405000");
    Path bomb = Files.createDirectory(results.resolve("support-20250101000000000"));
    byte[] zeros = zipped("0,".repeat(1 << 20));
    try (OutputStream state = Files.newOutputStream(bomb.resolve("tokens-state.json.gz"))) {
      state.write(
          zipped("{\"schema\":\"%s\",\"complete\":false,\"run\":[".formatted(StateFile.SCHEMA)));
      for (int megabytes = 0; megabytes < 600; megabytes += 2) {
        state.write(zeros);
      }
    }
    Path folder = Files.createDirectory(results.resolve("support-20240101000000000"));
    Files.createDirectory(folder.resolve("tokens.json"));
    Files.createFile(folder.resolve("simulation.log"));
    Path large = run("support-20230101000000000");
    Path tokens = large.resolve("tokens.json");
    Files.writeString(tokens, Files.readString(tokens).replace("Qwen", "Qwen".repeat(20_000)));

    RunsIndex.update(good);

    assertThat(listed())
        .extracting(run -> run.path("problem").asText("none"))
        .containsExactly(
            "none",
            "incomplete: refused at its start, stopped before its end, or still running",
            "incomplete: refused at its start, stopped before its end, or still running",
            "its files hold more than a list can show");
  }

  @Test
  void replacesItsOwnPageIfThatIsDamaged() throws IOException {
    Path folder = run("support-20260102025405000");
    RunsIndex.update(folder);
    byte[] page = Files.readAllBytes(results.resolve("index.html"));
    for (String end : List.of("\"runs\":[", "\"folder\":")) {
      int cut = new String(page, ISO_8859_1).indexOf(end) + end.length();
      Files.write(results.resolve("index.html"), Arrays.copyOf(page, cut));

      RunsIndex.update(folder);

      assertThat(listed()).hasSize(1);
    }
  }

  @Test
  void escapesMarkup() throws IOException {
    Path folder = run("hostile-20260102025405000");
    Path tokens = folder.resolve("tokens.json");
    Files.writeString(
        tokens, Files.readString(tokens).replace("Qwen/Qwen3-8B", "</script><img src=x>\u2028"));

    RunsIndex.update(folder);

    assertThat(page()).doesNotContain("<img", "\u2028");
    assertThat(listed().get(0).at("/run/model").asText()).isEqualTo("</script><img src=x>\u2028");
  }

  @Test
  void readsARunAgainOnlyIfItsFileHasChanged() throws IOException {
    Path folder = run("support-20260102025405000");
    RunsIndex.update(folder);
    List<JsonNode> first = listed();
    Path tokens = folder.resolve("tokens.json");
    FileTime written = Files.getLastModifiedTime(tokens);
    Files.writeString(tokens, "{}");

    Files.setLastModifiedTime(tokens, written);
    RunsIndex.update(folder);
    assertThat(listed()).isEqualTo(first);

    Files.setLastModifiedTime(tokens, FileTime.fromMillis(written.toMillis() + 60_000));
    RunsIndex.update(folder);
    assertThat(listed().get(0).get("problem").asText()).isEqualTo("tokens.json is incomplete");
  }

  @Test
  void keepsAnotherProgramsPage() throws IOException {
    Path folder = run("support-20260102025405000");
    Files.writeString(results.resolve("index.html"), "<h1>My results</h1>");

    assertThatThrownBy(() -> RunsIndex.update(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("was not changed");
    assertThat(page()).isEqualTo("<h1>My results</h1>");
  }

  @Test
  void replacesThePageAndLeavesNoOtherFile() throws IOException {
    RunsIndex.update(run("support-20260102025405000"));
    RunsIndex.update(run("support-20260102025405001"));

    assertThat(listed()).hasSize(2);
    try (Stream<Path> files = Files.list(results)) {
      assertThat(files.filter(Files::isRegularFile)).containsExactly(results.resolve("index.html"));
    }
  }
}
