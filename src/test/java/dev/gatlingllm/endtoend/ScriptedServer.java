package dev.gatlingllm.endtoend;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A loopback server that answers as a test says, and remembers what it was asked. */
final class ScriptedServer implements AutoCloseable {

  /** How it answers one request, whose body has been read. */
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final List<String> bodies = new CopyOnWriteArrayList<>();

  private ScriptedServer(HttpServer server) {
    this.server = server;
  }

  static ScriptedServer start(Answer answer) throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ScriptedServer scripted = new ScriptedServer(http);
    http.createContext(
        "/",
        exchange -> {
          scripted.bodies.add(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          try (exchange) {
            answer.to(exchange);
          }
        });
    // a run looks for the server's own metrics, which is no request of the test
    for (String path : List.of("/metrics", "/prometheus/metrics")) {
      http.createContext(
          path,
          exchange -> {
            try (exchange) {
              exchange.sendResponseHeaders(404, -1);
            }
          });
    }
    http.setExecutor(
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "scripted-server");
              thread.setDaemon(true);
              return thread;
            }));
    http.start();
    return scripted;
  }

  /** Always the same status and body. */
  static Answer always(int status, String contentType, String body) {
    return exchange -> send(exchange, status, contentType, body);
  }

  static void send(HttpExchange exchange, int status, String contentType, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", contentType);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** A streamed chat response of some words, ended as told. */
  static String stream(String ending, String... words) {
    StringBuilder stream = new StringBuilder();
    for (String word : words) {
      stream
          .append(
              "data: {\"id\":\"chatcmpl-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"")
          .append(word)
          .append("\"}}]}\n\n");
    }
    return stream.append(ending).toString();
  }

  String baseUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<String> bodies() {
    return bodies;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
