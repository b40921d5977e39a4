package dev.gatlingllm.benchmarks;

import dev.gatlingllm.server.EngineProfile;
import dev.gatlingllm.server.ServerSettings;
import dev.gatlingllm.server.SimulatedServer;
import dev.gatlingllm.server.engine.EngineSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Runs the simulated server in a process of its own for a benchmark. It prints its address. For
 * each line of its input, the name of a file, it writes the requests since the last line into that
 * file. It ends with its input.
 */
public final class BenchmarkServer {

  /** Number of requests in the truth log, each with room for 64 tokens. */
  private static final int REMEMBERED = 400_000;

  static final String READY = "ready at ";
  static final String WRITTEN = "written";

  private BenchmarkServer() {}

  /**
   * Serves until the input ends.
   *
   * @param arguments milliseconds of the engine: before the first step, of each step, and of a step
   *     for each sequence in it; zeros for no waiting at all
   */
  public static void main(String[] arguments) throws IOException {
    System.setProperty("logback.configurationFile", "dev/gatlingllm/cli/logback.xml");
    ServerSettings settings =
        ServerSettings.builder()
            .engine(engine(Arrays.stream(arguments).mapToDouble(Double::parseDouble).toArray()))
            .workers(Runtime.getRuntime().availableProcessors())
            .maxModelTokens(1 << 20)
            .truthCapacity(REMEMBERED)
            .build();
    try (SimulatedServer server = SimulatedServer.start(settings);
        BufferedReader orders =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println(READY + server.baseUrl());
      long since = System.nanoTime();
      for (String file; (file = orders.readLine()) != null; ) {
        StreamMoments.write(since(server, since), Path.of(file));
        since = System.nanoTime();
        System.out.println(WRITTEN);
      }
    }
  }

  private static EngineSettings engine(double[] millis) {
    return EngineProfile.INSTANT.settings().toBuilder()
        .overhead(nanos(millis[0]))
        .stepBase(nanos(millis[1]))
        .stepPerSequence(nanos(millis[2]))
        .jitter(0.1)
        .build();
  }

  private static Duration nanos(double millis) {
    return Duration.ofNanos(Math.round(millis * 1e6));
  }

  private static List<StreamMoments> since(SimulatedServer server, long nanos) {
    return server.truth().stream()
        .filter(truth -> truth.times().endNanos() - nanos > 0)
        .map(
            truth ->
                new StreamMoments(
                    truth.id(), truth.times().receivedNanos(), truth.times().tokenNanos()))
        .toList();
  }
}
