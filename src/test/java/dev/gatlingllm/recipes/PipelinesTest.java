package dev.gatlingllm.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.cli.Main;
import dev.gatlingllm.report.runs.MergeCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.ParseResult;

/** The pipelines of examples/ci: their keys, and the commands in them. */
class PipelinesTest {

  private static final Path GITHUB = Path.of("examples/ci/github.yml");
  private static final Path GITLAB = Path.of("examples/ci/gitlab.yml");
  private static final Pattern ARGUMENTS = Pattern.compile("-Dexec\\.args=\"([^\"]*)\"");

  private static JsonNode read(Path pipeline) throws IOException {
    List<JsonNode> documents = Manifests.documents(Files.readString(pipeline));
    assertThat(documents).hasSize(1);
    return documents.get(0);
  }

  private static Set<String> keys(JsonNode node) {
    return node.properties().stream()
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<JsonNode> elements(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false);
  }

  /** Returns the options of the only {@code merge} among some commands. */
  private static ParseResult merge(Stream<JsonNode> commands) {
    List<String> merges = new ArrayList<>();
    commands
        .map(JsonNode::asText)
        .map(ARGUMENTS::matcher)
        .filter(Matcher::find)
        .forEach(found -> merges.add(found.group(1)));
    assertThat(merges).hasSize(1);
    String[] words = merges.get(0).split(" ");
    assertThat(words[0]).isEqualTo("merge");
    return Main.of(new MergeCommand())
        .parseArgs(List.of(words).subList(1, words.length).toArray(String[]::new));
  }

  @Test
  void githubsJobsHaveKnownKeys() throws Exception {
    JsonNode workflow = read(GITHUB);

    assertThat(keys(workflow))
        .containsExactlyInAnyOrder("name", "on", "permissions", "concurrency", "env", "jobs");
    for (JsonNode job : workflow.get("jobs")) {
      assertThat(keys(job))
          .contains("runs-on", "timeout-minutes", "steps")
          .isSubsetOf(
              "runs-on", "timeout-minutes", "steps", "needs", "if", "strategy", "env", "outputs");
      for (JsonNode step : job.get("steps")) {
        assertThat(step.has("uses")).as("%s", step).isNotEqualTo(step.has("run"));
        assertThat(keys(step)).isSubsetOf("id", "if", "uses", "with", "run");
      }
      if (job.has("needs")) {
        assertThat(keys(workflow.get("jobs"))).contains(job.get("needs").asText());
      }
    }
  }

  @Test
  void githubMergesAsManyShardsAsItStarts() throws Exception {
    JsonNode jobs = read(GITHUB).get("jobs");
    JsonNode load = jobs.get("load");
    JsonNode merge = jobs.get("merge");
    ParseResult options = merge(elements(merge.get("steps")).map(step -> step.path("run")));

    assertThat(elements(load.at("/strategy/matrix/shard")).map(JsonNode::asInt))
        .containsExactly(1, 2, 3, 4);
    assertThat(options.<Integer>matchedOptionValue("--expect", 0)).isEqualTo(4);
    assertThat(load.at("/strategy/fail-fast").asBoolean(true)).isFalse();
    assertThat(load.at("/env/LLM_SHARD").asText())
        .isEqualTo("${{ matrix.shard }}/${{ strategy.job-total }}");
    assertThat(merge.get("if").asText()).isEqualTo("${{ !cancelled() }}");
  }

  @Test
  void githubUploadsWhatTheMergeDownloads() throws Exception {
    JsonNode jobs = read(GITHUB).get("jobs");
    JsonNode upload = step(jobs.get("load"), "actions/upload-artifact");
    JsonNode download = step(jobs.get("merge"), "actions/download-artifact");

    assertThat(upload.at("/with/name").asText()).startsWith("shard-");
    assertThat(upload.get("if").asText()).isEqualTo("${{ !cancelled() }}");
    assertThat(download.at("/with/pattern").asText()).isEqualTo("shard-*");
    assertThat(download.at("/with/path").asText()).isEqualTo("shards");
  }

  private static JsonNode step(JsonNode job, String action) {
    return elements(job.get("steps"))
        .filter(step -> step.path("uses").asText().startsWith(action + "@"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void startNothingWithoutAServer(@TempDir Path work) throws Exception {
    List<String> scripts =
        List.of(
            read(GITHUB).at("/jobs/start/steps/0/run").asText(),
            elements(read(GITLAB).at("/start/script"))
                .map(JsonNode::asText)
                .collect(Collectors.joining("\n")));

    for (String script : scripts) {
      assertThat(status(work, script, "")).isNotZero();
      assertThat(status(work, script, "http://gpu1:8000")).isZero();
    }
  }

  private static int status(Path work, String script, String server) throws Exception {
    ProcessBuilder bash = new ProcessBuilder("bash", "-e", "-c", script);
    bash.environment().put("LLM_BASE_URL", server);
    bash.environment().put("GITHUB_OUTPUT", work.resolve("output").toString());
    return bash.directory(work.toFile()).start().waitFor();
  }

  @Test
  void gitlabsJobsHaveKnownKeys() throws Exception {
    JsonNode pipeline = read(GITLAB);
    Set<String> stages =
        elements(pipeline.get("stages")).map(JsonNode::asText).collect(Collectors.toSet());

    assertThat(keys(pipeline))
        .containsExactlyInAnyOrder("stages", "default", "start", "load", "merge");
    for (String name : List.of("start", "load", "merge")) {
      JsonNode job = pipeline.get(name);
      assertThat(keys(job))
          .contains("stage", "script", "artifacts")
          .isSubsetOf(
              "stage", "script", "after_script", "artifacts", "parallel", "variables", "when");
      assertThat(stages).contains(job.get("stage").asText());
      // a line with a colon and a space would be a map
      assertThat(elements(job.get("script"))).allMatch(JsonNode::isTextual);
    }
  }

  @Test
  void gitlabMergesAsManyShardsAsItStarts() throws Exception {
    JsonNode pipeline = read(GITLAB);
    ParseResult options = merge(elements(pipeline.at("/merge/script")));

    assertThat(options.<Integer>matchedOptionValue("--expect", 0))
        .isEqualTo(pipeline.at("/load/parallel").asInt());
    assertThat(pipeline.at("/load/variables/LLM_SHARD").asText()).isEqualTo("auto");
    assertThat(pipeline.at("/merge/when").asText()).isEqualTo("always");
    assertThat(pipeline.at("/merge/artifacts/reports/junit").asText())
        .isEqualTo("merged/assertions.xml");
  }
}
