package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.CHAT;
import static dev.gatlingllm.server.Client.message;
import static dev.gatlingllm.server.Texts.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TruthTest {

  /** 10 ms, 1 ms for 100 tokens, then 2 ms a token. */
  private static final Pace PACE =
      new Pace(Duration.ofMillis(10), 100_000, Duration.ofMillis(2), 0);

  @Test
  void aStreamsTruthHasATimeForEachTokenAndNoneBeforeItIsDue() {
    try (var server = SimulatedServer.start(ServerSettings.builder().pace(PACE).build())) {
      long sent = System.nanoTime();
      List<String> events =
          new Client(server)
              .stream(
                  CHAT,
                  Map.of(
                      "messages",
                      List.of(message("user", text(100, 1))),
                      "max_tokens",
                      20,
                      "stream",
                      true));
      long ended = System.nanoTime();
      RequestTruth truth =
          server.truth(Client.json(events.get(0)).path("id").asText()).orElseThrow();

      assertThat(truth).hasToString("chatcmpl-1: 100 tokens in, 0 cached, 20 out");
      assertThat(truth.complete()).isTrue();
      long[] tokens = truth.tokenNanos();
      assertThat(tokens).hasSize(20).isSorted();
      assertThat(
              List.of(
                  sent,
                  truth.receivedNanos(),
                  truth.firstWriteNanos(),
                  tokens[0],
                  tokens[19],
                  truth.endNanos(),
                  ended))
          .isSorted();
      for (int i = 0; i < tokens.length; i++) {
        assertThat(tokens[i] - truth.receivedNanos())
            .isGreaterThanOrEqualTo((11 + 2 * i) * 1_000_000L);
      }
    }
  }

  @Test
  void aWholeReplysTruthHasNoTokenTimes() {
    try (var server = SimulatedServer.start(ServerSettings.builder().pace(PACE).build())) {
      new Client(server)
          .post(CHAT, Map.of("messages", List.of(message("user", "hi")), "max_tokens", 3));
      RequestTruth truth = server.truth().get(0);

      assertThat(truth.outputTokens()).isEqualTo(3);
      assertThat(truth.tokenNanos()).isEmpty();
      assertThat(truth.firstWriteNanos() - truth.receivedNanos()).isGreaterThan(14_000_000L);
    }
  }
}
