package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.COMPLETIONS;
import static dev.gatlingllm.server.Client.message;
import static dev.gatlingllm.server.Texts.TOKENIZER;
import static dev.gatlingllm.server.Texts.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Models, tokenizer, version and headers. */
class InfoEndpointsTest {

  @AutoClose
  private final SimulatedServer server =
      SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT).modelName("Qwen/Qwen3-8B"));

  private final Client client = new Client(server);

  @Test
  void findsModelByName() {
    JsonNode listed = client.get("/v1/models").at("/data/0");

    assertThat(client.get("/v1/models/Qwen/Qwen3-8B")).isEqualTo(listed);
    assertThat(client.get("/v1/models/Qwen%2FQwen3-8B")).isEqualTo(listed);
    var other = client.send("GET", "/v1/models/gpt-5", "");
    assertThat(other.statusCode()).isEqualTo(404);
    assertThat(Client.json(other.body()).at("/error/code").asText()).isEqualTo("model_not_found");
    assertThat(client.send("DELETE", "/v1/models/gpt-5", "").statusCode()).isEqualTo(405);
  }

  @Test
  void rejectsInvalidPath() throws IOException {
    try (Wire wire = new Wire(server)) {
      wire.send("GET /v1/models/%ZZ HTTP/1.1\r\nHost: localhost\r\n\r\n");

      assertThat(wire.readUntil("\r\n")).startsWith("HTTP/1.1 400");
    }
  }

  @Test
  void tokenizesAndDetokenizes() {
    String text = text(50, 1) + " größer 漢字";
    JsonNode tokens = client.post("/tokenize", Map.of("prompt", text, "return_token_strs", true));

    assertThat(tokens.path("count").asInt()).isEqualTo(TOKENIZER.count(text));
    assertThat(tokens.path("max_model_len").asInt()).isEqualTo(32_768);
    assertThat(ids(tokens)).containsExactly(TOKENIZER.encode(text));
    assertThat(tokens.path("token_strs")).hasSize(ids(tokens).length);
    assertThat(client.post("/detokenize", Map.of("tokens", ids(tokens))).path("prompt").asText())
        .isEqualTo(text);
  }

  @Test
  void tokenizesChatLikeItsPrompt() {
    var messages = List.of(message("system", text(20, 1)), message("user", text(9, 2)));

    assertThat(client.post("/tokenize", Map.of("messages", messages)).path("count").asInt())
        .isEqualTo(29);
    assertThat(client.post("/tokenize", Map.of("prompt", "")).path("tokens")).isEmpty();
  }

  @Test
  void rejectsInvalidTokens() {
    var response = client.send("POST", "/detokenize", "{\"tokens\":[1,9999999]}");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Client.json(response.body()).at("/error/message").asText())
        .contains("'tokens' must be an array of token ids below")
        .endsWith("got 9999999.");
  }

  @Test
  void returnsVersion() {
    assertThat(client.get("/version").path("version").asText()).matches("\\d+\\.\\d+\\.\\d+.*");
  }

  @Test
  void echoesRequestId() {
    for (String body : List.of("{\"prompt\":\"hi\"}", "{\"prompt\":\"hi\",\"stream\":true}", "{")) {
      var named =
          HttpRequest.newBuilder(URI.create(server.baseUrl() + COMPLETIONS))
              .header("X-Request-Id", "mine-1")
              .POST(BodyPublishers.ofString(body));
      var response =
          HttpClient.newHttpClient().sendAsync(named.build(), BodyHandlers.ofString()).join();

      assertThat(response.headers().allValues("x-request-id")).containsExactly("mine-1");
      assertThat(client.send("POST", COMPLETIONS, body).headers().firstValue("x-request-id"))
          .hasValueSatisfying(id -> assertThat(id).startsWith("req_"));
    }
  }

  @Test
  void tellsTheTimeInEachResponse() {
    for (String body : List.of("{\"prompt\":\"hi\"}", "{\"prompt\":\"hi\",\"stream\":true}", "{")) {
      Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      String date =
          client.send("POST", COMPLETIONS, body).headers().firstValue("date").orElseThrow();
      assertThat(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)))
          .isBetween(before, Instant.now());
    }
  }

  private static int[] ids(JsonNode tokenized) {
    return StreamSupport.stream(tokenized.path("tokens").spliterator(), false)
        .mapToInt(JsonNode::asInt)
        .toArray();
  }
}
