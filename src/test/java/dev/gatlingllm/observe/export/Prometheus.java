package dev.gatlingllm.observe.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A real Prometheus, of Debian's package, that scrapes one port of the loopback interface. */
final class Prometheus implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 60;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final Path log;
  private final int port;

  /**
   * Starts it.
   *
   * @param target port to scrape
   * @param folder an empty one, for its data
   * @param options beyond those that every test needs
   */
  Prometheus(int target, Path folder, String... options) throws IOException {
    port = freePort();
    log = folder.resolve("prometheus.log");
    Path configuration = folder.resolve("prometheus.yml");
    Files.writeString(
        configuration,
        """
        scrape_configs:
          - job_name: gatling-llm
            scrape_interval: 250ms
            scrape_timeout: 250ms
            static_configs:
              - targets: ['127.0.0.1:%d']
        """
            .formatted(target));
    List<String> command =
        new ArrayList<>(
            List.of(
                "prometheus",
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port));
    command.addAll(List.of(options));
    process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  /** Returns whether it is installed. */
  static boolean isInstalled() {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "prometheus")));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /**
   * Evaluates an expression.
   *
   * @return its series; empty as long as Prometheus does not answer
   * @throws AssertionError if the expression is invalid
   */
  List<JsonNode> query(String expression) throws InterruptedException {
    try {
      String url =
          "http://127.0.0.1:"
              + port
              + "/api/v1/query?query="
              + URLEncoder.encode(expression, UTF_8);
      String body =
          client
              .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
              .body();
      JsonNode answer = JSON.readTree(body);
      if (answer.path("status").asText().equals("error")) {
        throw new AssertionError(expression + ": " + answer.path("error").asText());
      }
      List<JsonNode> series = new ArrayList<>();
      answer.at("/data/result").forEach(series::add);
      return series;
    } catch (IOException notYet) {
      return List.of();
    }
  }

  /** Evaluates an expression until its first value is a number that is wanted. */
  double await(String expression, Predicate<Double> wanted) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    Optional<Double> value = Optional.empty();
    while (System.nanoTime() < end && process.isAlive()) {
      value = query(expression).stream().findFirst().map(Prometheus::value);
      if (value.filter(wanted).isPresent()) {
        return value.get();
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    throw new AssertionError(expression + ": " + value + "\n" + Files.readString(log));
  }

  private static double value(JsonNode series) {
    return Double.parseDouble(series.at("/value/1").asText().replace("Inf", "Infinity"));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
