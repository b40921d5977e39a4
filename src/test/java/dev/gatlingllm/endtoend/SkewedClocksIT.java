package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.bench.ClassPath;
import dev.gatlingllm.benchmarks.ShortRun;
import dev.gatlingllm.cli.Main;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.metrics.Interval;
import dev.gatlingllm.metrics.ServerClock;
import dev.gatlingllm.report.StateFile;
import dev.gatlingllm.report.runs.MergeCommand;
import dev.gatlingllm.samples.SharedPrefixChat;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three load generators in networks of their own, whose clocks differ. */
class SkewedClocksIT {

  /** Seconds by which the clock of each load generator is ahead of this machine's. */
  private static final List<Double> AHEAD = List.of(0.35, 45.0, -90.0);

  /** All load generators run side by side for so long, in which the server's header changes. */
  private static final Duration TOGETHER = Duration.ofSeconds(2);

  private static final int PORT = 8000;

  @TempDir Path work;

  /** A load generator. */
  private record Generator(GatlingFork fork, Process process) {}

  @Test
  void theMergeTellsHowFarTheClocksDiffer() throws Exception {
    String library = fakeTime();
    List<Run> runs = new ArrayList<>();
    try (Network network = network()) {
      Process server = server(network);
      List<Generator> generators = new ArrayList<>();
      try {
        for (int i = 0; i < AHEAD.size(); i++) {
          generators.add(start(network, i, library));
        }
        awaitAllSideBySide(generators);
        generators.forEach(generator -> generator.process.destroy());
        for (Generator generator : generators) {
          runs.add(generator.fork.ended(generator.process));
        }
      } finally {
        generators.forEach(generator -> generator.process.destroyForcibly());
        server.destroyForcibly().waitFor();
      }
    }

    assertTellsOffsets(runs);
    assertMerges(runs);
  }

  private static Network network() {
    try {
      return new Network(AHEAD.size());
    } catch (IOException problem) {
      return abort("no network namespaces: this takes root and iproute2 (" + problem + ")");
    }
  }

  /** Returns the library that changes the wall clock of a process and leaves the other one. */
  private static String fakeTime() throws IOException {
    try (Stream<Path> files = Files.find(Path.of("/usr/lib"), 3, (file, is) -> isFakeTime(file))) {
      Optional<Path> library = files.findFirst();
      assumeTrue(library.isPresent(), "faketime is not installed (Debian's package)");
      return library.orElseThrow().toString();
    }
  }

  private static boolean isFakeTime(Path file) {
    return file.endsWith("libfaketimeMT.so.1");
  }

  private static Process server(Network network) throws IOException {
    List<String> command = new ArrayList<>(List.of(network.on(0)));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ShortRun.OPTIONS);
    command.addAll(List.of("-Xmx512m", ClassPath.asArgument(), Main.class.getName(), "server"));
    command.addAll(List.of("--host", network.address(0), "--port", Integer.toString(PORT)));
    command.addAll(List.of("--tokenizer", GatlingFork.TOKENIZER.name()));
    Process server =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader said = server.inputReader();
    String ready = said.readLine();
    assertThat(ready).contains("Simulated LLM server");
    return server;
  }

  private Generator start(Network network, int index, String library) throws IOException {
    GatlingFork fork =
        new GatlingFork(Files.createDirectory(work.resolve("generator-" + index)))
            .wrappedBy(network.on(index + 1))
            .wrappedBy(
                "env",
                "LD_PRELOAD=" + library,
                "FAKETIME=%+.3f".formatted(AHEAD.get(index)),
                // times that threads wait are monotonic, too
                "FAKETIME_DONT_FAKE_MONOTONIC=1",
                "FAKETIME_FORCE_MONOTONIC_FIX=0")
            .with("llm.baseUrl", "http://" + network.address(0) + ":" + PORT)
            .with("llm.shard", index + 1 + "/" + AHEAD.size())
            .with("llm.usersPerShard", 3)
            .with("llm.warmup", "0s")
            .with("llm.duration", "10m")
            .with("llm.outputTokens", 8)
            .with("llm.serverMetrics", "off");
    return new Generator(fork, fork.start(SharedPrefixChat.class));
  }

  /** Waits until all load generators have sent requests for some time at once. */
  private static void awaitAllSideBySide(List<Generator> generators) throws Exception {
    for (Generator generator : generators) {
      generator.fork.await(generator.process, lines -> !lines.isEmpty());
    }
    for (Generator generator : generators) {
      int before = generator.fork.lines().size();
      generator.fork.await(
          generator.process,
          lines ->
              lines.size() > before
                  && startMillis(lines.get(lines.size() - 1)) - startMillis(lines.get(before))
                      >= TOGETHER.toMillis());
    }
  }

  private static double startMillis(String line) {
    try {
      return new ObjectMapper().readTree(line).get("startMillis").asDouble();
    } catch (IOException broken) {
      throw new AssertionError(broken);
    }
  }

  private static void assertTellsOffsets(List<Run> runs) throws IOException {
    List<ServerClock> clocks = new ArrayList<>();
    for (Run run : runs) {
      clocks.add(StateFile.readHead(run.folder()).orElseThrow().run().clock());
    }
    for (int i = 0; i < runs.size(); i++) {
      double millis = 1_000 * AHEAD.get(i);
      assertThat(clocks.get(i).aheadMillis())
          .as("the server's clock, by generator %s", i)
          .matches(interval -> interval.contains(-millis));
      Interval interval = clocks.get(i).aheadMillisOf(clocks.get(0), true);
      assertThat(interval)
          .as("generator %s beside generator 0", i)
          .matches(between -> between.contains(millis - 1_000 * AHEAD.get(0)));
      assertThat(interval.high() - interval.low())
          .as("width in ms of generator %s, where one header of each alone tells two seconds", i)
          .isLessThan(1_500);
    }
  }

  /** By their own clocks, the runs were minutes apart. */
  private void assertMerges(List<Run> runs) throws IOException {
    Path merged = work.resolve("merged");
    List<String> words = new ArrayList<>(List.of("--into", merged.toString()));
    runs.forEach(run -> words.add(run.folder().toString()));
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said, true);
    int status =
        Main.of(new MergeCommand()).setOut(out).setErr(out).execute(words.toArray(String[]::new));

    assertThat(status).as(said.toString()).isZero();
    JsonNode tokens = new ObjectMapper().readTree(merged.resolve("tokens.json").toFile());
    assertThat(tokens.get("notes"))
        .filteredOn(note -> note.get("kind").asText().equals("merged-clocks"))
        .singleElement()
        .satisfies(
            note ->
                assertThat(note.get("text").asText())
                    .containsSubsequence(name(runs.get(2)), "behind", name(runs.get(1)), "ahead"));
    assertThat(tokens.at("/run/durationSeconds").asDouble())
        .as("seconds from the first start to the last end, by one clock")
        .isLessThan(90);
  }

  private static String name(Run run) {
    return run.folder().getFileName().toString();
  }
}
