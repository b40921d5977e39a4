package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.COMPLETIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ApiKeysTest {

  @AutoClose
  private final SimulatedServer server =
      SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT).apiKey("sk-one").apiKey("sk-two"));

  private HttpResponse<String> ask(String path, String authorization) {
    var request =
        HttpRequest.newBuilder(URI.create(server.baseUrl() + path))
            .POST(BodyPublishers.ofString("{\"prompt\":\"hi\"}"));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return HttpClient.newHttpClient().sendAsync(request.build(), BodyHandlers.ofString()).join();
  }

  @Test
  void acceptsEachKey() {
    assertThat(ask(COMPLETIONS, "Bearer sk-one").statusCode()).isEqualTo(200);
    assertThat(ask(COMPLETIONS, "bearer  sk-two").statusCode()).isEqualTo(200);
  }

  @Test
  void rejectsMissingAndWrongKeysWithoutShowingThem() {
    var response = ask(COMPLETIONS, "Bearer sk-three");

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().firstValue("www-authenticate")).contains("Bearer");
    assertThat(Client.json(response.body()).at("/error/code").asText())
        .isEqualTo("invalid_api_key");
    assertThat(response.body()).doesNotContain("sk-");
    assertThat(ask(COMPLETIONS, "Bearer sk-on").statusCode()).isEqualTo(401);
    for (String none : new String[] {null, "Basic c2stb25l", "sk-one"}) {
      assertThat(Client.json(ask(COMPLETIONS, none).body()).at("/error/message").asText())
          .startsWith("You didn't provide an API key.");
    }
  }

  @Test
  void settingsDoNotShowKeys() {
    ServerSettings settings = ServerSettings.builder().apiKey("sk-secret").build();

    assertThat(settings.toString()).doesNotContain("secret");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerSettings.builder().apiKey(" ").build())
        .withMessage("apiKey must be a key, got blank");
  }
}
