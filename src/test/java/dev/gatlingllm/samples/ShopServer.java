package dev.gatlingllm.samples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gatlingllm.server.SimulatedServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * The system under test of {@link ShopAssistant}: a shop with a login, products, and an assistant
 * that takes the prompt from a JSON object and asks a simulated server.
 */
final class ShopServer {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TOKEN = "session-of-a-customer";

  private final HttpServer http;
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI model;

  private ShopServer(HttpServer http, URI model) {
    this.http = http;
    this.model = model;
  }

  /** Starts a shop on a free loopback port, which runs until the process ends. */
  static ShopServer start() {
    try {
      SimulatedServer server = SimulatedServer.start();
      HttpServer http =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      ShopServer shop = new ShopServer(http, URI.create(server.baseUrl() + "/v1/chat/completions"));
      http.createContext("/login", exchange -> json(exchange, "{\"token\":\"" + TOKEN + "\"}"));
      http.createContext("/products", exchange -> json(exchange, "[\"kettle\",\"toaster\"]"));
      http.createContext("/assistant", shop::ask);
      http.setExecutor(
          Executors.newCachedThreadPool(
              task -> {
                Thread thread = new Thread(task, "shop");
                thread.setDaemon(true);
                return thread;
              }));
      http.start();
      return shop;
    } catch (IOException e) {
      throw new IllegalStateException("the shop could not be started", e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  /** Takes the request out of its envelope, and streams the model's response. */
  private void ask(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode envelope = JSON.readTree(exchange.getRequestBody());
      if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      HttpRequest request =
          HttpRequest.newBuilder(model)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(envelope.get("request").toString()))
              .build();
      HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(response.statusCode(), 0);
      try (InputStream in = response.body();
          OutputStream out = exchange.getResponseBody()) {
        byte[] chunk = new byte[8192];
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
          out.write(chunk, 0, read);
          out.flush();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void json(HttpExchange exchange, String body) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
