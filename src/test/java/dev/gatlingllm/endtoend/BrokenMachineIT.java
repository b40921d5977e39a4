package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.endtoend.Interrupted.Event;
import dev.gatlingllm.endtoend.Interrupted.Moment;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Totals;
import dev.gatlingllm.report.StateFile;
import dev.gatlingllm.samples.SharedPrefixChat;
import dev.gatlingllm.server.SimulatedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever happens to the machine, a run keeps what it has measured, says what is missing, and does
 * not claim success.
 */
@EnabledOnOs(OS.LINUX)
@Order(5)
class BrokenMachineIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int RESPONSES = Interrupted.USERS * Interrupted.TURNS;
  private static final int UNTIL_SIGNAL = Interrupted.USERS * Interrupted.TURNS_UNTIL_SIGNAL;

  private static SimulatedServer server;

  @TempDir Path work;

  @BeforeAll
  static void startServer() {
    server = SimulatedServer.start(s -> s.tokenizer(GatlingFork.TOKENIZER));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private GatlingFork fork(Path results, Moment moment, Event event) {
    return new GatlingFork(results)
        .with("llm.baseUrl", server.baseUrl())
        .with("moment", moment)
        .with("event", event);
  }

  /** Returns the requests of a run; the last line of a killed one may be half a line. */
  private static List<JsonNode> requests(Path folder) throws IOException {
    String text = Files.readString(folder.resolve("requests.jsonl"));
    List<JsonNode> requests = new ArrayList<>();
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      requests.add(JSON.readTree(line));
    }
    return requests;
  }

  private static long count(List<JsonNode> requests, String status) {
    return requests.stream()
        .filter(request -> request.get("status").asText().equals(status))
        .count();
  }

  static Stream<Arguments> signals() {
    return Stream.of(
        Arguments.of(Event.KILL, Moment.DURING_THE_LOAD),
        // nothing is written after it
        Arguments.of(Event.KILL, Moment.DURING_THE_REPORT),
        // Java handles these two alike
        Arguments.of(Event.TERM, Moment.BEFORE_THE_LOAD),
        Arguments.of(Event.INT, Moment.DURING_THE_LOAD),
        Arguments.of(Event.TERM, Moment.BEFORE_THE_FILES),
        Arguments.of(Event.TERM, Moment.DURING_THE_REPORT),
        Arguments.of(Event.INT, Moment.AFTER_THE_REPORT));
  }

  @ParameterizedTest(name = "SIG{0} {1}")
  @MethodSource("signals")
  void keepsWhatWasMeasuredBeforeASignal(Event event, Moment moment) throws Exception {
    Run run =
        fork(work, moment, event)
            // a parent in the background of a shell ignores SIGINT, and its children inherit that
            .wrappedBy("env", "--default-signal=INT,TERM")
            .run(Interrupted.class);

    // a process that ends already does not notice another request to end
    boolean isTooLate = moment == Moment.AFTER_THE_REPORT && event != Event.KILL;
    assertThat(run.exit()).as(run.output()).isEqualTo(isTooLate ? 0 : event.exit());
    assertThat(run.output()).doesNotContain("could not be written");
    List<JsonNode> requests = requests(run.folder());
    StateFile state = StateFile.read(run.folder()).orElseThrow();
    assertThat(run.folder().resolve("tokens.json").toFile().exists()).isEqualTo(state.complete());
    if (state.complete()) {
      Totals totals = state.state().summary().overall().totals();
      assertThat(totals.ok()).isEqualTo(count(requests, "OK"));
      assertThat(totals.ko()).isEqualTo(count(requests, "KO"));
      assertThat(totals.count(Figure.CUT)).isEqualTo(count(requests, "CUT"));
      assertThat(run.tokens().at("/totals/ok").asLong()).isEqualTo(totals.ok());
      assertThat(run.tokens().at("/totals/cut").asLong()).isEqualTo(totals.count(Figure.CUT));
    }
    switch (moment) {
      case BEFORE_THE_LOAD -> assertThat(requests).hasSizeLessThan(UNTIL_SIGNAL);
      case DURING_THE_LOAD -> {
        assertThat(requests).isNotEmpty().hasSizeLessThan(UNTIL_SIGNAL);
        assertThat(state.complete()).isEqualTo(event != Event.KILL);
      }
      case BEFORE_THE_FILES, DURING_THE_REPORT, AFTER_THE_REPORT -> {
        assertThat(count(requests, "OK")).isEqualTo(RESPONSES);
        assertThat(state.complete()).isTrue();
      }
    }
  }

  /** A file system that fills up, or else a process that may not write a file of any size. */
  @Test
  void namesWhatAFullDiskLost() throws Exception {
    Path disk = Files.createDirectory(work.resolve("disk"));
    boolean isMounted = succeeds("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString());
    try {
      GatlingFork fork =
          fork(disk, Moment.DURING_THE_LOAD, isMounted ? Event.FULL_DISK : Event.NONE)
              .printingTo(work.resolve("output.txt"));
      if (!isMounted) {
        fork.wrappedBy("sh", "-c", "ulimit -f 8; exec \"$@\"", "sh");
      }
      Run run = fork.run(Interrupted.class);

      assertThat(run.exit()).as(run.output()).isEqualTo(3);
      assertThat(run.output())
          .contains("requests.jsonl could not be written: IOException: ")
          .contains("tokens.json could not be written: IOException: ")
          .contains("this run is incomplete");
      // neither empty files nor parts of them
      assertThat(run.folder().toFile().list())
          .doesNotContain("tokens.json")
          .noneMatch(file -> file.endsWith(".part"));
      assertThat(requests(run.folder())).hasSizeLessThan(RESPONSES);
      assertThat(StateFile.read(run.folder()).orElseThrow().complete()).isFalse();
    } finally {
      if (isMounted) {
        succeeds("umount", disk.toString());
      }
    }
  }

  private static boolean succeeds(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).start().waitFor() == 0;
  }

  @Test
  void writesEachFileWhateverBecomesOfTheOthers() throws Exception {
    Run run =
        fork(work, Moment.DURING_THE_LOAD, Event.OBSTACLES)
            .wrappedBy("sh", "-c", "umask 077; exec \"$@\"", "sh")
            .run(Interrupted.class);

    assertThat(run.exit()).as(run.output()).isEqualTo(3);
    assertThat(run.output())
        .contains("tokens.json could not be written: ")
        .contains("customSmallerIsBetter.json could not be written: ")
        .doesNotContain("customBiggerIsBetter.json could not");
    assertThat(run.folder().resolve("customBiggerIsBetter.json")).isRegularFile();
    assertThat(StateFile.read(run.folder()).orElseThrow().complete()).isTrue();
    assertThat(run.page("index.html")).contains("llm-data");
    for (String file : List.of("tokens-state.json.gz", "requests.jsonl")) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(run.folder().resolve(file))))
          .as(file)
          .isEqualTo("rw-------");
    }
  }

  @Test
  void reportsThatFileDescriptorsRanOut() throws Exception {
    Files.writeString(work.resolve("index.html"), "<html>mine</html>");
    Run run =
        new GatlingFork(work)
            .wrappedBy("sh", "-c", "ulimit -n 250; exec \"$@\"", "sh")
            .with("llm.baseUrl", server.baseUrl())
            .with("llm.users", 250)
            .with("llm.warmup", "0s")
            .with("llm.duration", "2s")
            .with("llm.systemPromptTokens", 16)
            .with("llm.outputTokens", 16)
            .run(SharedPrefixChat.class);

    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.tokens().at("/failures/out of file descriptors/count").asInt()).isPositive();
    assertThat(run.tokens().at("/notes").findValuesAsText("text"))
        .anyMatch(text -> text.contains("(ulimit -n is 250)"));
    assertThat(run.tokens().at("/totals/requests").asInt())
        .isEqualTo(
            run.requests().stream()
                .filter(r -> !r.get("iteration").asText().equals("drain"))
                .count());
    // another program's page is left alone, and that is said
    assertThat(run.output()).contains("there is no list of runs");
    assertThat(Files.readString(work.resolve("index.html"))).isEqualTo("<html>mine</html>");
  }
}
