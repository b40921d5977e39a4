package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Warmup;

/** Tests runs with a shell script in place of the forks' {@code java}. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "forks are shell scripts")
class MatrixRunTest {

  @Fork(2)
  @Warmup(iterations = 0)
  @Measurement(iterations = 2, time = 1)
  private static class Benchmark {
    @Param({"1", "2", "3"})
    int users;
  }

  @TempDir private Path folder;
  private final List<String> output = new ArrayList<>();
  private Consumer<String> listener = line -> {};
  private List<String> withoutEffect = List.of();
  private MatrixRun run;

  @BeforeEach
  void writeScript() throws IOException {
    script("");
  }

  /** A fork that runs a command, then sends its score; {@code $arguments} are its arguments. */
  private void script(String first) throws IOException {
    script(first, 5);
  }

  private void script(String first, double firstTtft) throws IOException {
    script(first, firstTtft, null);
  }

  private void script(String first, double firstTtft, Path report) throws IOException {
    ForkScores scores =
        new MeasuredFork()
            .iteration(firstTtft, Map.of("requests", 1_000.0))
            .iteration(7, Map.of("failures", 0.0))
            .withoutEffect(withoutEffect)
            .scores(report == null ? null : report.toString());
    Path script = folder.resolve("java");
    Files.writeString(
        script,
        """
        #!/bin/sh
        arguments=$(tr -d '"' <${1#@})
        messages=$(echo "$arguments" | sed -n 's/.*-forked //p')
        %s
        echo noise
        cat >>$messages <<'END'
        %sEND
        """
            .formatted(first, line(new ForkMessage(null, scores))));
    assertThat(script.toFile().setExecutable(true)).isTrue();
  }

  /** Returns a message as it stands in the file. */
  private String line(ForkMessage message) throws IOException {
    Path file = Files.createTempFile(folder, "message", "");
    message.send(file);
    return Files.readString(file);
  }

  private int run(String options) {
    PrintWriter out =
        new PrintWriter(Writer.nullWriter(), true) {
          @Override
          public void println(String line) {
            output.add(line);
            listener.accept(line);
          }

          @Override
          public PrintWriter printf(String format, Object... values) {
            println(String.format(format, values).stripTrailing());
            return this;
          }
        };
    BenchOptions parsed =
        BenchOptions.parse(
            options
                + " -rf json -rff "
                + results()
                + " -jvm "
                + folder.resolve("java")
                + " -reports "
                + folder.resolve("reports"));
    List<Combination> all = Combination.of(Benchmark.class, parsed);
    run =
        new MatrixRun(
            parsed.search().map(search -> search.bases(all)).orElse(all),
            parsed,
            ResultFile.of(parsed),
            out);
    return run.run();
  }

  private Path results() {
    return folder.resolve("results.json");
  }

  private List<String> measuredUsers() throws IOException {
    List<String> users = new ArrayList<>();
    for (JsonNode row : new ObjectMapper().readTree(results().toFile())) {
      users.add(row.at("/params/users").asText());
    }
    return users;
  }

  @Test
  void measuresEveryCombinationAndPrintsTheTableLast() throws IOException {
    assertThat(run("")).as("%s", output).isZero();

    assertThat(measuredUsers()).containsExactly("1", "2", "3");
    assertThat(output)
        .contains("# Fork: 2 of 2", "# Run progress: 50.00% complete, ETA 00:00:06")
        .doesNotContain("noise");
    assertThat(output.get(output.size() - 2))
        .containsPattern("Benchmark +1 +avgt +4 +6\\.000 ± 7\\.\\d+ +ms");
    assertThat(output.get(output.size() - 1)).isEqualTo("Results: " + results());
  }

  @Test
  void reportsKilledForkAndContinues() throws IOException {
    script("case \"$arguments\" in *users=2,1?-D*) echo last words; kill -9 $$;; esac");

    assertThat(run("")).isEqualTo(1);

    assertThat(measuredUsers()).containsExactly("1", "2", "3");
    assertThat(output)
        .contains("# FAILED: this fork ended without a score, with exit code 137")
        .contains("#   last words", "# 1 fork FAILED; see above");
    assertThat(folder.resolve("reports")).isDirectoryContaining("glob:**fork-*.log");
  }

  /** The fork that is missing may be the one that the server could not serve. */
  @Test
  void sustainsNoLoadOfWhichAForkFailed() throws IOException {
    script("case \"$arguments\" in *users=2,1?-D*) kill -9 $$;; esac");

    assertThat(run("-search users=1..4 -objective ttft-p50<1s")).isEqualTo(1);

    assertThat(output)
        .contains(
            "# Search result: 1 user met every objective. The search stopped early: users=2 could"
                + " not be measured: 1 of 2 forks have no score.");
  }

  /** Each load would be the same. */
  @Test
  void searchesNoSettingThatTheBenchmarkDoesNotUse() throws IOException {
    withoutEffect = List.of("llm.rate");
    script("");

    assertThat(run("-search rate=1..4 -objective ttft-p50<1s")).isEqualTo(1);

    assertThat(output)
        .contains(
            "# Search result: Nothing was measured. The search stopped early: rate=1 could not be"
                + " measured: llm.rate has no effect: this benchmark does not use the setting, or"
                + " states a value of its own.");
  }

  @Test
  void leavesOutCombinationWithoutAnyScore() throws IOException {
    script("case \"$arguments\" in *users=3*) exit 4;; esac");

    assertThat(run("")).isEqualTo(1);

    assertThat(measuredUsers()).containsExactly("1", "2");
    assertThat(output).contains("# 2 of 3 combinations have a result");
  }

  @Test
  void stopsAtFirstFailureWithFoe() throws IOException {
    script("case \"$arguments\" in *users=2*) exit 4;; esac");

    assertThat(run("-foe true")).isEqualTo(1);

    assertThat(measuredUsers()).containsExactly("1");
    assertThat(output)
        .contains("# 1 fork FAILED; see above")
        .noneMatch(l -> l.contains("users = 3"));
  }

  @ParameterizedTest(name = "exit code {0}")
  @CsvSource({"2, failed assertions", "3, a file that could not be written"})
  void keepsScoreOfForkWithAProblemThatIsNotItsLoad(int exit, String problem) throws IOException {
    Files.writeString(
        folder.resolve("java"),
        Files.readString(folder.resolve("java"))
            + "case \"$arguments\" in *users=1*) exit %d;; esac\n".formatted(exit));

    assertThat(run("")).isEqualTo(1);

    assertThat(measuredUsers()).containsExactly("1", "2", "3");
    assertThat(output)
        .as(problem)
        .anyMatch(line -> line.contains("has a score, but ended with exit code " + exit));
  }

  @Test
  void stopsForkAtItsTimeout() throws IOException {
    script("case \"$arguments\" in *users=1*) exec sleep 600;; esac");

    assertThat(run("-p users=1 -f 1 -r 1ms -to 300ms")).isEqualTo(1);

    assertThat(results()).doesNotExist();
    assertThat(output)
        .contains("# FAILED: this fork took longer than its load and 300 ms, and was stopped");
  }

  @Test
  void keepsResultsAndEndsForkWhenStopped() throws IOException {
    script(
        "case \"$arguments\" in *users=2,2?-D*) echo '"
            + line(new ForkMessage("now", null)).strip()
            + "' >>$messages; exec sleep 600;; esac");
    listener =
        line -> {
          if (line.equals("now")) {
            run.stop();
          }
        };

    assertThat(run("")).isEqualTo(1);

    assertThat(measuredUsers()).containsExactly("1", "2");
    assertThat(output)
        .contains("# FAILED: this fork was stopped")
        .anyMatch(line -> line.contains("Benchmark"));
    // other tests of this process may have children, too
    assertThat(ProcessHandle.current().children())
        .filteredOn(child -> child.info().commandLine().orElse("").contains("sleep 600"))
        .noneMatch(ProcessHandle::isAlive);
  }

  @Test
  void printsTableIfTheFileCannotBeWritten() throws IOException {
    listener =
        line -> {
          if (line.equals("# Parameters: (users = 2)")) {
            // as with a full disk, the file cannot be replaced
            results().toFile().delete();
            assertThat(results().resolve("in-the-way").toFile().mkdirs()).isTrue();
          }
        };

    assertThat(run("")).isEqualTo(1);

    assertThat(output)
        .anyMatch(line -> line.startsWith("# FAILED: " + results() + " could not be written"))
        .anyMatch(line -> line.contains("Benchmark        3"));
  }

  @Test
  void reportsIterationsWithoutAScore() throws IOException {
    script("", Double.NaN);

    assertThat(run("-p users=1")).isEqualTo(1);

    assertThat(output).contains("# FAILED: this fork measured no ttft·p50 in iterations [1]");
    assertThat(Files.readString(results())).contains("\"NaN\"");
  }

  @Test
  void reportsAForkWithTooFewSamplesForItsScore() throws IOException {
    assertThat(run("-p users=1 -f 1 -metric ttft·p999")).isEqualTo(1);

    assertThat(output)
        .contains("# FAILED: this fork has too few samples for ttft·p999: 2000, and it takes 5000");
    assertThat(Files.readString(results())).contains("\"figure\" : \"ttft·p999\"");
  }

  @Test
  void leavesWarmUpForksOutOfTheScore() throws IOException {
    script("case \"$arguments\" in *users=1,0?-D*) exit 4;; esac");

    assertThat(run("-p users=1 -f 1 -wf 1")).isEqualTo(1);

    assertThat(output).contains("# Warmup Fork: 1 of 1", "# Fork: 1 of 1");
    assertThat(measuredUsers()).containsExactly("1");
  }

  @Test
  void takesNoMessageFromTheOutputOfAFork() throws IOException {
    ForkScores scores = new MeasuredFork().iteration(0.001, Map.of()).scores();
    String message = line(new ForkMessage(null, scores)).strip();
    script(
        "printf '\\036{\"line\":\"Iteration 1: 0.001 ms\",\"scores\":null}\\n"
            + "'; printf '\\036%s\\n"
            + "' '"
            + message
            + "'; exit 0");

    assertThat(run("-p users=1 -f 1")).isEqualTo(1);

    assertThat(results()).doesNotExist();
    assertThat(output)
        .contains(
            "# FAILED: this fork ended without a score; its load may have ended before the last"
                + " iteration")
        .doesNotContain("Iteration 1: 0.001 ms");
  }

  @Test
  void showsNoSecretsOrControlCharactersInTheOutputOfAFork() throws IOException {
    script("printf 'key sk-proj-0123456789abcdef\\n\\tred \\033[31m\\n'; exit 4");

    assertThat(run("-p users=1 -f 1 -v extra -jvmArgs -Dmy.key=JVM0123")).isEqualTo(1);

    assertThat(output)
        .contains("#   key [redacted]", "key [redacted]", "#   \tred [31m")
        .contains("# VM options: -Dmy.key=[redacted]");
    try (Stream<Path> logs = Files.list(folder.resolve("reports"))) {
      assertThat(logs.toList())
          .allSatisfy(log -> assertThat(log).hasContent("key [redacted]\n\tred [31m"));
    }
  }

  @Test
  void leavesNoFilesOfSettingsBehind() throws IOException {
    script("echo ${1#@} >>$(dirname $0)/files");

    assertThat(run("-p users=1 -f 1")).isZero();
    assertThat(Path.of(Files.readString(folder.resolve("files")).strip()).getParent())
        .doesNotExist();
  }

  @Test
  void takesNoScoreFromAForkThatFailed() throws IOException {
    Files.writeString(
        folder.resolve("java"), Files.readString(folder.resolve("java")) + "echo why; exit 1\n");

    assertThat(run("-p users=1 -f 1")).isEqualTo(1);

    assertThat(results()).doesNotExist();
    assertThat(output)
        .contains("# FAILED: this fork ended without a score, with exit code 1", "#   why");
  }

  @Test
  void putsTheOutputOfAForkIntoTheFolderOfItsReport() throws IOException {
    Path report = Files.createDirectories(folder.resolve("reports/benchmark-1"));
    script("", 5, report);

    assertThat(run("-p users=1 -f 1")).isZero();

    assertThat(report.resolve("console.txt")).content().contains("noise");
    assertThat(output).contains("# Report: " + report.toRealPath().resolve("index.html"));
  }

  @Test
  void replacesNoFileWithTheOutputOfAFork() throws IOException {
    Path report = Files.createDirectories(folder.resolve("reports/benchmark-1"));
    Files.writeString(report.resolve("console.txt"), "mine");
    script("", 5, report);

    assertThat(run("-p users=1 -f 1")).isZero();

    assertThat(report.resolve("console.txt")).hasContent("mine");
  }

  @Test
  void takesNoReportFromOutsideTheReportsFolder() throws IOException {
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Files.createDirectories(folder.resolve("reports"));
    for (String named : List.of("elsewhere", "reports/../elsewhere", "reports", "missing")) {
      script("", 5, folder.resolve(named));

      assertThat(run("-p users=1 -f 1")).isZero();
    }

    assertThat(elsewhere).isEmptyDirectory();
    assertThat(folder.resolve("reports/console.txt")).doesNotExist();
    assertThat(output).noneMatch(line -> line.startsWith("# Report:"));
  }

  @Test
  void keepsSettingsOffTheCommandLineOfAFork() throws IOException {
    script(
        "echo \"$*\" >>$(dirname $0)/command; ls -ld ${1#@} $(dirname ${1#@}) >>$(dirname"
            + " $0)/modes");

    assertThat(
            run(
                "-p users=1 -f 1 -Dllm.extraBody={\"api_key\":\"sk-secret\"} -jvmArgs"
                    + " -Dmy.key=sk-other"))
        .isZero();

    assertThat(folder.resolve("command")).content().startsWith("@").doesNotContain("sk-", "-D");
    assertThat(Files.readAllLines(folder.resolve("modes")))
        .satisfiesExactlyInAnyOrder(
            file -> assertThat(file).startsWith("-rw-------"),
            folder -> assertThat(folder).startsWith("drwx------"));
  }
}
