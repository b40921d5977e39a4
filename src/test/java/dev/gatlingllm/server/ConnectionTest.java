package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.COMPLETIONS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.server.engine.EngineSettings;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConnectionTest {

  private static final String STREAMED = "{\"prompt\":\"hi\",\"max_tokens\":3,\"stream\":true}";
  private static final String WHOLE = "{\"prompt\":\"hi\",\"max_tokens\":3}";

  /** The first token comes immediately, and no other. */
  private static final EngineSettings STUCK =
      EngineProfile.INSTANT.settings().toBuilder().stepPerContextToken(Duration.ofHours(1)).build();

  private static SimulatedServer start(EngineSettings engine) {
    return SimulatedServer.start(ServerSettings.builder().engine(engine).build());
  }

  @Test
  void servesSeveralRequestsOnOneConnection() throws IOException {
    try (var server = start(EngineProfile.INSTANT.settings());
        Wire wire = new Wire(server)) {
      for (int i = 1; i <= 3; i++) {
        wire.send(Wire.post(COMPLETIONS, STREAMED));
        assertThat(wire.readUntil("[DONE]")).contains("cmpl-" + i).contains("chunked");
        wire.readUntil("\r\n0\r\n\r\n");
      }
    }
  }

  @Test
  void answersPipelinedRequestsInOrder() throws IOException {
    try (var server = start(EngineProfile.INSTANT.settings());
        Wire wire = new Wire(server)) {
      wire.send(
          Wire.post(COMPLETIONS, STREAMED)
              + "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
              + Wire.post(COMPLETIONS, WHOLE)
              + Wire.post(COMPLETIONS, STREAMED).repeat(50));

      assertThat(wire.readUntil("[DONE]")).contains("cmpl-1").doesNotContain("status");
      assertThat(wire.readUntil("{\"status\":\"ok\"}")).doesNotContain("cmpl");
      assertThat(wire.readUntil("usage")).contains("cmpl-2");
      for (int i = 3; i < 53; i++) {
        assertThat(wire.readUntil("[DONE]")).contains("cmpl-" + i + "\"");
      }
    }
  }

  @Test
  void closesConnectionOnRequest() throws IOException {
    try (var server = start(EngineProfile.INSTANT.settings());
        Wire wire = new Wire(server)) {
      wire.send("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

      assertThat(wire.readToEnd()).contains("connection: close").endsWith("{\"status\":\"ok\"}");
    }
  }

  @Test
  void rejectsInvalidHttpAndCloses() throws IOException {
    try (var server = start(EngineProfile.INSTANT.settings());
        Wire wire = new Wire(server)) {
      wire.send("hello\r\n\r\n");

      assertThat(wire.readToEnd())
          .startsWith("HTTP/1.1 400")
          .contains("connection: close")
          .contains("invalid_request_error");
    }
  }

  @Test
  void endsStreamWhenClientDisconnects() throws IOException {
    try (var server = start(STUCK)) {
      try (Wire wire = new Wire(server)) {
        wire.send(Wire.post(COMPLETIONS, STREAMED));
        wire.readUntil("data:");
      }
      while (server.truth().isEmpty()) {
        Thread.onSpinWait();
      }

      RequestTruth truth = server.truth("cmpl-1").orElseThrow();
      assertThat(truth.complete()).isFalse();
      assertThat(truth.tokens().output()).isEqualTo(1);
      assertThat(truth.times().tokenNanos()).hasSize(1);
    }
  }

  @Test
  void closingServerCutsOffStreams() throws IOException {
    var server = start(STUCK);
    try (Wire wire = new Wire(server)) {
      wire.send(Wire.post(COMPLETIONS, STREAMED));
      wire.readUntil("data:");
      server.close();
      server.close();

      assertThat(server.truth()).singleElement().matches(truth -> !truth.complete());
    }
  }
}
