package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.COMPLETIONS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.server.RequestTruth.RequestOutcome;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the engine does for a client that has disconnected. */
@Timeout(60)
class DisconnectionTest {

  /** So long that no machine generates it within the test. */
  private static final int ENDLESS = 30_000;

  private static RequestTruth truthAfterTwoTokens(SimulatedServer server, int maxTokens)
      throws IOException {
    try (Wire wire = new Wire(server)) {
      wire.send(
          Wire.post(
              COMPLETIONS,
              "",
              "{\"prompt\":\"hi\",\"max_tokens\":%d,\"stream\":true}".formatted(maxTokens)));
      wire.readUntil("}]}");
      wire.readUntil("}]}");
    }
    while (server.truth().isEmpty()) {
      Thread.onSpinWait();
    }
    return server.truth().get(0);
  }

  private static int generatedTokens(SimulatedServer server) throws IOException {
    try (Wire wire = new Wire(server)) {
      wire.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      String page = wire.readUntil("vllm:request_success_total");
      String value = page.replaceFirst("(?s).*\nvllm:generation_tokens_total\\{[^}]*} ", "");
      return (int) Double.parseDouble(value.substring(0, value.indexOf('\n')));
    }
  }

  @Test
  void stopsGenerating() throws IOException {
    try (SimulatedServer server = SimulatedServer.start()) {
      RequestTruth truth = truthAfterTwoTokens(server, ENDLESS);

      assertThat(truth.outcome()).isEqualTo(RequestOutcome.GONE);
      assertThat(truth.tokens().output()).isGreaterThanOrEqualTo(2);
      assertThat(truth.tokens().generated())
          .isGreaterThanOrEqualTo(truth.tokens().output())
          .isLessThan(ENDLESS)
          .isEqualTo(generatedTokens(server));
      assertThat(truth.generatedAfterLeaving())
          .isEqualTo(truth.tokens().generated() - truth.tokens().output());
      assertThat(truth.times().releasedNanos())
          .isGreaterThanOrEqualTo(truth.times().prefillEndNanos());
    }
  }

  @Test
  void keepsGeneratingIfToldTo() throws IOException {
    int tokens = 120;
    try (SimulatedServer server = SimulatedServer.start(s -> s.keepGenerating(true))) {
      RequestTruth truth = truthAfterTwoTokens(server, tokens);

      assertThat(truth.outcome()).isEqualTo(RequestOutcome.GONE);
      assertThat(truth.tokens().output()).isBetween(2, tokens);
      assertThat(truth.tokens().generated()).isEqualTo(tokens).isEqualTo(generatedTokens(server));
    }
  }

  @Test
  void aRequestIsNotLostWhenTheServerIsClosed() throws IOException {
    SimulatedServer server = SimulatedServer.start();
    try (Wire wire = new Wire(server)) {
      wire.send(
          Wire.post(
              COMPLETIONS,
              "",
              "{\"prompt\":\"hi\",\"max_tokens\":%d,\"stream\":true}".formatted(ENDLESS)));
      wire.readUntil("}]}");
      server.close();
    }
    assertThat(server.truth())
        .singleElement()
        .satisfies(
            truth -> {
              assertThat(truth.outcome()).isEqualTo(RequestOutcome.GONE);
              assertThat(truth.tokens().output()).isPositive();
            });
  }
}
