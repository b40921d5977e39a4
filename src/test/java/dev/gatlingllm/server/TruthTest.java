package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.CHAT;
import static dev.gatlingllm.server.Client.message;
import static dev.gatlingllm.server.Texts.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.server.engine.EngineSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TruthTest {

  /** An overhead of 10 ms, 1 ms per 100 prompt tokens, and 2 ms per token. */
  private static final EngineSettings LAW =
      EngineProfile.FAST.settings().toBuilder()
          .overhead(Duration.ofMillis(10))
          .prefillTokensPerSecond(100_000)
          .stepBase(Duration.ofMillis(2))
          .build();

  @Test
  void recordsTimeOfEachStreamedTokenNotBeforeItsDueTime() {
    try (var server = SimulatedServer.start(ServerSettings.builder().engine(LAW).build())) {
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

      assertThat(truth).hasToString("chatcmpl-1: 100 input tokens, 0 cached, 20 output");
      assertThat(truth.complete()).isTrue();
      long[] tokens = truth.times().tokenNanos();
      assertThat(tokens).hasSize(20).isSorted();
      assertThat(
              List.of(
                  sent,
                  truth.times().receivedNanos(),
                  truth.times().admittedNanos(),
                  truth.times().prefillStartNanos(),
                  truth.times().prefillEndNanos(),
                  tokens[0],
                  tokens[19],
                  truth.times().endNanos(),
                  ended))
          .isSorted();
      assertThat(truth.times().firstWriteNanos())
          .isBetween(truth.times().admittedNanos(), tokens[0]);
      assertThat(truth.times().admittedNanos() - truth.times().receivedNanos())
          .isGreaterThanOrEqualTo(10_000_000L);
      assertThat(truth.times().prefillEndNanos() - truth.times().prefillStartNanos())
          .isEqualTo(3_000_000L);
      for (int i = 0; i < tokens.length; i++) {
        assertThat(tokens[i] - truth.times().receivedNanos())
            .isGreaterThanOrEqualTo((13 + 2 * i) * 1_000_000L);
      }
    }
  }

  @Test
  void recordsNoTokenTimesForWholeResponse() {
    try (var server = SimulatedServer.start(ServerSettings.builder().engine(LAW).build())) {
      new Client(server)
          .post(CHAT, Map.of("messages", List.of(message("user", "hi")), "max_tokens", 3));
      RequestTruth truth = server.truth().get(0);

      assertThat(truth.tokens().output()).isEqualTo(3);
      assertThat(truth.times().tokenNanos()).isEmpty();
      assertThat(truth.times().firstWriteNanos() - truth.times().receivedNanos())
          .isGreaterThan(14_000_000L);
    }
  }
}
