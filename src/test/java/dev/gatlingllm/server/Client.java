package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** A minimal HTTP client for OpenAI's two APIs. */
final class Client {

  static final String CHAT = "/v1/chat/completions";
  static final String COMPLETIONS = "/v1/completions";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final SimulatedServer server;

  Client(SimulatedServer server) {
    this.server = server;
  }

  HttpResponse<String> send(String method, String path, String body) {
    return sendAsync(method, path, body).join();
  }

  CompletableFuture<HttpResponse<String>> sendAsync(String method, String path, String body) {
    var request =
        HttpRequest.newBuilder(URI.create(server.baseUrl() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.sendAsync(request, BodyHandlers.ofString());
  }

  JsonNode get(String path) {
    return json(send("GET", path, "").body());
  }

  JsonNode post(String path, Map<String, ?> body) {
    return json(send("POST", path, write(body)).body());
  }

  /** Returns the data of a stream's events, including {@code [DONE]}. */
  List<String> stream(String path, Map<String, ?> body) {
    return events(send("POST", path, write(body)).body());
  }

  static List<String> events(String body) {
    return Stream.of(body.split("\n\n")).map(event -> event.substring("data: ".length())).toList();
  }

  /** Returns the text of each chunk that has one. */
  static List<String> texts(List<String> events) {
    return events.stream()
        .filter(event -> !event.equals("[DONE]"))
        .map(event -> json(event).path("choices").path(0))
        .map(choice -> choice.path("delta").path("content").asText(choice.path("text").asText()))
        .filter(text -> !text.isEmpty())
        .toList();
  }

  static Map<String, String> message(String role, Object content) {
    return Map.of("role", role, "content", content.toString());
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
