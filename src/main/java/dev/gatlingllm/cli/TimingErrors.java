package dev.gatlingllm.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.bench.ClassPath;
import dev.gatlingllm.gatling.HiddenSimulation;
import dev.gatlingllm.server.EngineProfile;
import dev.gatlingllm.server.RequestTruth;
import dev.gatlingllm.server.ServerSettings;
import dev.gatlingllm.server.SimulatedServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * How far a client's times are off, at one load: what a Gatling process measured, compared with
 * what the simulated server in this process recorded.
 *
 * @param streams open at once
 * @param tokensPerSecond that arrived, each in an event of its own
 * @param ttft absolute errors of the times to first token, in nanoseconds
 * @param icl absolute errors of the times between tokens, in nanoseconds
 */
record TimingErrors(int streams, double tokensPerSecond, Histogram ttft, Histogram icl) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of a server with a pleasant pace. */
  private static final Duration FIRST_TOKEN = Duration.ofMillis(40);

  private static final Duration TOKEN = Duration.ofMillis(10);

  /** Time for the client to start and stop, in addition to the load. */
  private static final int TIMEOUT_SECONDS = 180;

  /** Requests that the server remembers. */
  private static final int REMEMBERED = 400_000;

  /**
   * A load of the client.
   *
   * @param responseTokens mean length of a response
   */
  record Load(int warmupSeconds, int seconds, int responseTokens) {}

  /** Returns whether 99 % of times were so exact; false if nothing was measured. */
  boolean within(double millis) {
    return ttftMillis() <= millis && iclMillis() <= millis;
  }

  /** Returns how far off 99 % of times to first token were at most. */
  double ttftMillis() {
    return millis(ttft, 99);
  }

  /** Returns how far off 99 % of times between tokens were at most. */
  double iclMillis() {
    return millis(icl, 99);
  }

  /** Returns a percentile of errors in milliseconds; NaN if nothing was measured. */
  static double millis(Histogram errors, double percentile) {
    return errors.getTotalCount() == 0 ? Double.NaN : errors.getValueAtPercentile(percentile) / 1e6;
  }

  /**
   * Runs a load.
   *
   * @throws IOException if the client fails; the message has the end of its output
   */
  static TimingErrors measure(int streams, Load load) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("gatling-llm-calibration");
    try (SimulatedServer server = SimulatedServer.start(server(streams))) {
      runClient(streams, load, server.baseUrl(), folder);
      return compare(streams, server, folder);
    } finally {
      delete(folder);
    }
  }

  /** A step of the engine is spread over the streams, so that their tokens are evenly apart. */
  private static ServerSettings server(int streams) {
    return ServerSettings.builder()
        .engine(
            EngineProfile.INSTANT.settings().toBuilder()
                .overhead(FIRST_TOKEN)
                .stepPerSequence(TOKEN.dividedBy(streams))
                .jitter(0.1)
                .build())
        .truthCapacity(REMEMBERED)
        .build();
  }

  private static void runClient(int streams, Load load, String baseUrl, Path folder)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    Process client =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1G",
                // Gatling writes its log by way of String's internals
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Dllm.baseUrl=" + baseUrl,
                "-Dllm.users=" + streams,
                "-Dllm.warmup=" + load.warmupSeconds() + "s",
                "-Dllm.duration=" + load.seconds() + "s",
                "-Dllm.chunkTimes=true",
                "-D" + CalibrationLoad.RESPONSE_TOKENS + "=" + load.responseTokens(),
                ClassPath.asArgument(),
                HiddenSimulation.class.getName(),
                CalibrationLoad.class.getName(),
                "-rf",
                folder.toString(),
                "-nr")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int timeout = load.warmupSeconds() + load.seconds() + TIMEOUT_SECONDS;
    try {
      if (!client.waitFor(timeout, TimeUnit.SECONDS) || client.exitValue() != 0) {
        List<String> lines = Files.readAllLines(output);
        throw new IOException(
            "The client failed:\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - 25), lines.size())));
      }
    } finally {
      client.destroyForcibly();
    }
  }

  private static TimingErrors compare(int streams, SimulatedServer server, Path folder)
      throws IOException {
    Path run;
    try (Stream<Path> folders = Files.list(folder)) {
      run = folders.filter(Files::isDirectory).findFirst().orElseThrow();
    }
    Histogram ttft = new Histogram(3);
    Histogram icl = new Histogram(3);
    try (BufferedReader lines = Files.newBufferedReader(run.resolve("requests.jsonl"))) {
      for (String line; (line = lines.readLine()) != null; ) {
        JsonNode response = JSON.readTree(line);
        if (response.path("iteration").asText().equals("1")
            && response.path("status").asText().equals("OK")) {
          RequestTruth truth = server.truth(response.path("responseId").asText()).orElseThrow();
          add(response.path("chunkMillis"), truth, ttft, icl);
        }
      }
    }
    JsonNode tokens = JSON.readTree(run.resolve("tokens.json").toFile());
    return new TimingErrors(
        streams, tokens.at("/totals/outputTokensPerSecond").asDouble(), ttft, icl);
  }

  private static void add(JsonNode chunkMillis, RequestTruth truth, Histogram ttft, Histogram icl) {
    long[] written = truth.times().tokenNanos();
    if (chunkMillis.size() != written.length) {
      throw new IllegalStateException(
          truth.id() + ": " + chunkMillis.size() + " tokens arrived of " + written.length);
    }
    for (int i = 0; i < written.length; i++) {
      long before = i == 0 ? truth.times().receivedNanos() : written[i - 1];
      double measured =
          chunkMillis.get(i).asDouble() - (i == 0 ? 0 : chunkMillis.get(i - 1).asDouble());
      long error = Math.abs(Math.round(measured * 1e6) - (written[i] - before));
      (i == 0 ? ttft : icl).recordValue(error);
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> paths = Files.walk(folder)) {
      all = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }
}
