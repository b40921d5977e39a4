package dev.gatlingllm.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script that runs the Jobs, with a fake kubectl that records calls and returns set answers.
 */
@DisabledOnOs(OS.WINDOWS)
class KubernetesRunTest {

  private static final Path SCRIPT = Path.of("examples/kubernetes/run").toAbsolutePath();

  @TempDir private Path work;

  /** Each question about the merge is a step: generators end after the second, the merge later. */
  @BeforeEach
  void layOutPrograms() throws IOException {
    program(
        "kubectl",
        """
        echo "$*" >> "$WORK/calls"
        case $* in
          "get job llm-merge "*)
            echo >> "$WORK/steps"
            [ "$(wc -l < "$WORK/steps")" -lt 4 ] || echo Complete ;;
          "get job llm-load "*)
            [ "$(wc -l < "$WORK/steps")" -lt 2 ] || echo "$LOAD" ;;
          "get pods "*) echo "llm-load-0 ImagePullBackOff" ;;
          "get pod "*) echo "$STATUS" ;;
          "get pvc "*) [ -n "$VOLUME" ] ;;
          "logs -l "*) false ;;
          "apply -f -") cat > /dev/null ;;
        esac
        """);
    program("sleep", "");
  }

  private void program(String name, String script) throws IOException {
    Path file = Files.createDirectories(work.resolve("bin")).resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private record Ended(int status, String output, List<String> calls) {}

  private Ended run(Map<String, String> answers) throws Exception {
    Map<String, String> environment =
        new HashMap<>(Map.of("LOAD", "Complete", "STATUS", "0", "VOLUME", "yes"));
    environment.putAll(answers);
    environment.put("PATH", work.resolve("bin") + ":/usr/bin:/bin");
    environment.put("WORK", work.toString());
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", SCRIPT.toString(), "my cluster", "0")
            .directory(work.toFile())
            .redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output, Files.readAllLines(work.resolve("calls")));
  }

  @Test
  void bringsTheMergedReport() throws Exception {
    Ended ended = run(Map.of());

    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(ended.calls())
        .contains("apply -k my cluster")
        .anyMatch(call -> call.matches("cp llm-reader:/reports/(.*)/merged reports/\\1"));
  }

  @Test
  void leavesTheReportInAnObjectStore() throws Exception {
    Ended ended = run(Map.of("VOLUME", ""));

    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(ended.calls()).noneMatch(call -> call.startsWith("cp"));
  }

  @Test
  void exitsWithTheStatusOfTheMerge() throws Exception {
    assertThat(run(Map.of("STATUS", "2")).status()).isEqualTo(2);
    assertThat(run(Map.of("STATUS", "")).status()).isEqualTo(1);
  }

  @Test
  void showsPodsThatDoNotRunWhenTheLoadBegins() throws Exception {
    assertThat(run(Map.of()).output()).containsOnlyOnce("llm-load-0 ImagePullBackOff");
  }

  @Test
  void waitsForTheMergeWhereAGeneratorFailedWithoutALog() throws Exception {
    Ended ended = run(Map.of("LOAD", "FailureTarget Failed", "STATUS", "1"));

    assertThat(ended.output()).contains("The generators have ended: FailureTarget Failed");
    assertThat(ended.calls()).contains("logs job/llm-merge -c merge --tail=-1");
  }

  @Test
  void removesTheReaderThatABrokenCopyLeft() throws Exception {
    assertThat(run(Map.of()).calls().get(0)).startsWith("delete ").contains(" pod/llm-reader ");
  }
}
