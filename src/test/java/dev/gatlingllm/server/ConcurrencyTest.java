package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.CHAT;
import static dev.gatlingllm.server.Client.message;
import static dev.gatlingllm.server.Texts.TOKENIZER;
import static dev.gatlingllm.server.Texts.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ConcurrencyTest {

  private static final int STREAMS = 300;
  private static final int TOKENS = 30;

  @Test
  @Timeout(60)
  void completesManyConcurrentStreams() {
    var settings = ServerSettings.builder().engine(EngineProfile.FAST).workers(2).build();
    try (var server = SimulatedServer.start(settings)) {
      Client client = new Client(server);
      var responses =
          IntStream.range(0, STREAMS)
              .mapToObj(i -> client.sendAsync("POST", CHAT, request(i)))
              .toList();

      List<String> ids =
          responses.stream()
              .map(CompletableFuture::join)
              .map(response -> Client.events(response.body()))
              .peek(events -> assertThat(events).hasSize(TOKENS + 3).endsWith("[DONE]"))
              .peek(
                  events ->
                      assertThat(TOKENIZER.count(String.join("", Client.texts(events))))
                          .isEqualTo(TOKENS))
              .map(events -> Client.json(events.get(0)).path("id").asText())
              .toList();
      assertThat(server.truth())
          .allMatch(RequestTruth::complete)
          .extracting(RequestTruth::id)
          .containsExactlyInAnyOrderElementsOf(ids)
          .doesNotHaveDuplicates();
    }
  }

  private static String request(int user) {
    return Client.write(
        Map.of(
            "messages",
            List.of(message("system", text(500, 1)), message("user", text(10, user))),
            "max_tokens",
            TOKENS,
            "stream",
            true));
  }
}
