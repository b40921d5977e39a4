package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.samples.SharedPrefixChat;
import dev.gatlingllm.server.EngineProfile;
import dev.gatlingllm.server.ServerSettings;
import dev.gatlingllm.server.SimulatedServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real servers close the connection after a streamed response in spite of keep-alive. */
class ClosingServerIT {

  @Test
  void losesNoTurnToAConnectionThatClosesUnannounced(@TempDir Path results) throws Exception {
    ServerSettings closing =
        ServerSettings.builder()
            .tokenizer(GatlingFork.TOKENIZER)
            .faults("close=1")
            .engine(EngineProfile.INSTANT)
            .build();
    try (SimulatedServer server = SimulatedServer.start(closing)) {
      Run run =
          new GatlingFork(results)
              .with("llm.baseUrl", server.baseUrl())
              .with("llm.users", 8)
              .with("llm.warmup", "1s")
              .with("llm.duration", "3s")
              .with("llm.systemPromptTokens", 64)
              .with("llm.turns", 10)
              .with("llm.outputTokens", 16)
              .run(SharedPrefixChat.class);

      assertThat(run.exit()).as(run.output()).isZero();
      List<JsonNode> answered =
          run.requests().stream()
              .filter(request -> request.get("status").asText().equals("OK"))
              .toList();
      assertThat(answered)
          .hasSizeGreaterThan(20)
          .allMatch(request -> request.get("connectionOpened").asBoolean());
      assertThat(run.requests())
          .filteredOn(request -> !answered.contains(request))
          .as("those that the server, on a busy machine, closed too late to be sent again")
          .allMatch(request -> request.get("failure").asText().equals("connection"))
          .allMatch(request -> request.get("e2eMillis").asDouble() > 50);
      // and none was sent twice: each response is one that the server knows, each known once
      assertThat(server.truth()).hasSameSizeAs(answered);
    }
  }
}
