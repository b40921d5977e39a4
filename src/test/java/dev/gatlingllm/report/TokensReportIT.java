package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads the pages that a real Gatling wrote. */
class TokensReportIT {

  @TempDir static Path work;

  private static GatlingFork busy;

  @BeforeAll
  static void run() throws Exception {
    busy = GatlingFork.run(work, "busy");
  }

  @Test
  void writesTheWholeRunIntoTheIndexPage() throws IOException {
    JsonNode data = PageFile.data(busy.index());

    assertThat(data.get("request").isNull()).isTrue();
    assertThat(data.at("/run/model").asText()).isEqualTo("Qwen/Qwen3-8B");
    assertThat(data.at("/totals/ok").asLong()).isEqualTo(10_990);
    assertThat(data.get("byRequest")).hasSize(3);
    assertThat(data.get("byTurn")).hasSize(6);
    assertThat(data.get("byGroup")).hasSize(4);
    assertThat(data.get("failures")).hasSize(2);
  }

  @Test
  void writesEachRequestIntoItsPages() throws IOException {
    JsonNode answer = PageFile.data(busy.page("answer"));
    JsonNode inGroup = PageFile.data(busy.page("wrap-up / answer"));
    JsonNode summary = PageFile.data(busy.page("wrap-up / summary"));

    assertThat(answer.get("request").asText()).isEqualTo("answer");
    assertThat(answer.get("pages").asInt()).isEqualTo(2);
    assertThat(answer.at("/totals/ok").asLong()).isEqualTo(9_200);
    assertThat(inGroup).isEqualTo(answer);
    assertThat(summary.get("request").asText()).isEqualTo("summary");
  }

  @Test
  void leavesOtherPagesUnchanged() throws IOException {
    assertThat(busy.page("login")).doesNotContain("llm-");
    assertThat(busy.page("wrap-up")).doesNotContain("llm-");
  }

  @Test
  void escapesHostileNames() throws IOException {
    String page =
        busy.page(
            "&lt;/script&gt;&lt;img src=x onerror=&quot;window.hacked=1&quot;&gt;&amp;'\u2028");

    assertThat(PageFile.data(page).get("request").asText()).isEqualTo(SampleRun.HOSTILE_NAME);
    assertThat(page).doesNotContain("<img src=x");
    assertThat(busy.index()).doesNotContain("<img src=x", "<script>window.hacked");
  }

  @Test
  void lastLineLinksToTheTab() {
    assertThat(busy.console().strip())
        .endsWith("Tokens tab: " + busy.folder().resolve("index.html").toUri() + "#tokens");
  }

  @Test
  void copiesTheAssetsIntoTheReport() {
    for (String script : HtmlPage.TOKENS.scripts()) {
      assertThat(busy.folder().resolve("js").resolve(script)).isNotEmptyFile();
    }
    for (String file :
        List.of("js/llm-uplot.LICENSE.txt", "style/llm-uplot.css", "style/llm-page.css")) {
      assertThat(busy.folder().resolve(file)).isNotEmptyFile();
    }
  }

  @Test
  void findsItsFolderDuringTheRun() {
    assertThat(Path.of(busy.foundFolder())).isEqualTo(busy.folder());
  }

  @Test
  void showsFailuresOfARunWithoutSuccess() throws Exception {
    JsonNode data = PageFile.data(GatlingFork.run(work, "refused").index());

    assertThat(data.at("/totals/ko").asLong()).isEqualTo(200);
    assertThat(data.at("/failures/http 401 invalid_api_key/examples/0").asText())
        .isEqualTo("You didn't provide an API key.");
  }

  @Test
  void leavesAReportWithoutTokensUnchanged() throws Exception {
    GatlingFork plain = GatlingFork.run(work, "none");

    assertThat(plain.index()).doesNotContain("llm-");
    assertThat(plain.page("answer")).doesNotContain("llm-");
  }
}
