package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.COMPLETIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class AdminTest {

  private static final Map<String, ?> STREAMED =
      Map.of("prompt", "hi", "max_tokens", 3, "stream", true);

  private SimulatedServer server;
  private Client client;

  @BeforeEach
  void start() {
    server = SimulatedServer.start(settings -> settings.engine(EngineProfile.INSTANT).seed(4));
    client = new Client(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> put(String body) {
    return client.send("PUT", "/admin/faults", body);
  }

  private List<JsonNode> truths(String query) {
    return client.send("GET", "/admin/truth" + query, "").body().lines().map(Client::json).toList();
  }

  @Test
  void changesFaultsWhileTheServerRuns() {
    put("{\"faults\":[\"429=1:20s\"],\"seed\":9}");
    HttpResponse<String> refused = client.send("POST", COMPLETIONS, Client.write(STREAMED));
    JsonNode told = client.get("/admin/faults");
    client.send("DELETE", "/admin/faults", "");
    HttpResponse<String> good = client.send("POST", COMPLETIONS, Client.write(STREAMED));

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("20");
    assertThat(told.at("/faults/0").asText()).isEqualTo("429=1:20s");
    assertThat(told.at("/seed").asInt()).isEqualTo(9);
    assertThat(told.at("/met/429").asInt()).isEqualTo(1);
    assertThat(told.at("/met/reset").asInt()).isZero();
    assertThat(good.statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"faults":["rest=0.1"]}            | did you mean reset?
          {"faults":["reset=0.7","429=0.7"]} | must be at most 1, got 1.4
          {"faults":"reset=0.1"}             | The body must be {\\"faults\\":[
          {"faults":[],"seed":"x"}           | an optional whole number
          nonsense                           | could not parse
          """)
  void rejectsInvalidFaultsWithoutChange(String body, String words) {
    put("{\"faults\":[\"close=0.5\"]}");
    HttpResponse<String> refused = put(body);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains(words);
    assertThat(client.get("/admin/faults").at("/faults/0").asText()).isEqualTo("close=0.5");
  }

  @Test
  void returnsTruthInPages() {
    client.stream(COMPLETIONS, STREAMED);
    client.send("POST", COMPLETIONS, "{}");
    client.post(COMPLETIONS, Map.of("prompt", "hi"));

    List<JsonNode> all = truths("");
    assertThat(all).extracting(t -> t.get("sequence").asInt()).containsExactly(1, 2, 3);
    assertThat(all)
        .extracting(t -> t.get("outcome").asText())
        .containsExactly("complete", "refused", "complete");
    JsonNode first = all.get(0);
    assertThat(first.get("tokenNanos")).hasSize(3);
    assertThat(first.get("receivedNanos").asLong())
        .isEqualTo(server.truth().get(0).times().receivedNanos());
    assertThat(all.get(1).get("status").asInt()).isEqualTo(400);
    assertThat(all.get(1).get("inputTokens").isNull()).isTrue();
    assertThat(all.get(1).get("admittedNanos").isNull()).isTrue();
    assertThat(truths("?since=1&limit=1")).containsExactly(all.get(1));
    assertThat(truths("?since=3")).isEmpty();

    client.send("DELETE", "/admin/truth", "");
    assertThat(truths("")).isEmpty();
    client.stream(COMPLETIONS, STREAMED);
    assertThat(truths("?since=3")).extracting(t -> t.get("sequence").asInt()).containsExactly(4);
  }

  @Test
  void resetsPrefixCache() {
    Map<String, ?> prompt = Map.of("prompt", Texts.text(40, 1), "max_tokens", 2);
    for (int i = 0; i < 2; i++) {
      client.post(COMPLETIONS, prompt);
    }
    HttpResponse<String> reset = client.send("POST", "/reset_prefix_cache", "");
    client.post(COMPLETIONS, prompt);

    assertThat(reset.statusCode()).isEqualTo(200);
    assertThat(server.truth())
        .extracting(truth -> truth.tokens().cached())
        .containsExactly(0, 32, 0);
  }

  @Test
  void rejectsInvalidPages() {
    assertThat(client.get("/admin/truth?since=x").at("/error/message").asText())
        .contains("'since' must be a whole number", "got x");
    assertThat(client.get("/admin/truth?limit=100000").at("/error/param").asText())
        .isEqualTo("limit");
  }

  @Test
  void hasNoAdminPathsIfDisabled() {
    try (var closed = SimulatedServer.start(settings -> settings.admin(false))) {
      assertThat(new Client(closed).send("GET", "/admin/truth", "").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void writesTruthToFile(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("truth.jsonl");
    String told;
    try (var logging =
        SimulatedServer.start(settings -> settings.engine(EngineProfile.INSTANT).truthLog(file))) {
      Client other = new Client(logging);
      for (int i = 0; i < 100; i++) {
        other.stream(COMPLETIONS, STREAMED);
      }
      told = other.send("GET", "/admin/truth", "").body();
      // nothing is closed, as when a process is killed
      while (Files.size(file) < told.length()) {
        Thread.onSpinWait();
      }
    }

    assertThat(file).hasContent(told.stripTrailing());
  }

  @Test
  void reportsUnwritableTruthFile(@TempDir Path folder) {
    assertThatThrownBy(
            () -> SimulatedServer.start(settings -> settings.truthLog(folder.resolve("no/file"))))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("its folder must exist");
  }
}
