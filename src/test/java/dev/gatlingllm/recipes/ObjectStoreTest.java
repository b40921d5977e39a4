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

/** The scripts that send reports to an object store, with programs that print what they get. */
@DisabledOnOs(OS.WINDOWS)
class ObjectStoreTest {

  private static final Path SCRIPTS = Path.of("examples/kubernetes/overlays/object-store");

  @TempDir private Path work;

  /** Each look at the store finds one more generator that has ended. */
  @BeforeEach
  void layOutPrograms() throws IOException {
    program(
        "rclone",
        """
        echo "rclone $*" >> "$WORK/calls"
        case $1 in
          lsf) echo 0 >> "$WORK/ended"; cat "$WORK/ended" ;;
          rcat) cat > /dev/null ;;
        esac
        [ "$1" != "${FAILING:-}" ]
        """);
    // a pod's container is told to end while it waits
    program("sleep", "[ \"$1\" != 3600 ] || kill -TERM \"$PPID\"\n");
  }

  private void program(String name, String script) throws IOException {
    Path file = Files.createDirectories(work.resolve("bin")).resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private int run(String script, Map<String, String> more) throws Exception {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("PATH", work.resolve("bin") + ":/usr/bin:/bin");
    environment.put("WORK", work.toString());
    environment.put("STORE", "store:bucket/reports");
    environment.put("RUN", "monday");
    environment.put("REPORTS", work.resolve("reports").toString());
    environment.put("TMPDIR", work.toString());
    environment.put("LLM_SHARDS", "3");
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", SCRIPTS.resolve(script).toString()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(output).isEmpty();
    return process.waitFor();
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(work.resolve("calls"));
  }

  @Test
  void aGeneratorsMarkFollowsItsReports() throws Exception {
    assertThat(run("upload", Map.of("JOB_COMPLETION_INDEX", "2"))).isZero();

    assertThat(calls())
        .containsExactly(
            "rclone rcat --low-level-retries=1 store:bucket/reports/monday/begun/2",
            "rclone copy " + work.resolve("reports/monday") + " store:bucket/reports/monday",
            "rclone rcat store:bucket/reports/monday/ended/2");
  }

  @Test
  void nothingBeginsBeforeTheStoreHasBeenWritten() throws Exception {
    assertThat(run("upload", Map.of("FAILING", "rcat"))).isNotZero();
    assertThat(work.resolve("begun")).doesNotExist();

    assertThat(run("upload", Map.of())).isZero();
    assertThat(work.resolve("begun")).exists();
  }

  @Test
  void reportsThatDidNotArriveHaveNoMark() throws Exception {
    assertThat(run("upload", Map.of("JOB_COMPLETION_INDEX", "2", "FAILING", "copy"))).isNotZero();

    assertThat(calls()).noneMatch(call -> call.contains("ended"));
  }

  @Test
  void theMergeSendsItsReportWithoutAMark() throws Exception {
    assertThat(run("upload", Map.of())).isZero();

    assertThat(calls())
        .containsExactly(
            "rclone rcat --low-level-retries=1 store:bucket/reports/monday/begun/merge",
            "rclone copy " + work.resolve("reports/monday") + " store:bucket/reports/monday");
  }

  @Test
  void theMergeGetsReportsWhenAllGeneratorsHaveEnded() throws Exception {
    assertThat(run("download", Map.of())).isZero();

    String look = "rclone lsf store:bucket/reports/monday/ended";
    assertThat(calls())
        .containsExactly(
            look,
            look,
            look,
            "rclone copy store:bucket/reports/monday/shards "
                + work.resolve("reports/monday/shards"));
  }
}
