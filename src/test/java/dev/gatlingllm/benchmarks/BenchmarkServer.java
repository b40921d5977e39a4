package dev.gatlingllm.benchmarks;

import dev.gatlingllm.server.ServerSettings;
import dev.gatlingllm.server.SimulatedServer;
import dev.gatlingllm.server.engine.EngineProfile;
import dev.gatlingllm.server.engine.EngineSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The simulated server in a process of its own, at the orders of a benchmark: it says where it
 * listens, and for each line that it is sent, the name of a file, it writes there what has happened
 * since the last one. It ends with its input.
 */
public final class BenchmarkServer {

  /** Requests of the truth log, for each of which it has room for 64 tokens. */
  private static final int REMEMBERED = 400_000;

  static final String READY = "ready at ";
  static final String WRITTEN = "written";

  private BenchmarkServer() {}

  /**
   * Serves until the input ends.
   *
   * @param arguments milliseconds to the first token, and from one token to the next; two zeros for
   *     no waiting at all
   */
  public static void main(String[] arguments) throws IOException {
    System.setProperty("logback.configurationFile", "dev/gatlingllm/server/logback-command.xml");
    ServerSettings settings =
        ServerSettings.builder()
            .engine(engine(Double.parseDouble(arguments[0]), Double.parseDouble(arguments[1])))
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

  private static EngineSettings engine(double firstTokenMillis, double tokenMillis) {
    return EngineProfile.INSTANT.settings().toBuilder()
        .overhead(nanos(Math.max(0, firstTokenMillis - tokenMillis)))
        .stepBase(nanos(tokenMillis))
        .jitter(0.1)
        .build();
  }

  private static Duration nanos(double millis) {
    return Duration.ofNanos(Math.round(millis * 1e6));
  }

  private static List<StreamMoments> since(SimulatedServer server, long nanos) {
    return server.truth().stream()
        .filter(truth -> truth.endNanos() - nanos > 0)
        .map(truth -> new StreamMoments(truth.id(), truth.receivedNanos(), truth.tokenNanos()))
        .toList();
  }
}
