package dev.gatlingllm.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What a client exports its metrics to: a collector, and a reader of its Prometheus endpoint. */
final class Observers implements AutoCloseable {

  /** As in Prometheus' example configuration. */
  private static final int SCRAPE_SECONDS = 15;

  private final HttpServer collector;
  private final int port;
  private final HttpClient reader = HttpClient.newHttpClient();
  private final ScheduledExecutorService scrapes =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "scrapes");
            thread.setDaemon(true);
            return thread;
          });

  Observers() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext("/", Observers::take);
    collector.start();
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    scrapes.scheduleAtFixedRate(this::scrape, SCRAPE_SECONDS, SCRAPE_SECONDS, TimeUnit.SECONDS);
  }

  private static void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private void scrape() {
    try {
      reader.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
          BodyHandlers.discarding());
    } catch (IOException notYet) {
      // the client is starting or gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  JavaProcess givenTo(JavaProcess process) {
    return process
        .with("llm.otlp", "http://127.0.0.1:" + collector.getAddress().getPort())
        .with("llm.prometheusPort", port);
  }

  @Override
  public void close() {
    scrapes.shutdownNow();
    collector.stop(0);
  }
}
