package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.samples.SharedPrefixChat;
import dev.gatlingllm.server.EngineProfile;
import dev.gatlingllm.server.SimulatedServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests under way when the load is stopped. */
class StoppedLoadIT {

  /** No response has ended: Gatling itself counts no request. */
  @Test
  void recordsRequestsUnderWayThoughNoneHasEnded(@TempDir Path results) throws Exception {
    try (SimulatedServer server =
        SimulatedServer.start(
            s -> s.tokenizer(GatlingFork.TOKENIZER).engine(EngineProfile.PLEASANT))) {
      Run run =
          new GatlingFork(results)
              .with("llm.baseUrl", server.baseUrl())
              .with("outputTokens", "2000")
              .with("maxDuration", "PT4S")
              .run(CensoredLoad.class);

      JsonNode totals = run.tokens().get("totals");
      assertThat(totals.get("cut").asInt()).as(run.output()).isEqualTo(8);
      assertThat(totals.get("requests").asInt()).isZero();
      assertThat(totals.get("outputTokens").asInt()).isPositive();
      assertThat(run.requests())
          .hasSize(8)
          .allMatch(request -> request.get("status").asText().equals("CUT"))
          .allMatch(request -> request.get("failure").isNull())
          .allMatch(request -> request.get("chunks").asInt() > 0);
    }
  }

  @Test
  void recordsRequestsUnderWayWhenTheProcessIsStopped(@TempDir Path results) throws Exception {
    try (SimulatedServer server =
        SimulatedServer.start(
            s -> s.tokenizer(GatlingFork.TOKENIZER).engine(EngineProfile.PLEASANT))) {
      Run run =
          new GatlingFork(results)
              .with("llm.baseUrl", server.baseUrl())
              .with("outputTokens", "uniform(5,4000)")
              .with("maxDuration", "PT60S")
              .terminate(CensoredLoad.class, 1);

      assertThat(run.tokens().at("/totals/cut").asInt()).as(run.output()).isPositive();
      assertThat(run.requests())
          .filteredOn(request -> request.get("status").asText().equals("CUT"))
          .as("of 8 users, of whom one may be between two turns")
          .hasSizeBetween(7, 8);
    }
  }

  /** Users would go on for as long as a last response may take: ten minutes. */
  @Test
  void endsConversationsWithoutAnEndAfterTheWindow(@TempDir Path results) throws Exception {
    Run run =
        new GatlingFork(results)
            .with("llm.turns", "forever")
            .with("llm.users", "4")
            .with("llm.warmup", "1s")
            .with("llm.duration", "2s")
            .run(SharedPrefixChat.class);

    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.tokens().at("/totals/requests").asInt()).isPositive();
    assertThat(run.tokens().at("/outsideWindow/drain/ok").asInt())
        .as("each user ends its turn, and one may have begun another")
        .isBetween(1, 8);
  }
}
