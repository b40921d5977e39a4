package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.JavaSources;
import dev.gatlingllm.benchmarks.GatlingHost;
import dev.gatlingllm.benchmarks.ShortRun;
import dev.gatlingllm.cli.Main;
import dev.gatlingllm.prompt.Tokenizers;
import dev.gatlingllm.server.EngineProfile;
import dev.gatlingllm.server.RequestTruth;
import dev.gatlingllm.server.ServerSettings;
import dev.gatlingllm.server.SimulatedServer;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs of the benchmark of the contract, in forks, against a server of this process. */
@Order(1)
class BenchCommandIT {

  private static final Pattern ARGUMENT_FILE = Pattern.compile(" @(\\S+)");

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private final List<String> output = new ArrayList<>();
  private Consumer<String> listener = line -> {};

  private int run(SimulatedServer server, String options) throws Exception {
    PrintWriter out =
        new PrintWriter(Writer.nullWriter(), true) {
          @Override
          public void println(String line) {
            output.add(line);
            listener.accept(line);
          }
        };
    List<String> words = new ArrayList<>(List.of(options.split(" ")));
    words.addAll(List.of("contract.PrefixBenchmark", "-rf", "json"));
    words.addAll(List.of("-rff", results().toString()));
    words.addAll(List.of("-reports", reports().toString()));
    words.addAll(
        List.of(
            "-jvmArgs",
            "-Xmx256m "
                + String.join(" ", ShortRun.OPTIONS)
                + " "
                + String.join(" ", GatlingHost.archive())
                + " -Dllm.tokenizer=r50k_base -Dllm.baseUrl="
                + server.baseUrl()));
    // other tests check the pages of the reports
    words.add("-Dgatling.charting.noReports=true");
    return Main.of(new BenchCommand())
        .setOut(out)
        .setErr(out)
        .execute(words.toArray(String[]::new));
  }

  private Path results() {
    return folder.resolve("results.json");
  }

  private Path reports() {
    return folder.resolve("reports");
  }

  private JsonNode rows() throws IOException {
    return JSON.readTree(results().toFile());
  }

  @Test
  void refusesAFolderOfReportsThatCannotBeWrittenBeforeTheFirstFork() throws IOException {
    Files.writeString(reports(), "a file");
    StringWriter err = new StringWriter();

    int status =
        Main.of(new BenchCommand())
            .setErr(new PrintWriter(err))
            .execute("contract.PrefixBenchmark", "-reports", reports().toString());

    assertThat(status).isEqualTo(2);
    assertThat(err)
        .hasToString(
            "-reports must be a folder that can be written, got %s (a file is in the way)%n"
                .formatted(reports()));
  }

  @Test
  void measuresEveryCombinationAndItsIntervalContainsTheTruth() throws Exception {
    ServerSettings uncached =
        ServerSettings.builder()
            .tokenizer(Tokenizers.resolve("r50k_base"))
            .engine(EngineProfile.PLEASANT.settings().toBuilder().prefixCaching(false).build())
            .build();
    try (SimulatedServer server = SimulatedServer.start(uncached)) {
      int status =
          run(server, "-f 2 -wi 1 -w 1s -i 2 -r 2500ms -p users=4 -p systemPromptTokens=64,4096");
      List<List<Double>> truths = truths(server);

      // on a very busy machine a fork may have too few samples; the run then reports a failure
      boolean failed = output.stream().anyMatch(line -> line.startsWith("# FAILED"));
      assertThat(status).as("%s", output).isEqualTo(failed ? 1 : 0);
      assumeThat(failed).as("%s", output).isFalse();
      assertThat(rows()).as("%s", output).hasSize(2);
      for (int i = 0; i < 2; i++) {
        assertIntervalContains(rows().get(i).get("primaryMetric"), truths.get(i));
      }
      // 4,096 tokens to read at 20,000 tokens/s
      assertThat(leastOf(rows().get(1))).isGreaterThan(204.8);
      assertThat(leastOf(rows().get(0))).isLessThan(leastOf(rows().get(1)));
      assertThat(output)
          .contains("# 4 forks, 00:00:24 of load; with starts and reports about 00:00:44")
          .noneMatch(line -> line.contains("has no effect"))
          .anyMatch(line -> line.startsWith("# Run progress: 75.00% complete, ETA 00:00:"));
    }
  }

  /** The last user of an open load is done before the load is, unless many come. */
  @Test
  void scoresAnOpenLoadThatLastsAsLongAsItsIterations() throws Exception {
    String classPath = folder + File.pathSeparator + ClassPath.text();
    // compiled here, as a list of the benchmarks has every public class on the class path
    JavaSources.compile(Path.of("src/test/resources/SparseBenchmark.java"), classPath, folder);
    try (SimulatedServer server = SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT))) {
      Process bench =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  classPath,
                  "-Dllm.baseUrl=" + server.baseUrl(),
                  Main.class.getName(),
                  "bench",
                  "SparseBenchmark",
                  "-f",
                  "1",
                  "-wi",
                  "0",
                  "-i",
                  "2",
                  "-r",
                  "2s",
                  "-metric",
                  "ttft,responsesPerSecond",
                  "-rf",
                  "json",
                  "-rff",
                  results().toString(),
                  "-reports",
                  reports().toString())
              .redirectErrorStream(true)
              .start();
      String console = new String(bench.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(bench.waitFor()).as(console).isOne();
      assertThat(console)
          .contains("ended without a score; its load may have ended before the last iteration");
      assertThat(rows()).as(console).hasSize(1);
      assertThat(rows().get(0).at("/params/percent").asText()).isEqualTo("100");
      JsonNode others = rows().get(0).get("secondaryMetrics");
      assertThat(others.at("/responsesPerSecond/score").asDouble()).isEqualTo(1);
      assertThat(others.has("clientCpuPercent")).isTrue();
      try (Stream<Path> all = Files.walk(reports())) {
        assertThat(all.filter(file -> file.endsWith("tokens.json")))
            .as("the reports have the same window")
            .extracting(file -> JSON.readTree(file.toFile()).at("/run/durationSeconds").asDouble())
            .contains(4.0);
      }
    }
  }

  private static void assertIntervalContains(JsonNode score, List<Double> truths) {
    double error = score.get("scoreError").asDouble(Double.NaN);
    if (!Double.isNaN(error)) {
      assertThat(score.get("score").asDouble())
          .as("%s, measured by the server: %s", score, truths)
          .isCloseTo(
              truths.stream().mapToDouble(value -> value).average().orElseThrow(), within(error));
    }
  }

  private static double leastOf(JsonNode row) {
    double least = Double.POSITIVE_INFINITY;
    for (JsonNode fork : row.at("/primaryMetric/rawData")) {
      for (JsonNode value : fork) {
        if (!Double.isNaN(value.asDouble(Double.NaN))) {
          least = Math.min(least, value.asDouble());
        }
      }
    }
    return least;
  }

  /** For each combination the true TTFT p50 of each of its forks. */
  private List<List<Double>> truths(SimulatedServer server) throws IOException {
    List<List<Double>> truths = new ArrayList<>();
    int forks = 0;
    for (Path fork : forks()) {
      if (forks++ % 2 == 0) {
        truths.add(new ArrayList<>());
      }
      List<Double> values = new ArrayList<>();
      for (String line : Files.readAllLines(fork.resolve("requests.jsonl"))) {
        JsonNode request = JSON.readTree(line);
        if (Character.isDigit(request.get("iteration").asText().charAt(0))) {
          RequestTruth truth = server.truth(request.get("responseId").asText()).orElseThrow();
          values.add((truth.times().tokenNanos()[0] - truth.times().receivedNanos()) / 1e6);
        }
      }
      truths.get(truths.size() - 1).add(median(values));
    }
    return truths;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get((values.size() + 1) / 2 - 1);
  }

  /** The folders of the forks' reports, in their order. */
  private List<Path> forks() throws IOException {
    try (Stream<Path> all = Files.list(reports())) {
      return all.filter(Files::isDirectory).sorted().toList();
    }
  }

  @Test
  void keepsResultsIfAForkIsKilledAndTheServerStops() throws Exception {
    SimulatedServer server =
        SimulatedServer.start(s -> s.tokenizer(Tokenizers.resolve("r50k_base")));
    try {
      listener =
          line -> {
            if (line.startsWith("# Warmup Iteration") && forksSoFar() == 1) {
              killForks();
            } else if (line.startsWith("# Fork: ") && forksSoFar() == 3) {
              server.close();
            }
          };
      int status =
          run(server, "-f 1 -wi 1 -w 1s -i 2 -r 1s -p users=1,2,3 -p systemPromptTokens=64");

      assertThat(status).isEqualTo(1);
      assertThat(rows()).as("%s", output).hasSize(1);
      assertThat(rows().get(0).at("/params/users").asText()).isEqualTo("2");
      assertThat(output)
          .contains("# FAILED: this fork ended without a score, with exit code 137")
          // on a very busy machine the fork between them may have too few samples
          .containsAnyOf("# 2 forks FAILED; see above", "# 3 forks FAILED; see above")
          .contains("# 1 of 3 combinations have a result")
          .anyMatch(line -> line.contains("no server answers at 127.0.0.1"))
          .anyMatch(line -> line.contains("PrefixBenchmark"));
    } finally {
      server.close();
    }
  }

  /** Kills the forks of this test alone: other tests run beside it. */
  private void killForks() {
    ProcessHandle.current()
        .children()
        .filter(child -> isForkOfThisTest(child.info().commandLine().orElse("")))
        .forEach(ProcessHandle::destroyForcibly);
  }

  /** Settings stand in a file that the command line names. */
  private boolean isForkOfThisTest(String command) {
    Matcher file = ARGUMENT_FILE.matcher(command);
    try {
      return file.find() && Files.readString(Path.of(file.group(1))).contains(reports().toString());
    } catch (IOException e) {
      return false;
    }
  }

  private long forksSoFar() {
    return output.stream().filter(line -> line.startsWith("# Fork: ")).count();
  }
}
