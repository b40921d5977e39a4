package dev.gatlingllm.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.server.EngineProfile;
import dev.gatlingllm.server.RequestTruth;
import dev.gatlingllm.server.SimulatedServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * The simulated server in a JUnit test of your own client: streams, errors and slow responses on
 * demand, and a record of what was really sent.
 *
 * <p>It needs neither Gatling nor this project's DSL. It takes a free port and starts in
 * milliseconds. The header {@code X-Simulated-Fault} injects a fault into a request.
 *
 * <pre>{@code
 * mvn test -Dtest=Sample14ServerInATest
 * }</pre>
 */
class Sample14ServerInATest {

  private static final String BODY =
      """
      {"messages": [{"role": "user", "content": "hello"}], "max_tokens": 5, "stream": true}
      """;

  @AutoClose
  private final SimulatedServer server =
      SimulatedServer.start(settings -> settings.engine(EngineProfile.INSTANT));

  private final HttpClient client = HttpClient.newHttpClient();

  private HttpResponse<Stream<String>> ask(String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.baseUrl() + "/v1/chat/completions"))
            .POST(BodyPublishers.ofString(BODY));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofLines());
  }

  @Test
  void readsTheStreamToItsEnd() throws Exception {
    assertThat(ask().body()).endsWith("data: [DONE]", "");

    assertThat(server.truth()).singleElement().matches(RequestTruth::complete);
  }

  @Test
  void seesTheRateLimit() throws Exception {
    HttpResponse<Stream<String>> response = ask("X-Simulated-Fault", "429;for=3s");

    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("3");
  }
}
