package dev.gatlingllm.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.samples.SharedPrefixChat;
import dev.gatlingllm.server.RequestTruth;
import dev.gatlingllm.server.ServerSettings;
import dev.gatlingllm.server.SimulatedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Compares what was measured with what was: TTFT and ICL of a run against the moments at which the
 * simulated server, in a process of its own, received each request and wrote each token. On demand:
 *
 * <pre>{@code
 * mvn test-compile exec:java@accuracy
 * mvn test-compile exec:java@accuracy -Dexec.args="500"
 * }</pre>
 *
 * The argument is the number of conversations in flight, 100 where none is given. What the client
 * adds, and what the loopback and a machine shared with the server add, is one figure here. Exits
 * with 1 where a median is a millisecond or more.
 */
public final class AccuracyCheck {

  private static final double LIMIT_MILLIS = 1;

  private AccuracyCheck() {}

  /** Runs the check for one minute at most and prints it. */
  public static void main(String[] arguments) throws Exception {
    int users = arguments.length == 0 ? 100 : Integer.parseInt(arguments[0]);
    Path results = Files.createTempDirectory("gatling-llm-accuracy");
    try (SimulatedServer server = SimulatedServer.start(ServerSettings.builder().build())) {
      Run run =
          new GatlingFork(results)
              .with("llm.baseUrl", server.baseUrl())
              .with("llm.users", users)
              .with("llm.warmup", "10s")
              .with("llm.duration", "20s")
              .with("llm.chunkTimes", true)
              // equal replies would keep all conversations in step, and send all turns at once
              .with("llm.outputTokens", "uniform(32,96)")
              .run(SharedPrefixChat.class);
      if (run.exit() != 0) {
        throw new IllegalStateException(run.output());
      }
      Errors ttft = new Errors("TTFT");
      Errors icl = new Errors("ICL");
      for (JsonNode request : run.requests()) {
        if (request.get("iteration").asText().equals("1")) {
          server
              .truth(request.get("responseId").asText())
              .ifPresent(truth -> compare(request, truth, ttft, icl));
        }
      }
      System.out.printf(
          Locale.ROOT,
          "%n%d conversations in flight, measured − true, in ms:%n%s%n%s%n",
          users,
          ttft,
          icl);
      System.exit(ttft.median() < LIMIT_MILLIS && icl.median() < LIMIT_MILLIS ? 0 : 1);
    }
  }

  private static void compare(JsonNode request, RequestTruth truth, Errors ttft, Errors icl) {
    long[] written = truth.tokenNanos();
    JsonNode arrived = request.get("chunkMillis");
    ttft.add(request.get("ttftMillis").asDouble() - millis(written[0] - truth.receivedNanos()));
    for (int i = 1; i < written.length; i++) {
      double measured = arrived.get(i).asDouble() - arrived.get(i - 1).asDouble();
      icl.add(measured - millis(written[i] - written[i - 1]));
    }
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }

  /** The errors of one metric; their size is judged, a shift to either side alike. */
  private static final class Errors {

    private final String metric;
    private final List<Double> errors = new ArrayList<>();

    Errors(String metric) {
      this.metric = metric;
    }

    void add(double error) {
      errors.add(Math.abs(error));
    }

    double median() {
      return quantile(0.5);
    }

    private double quantile(double share) {
      Collections.sort(errors);
      return errors.get((int) Math.ceil(share * (errors.size() - 1)));
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%-5s %,9d samples   median %.3f   p95 %.3f   p99 %.3f   worst %.3f",
          metric,
          errors.size(),
          median(),
          quantile(0.95),
          quantile(0.99),
          quantile(1));
    }
  }
}
