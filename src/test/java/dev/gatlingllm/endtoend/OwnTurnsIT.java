package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.server.EngineProfile;
import dev.gatlingllm.server.SimulatedServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A request of the user's own is a turn like any other. */
class OwnTurnsIT {

  private static final List<String> ARITHMETIC =
      List.of(
          "conversation",
          "group",
          "model",
          "turn",
          "attempt",
          "status",
          "failure",
          "inputTokens",
          "inputTokensExpected",
          "reusableTokens",
          "droppedTokens",
          "messages",
          "outputTokens");

  /** Scenarios that go on as long as their conversation has a turn. */
  private static final Set<String> ENDING =
      Set.of("retried", "skipped", "abandoned", "dropping", "stopping", "failing");

  @Test
  void hasTheTokensOfABuiltInTurnThroughFailuresWindowsAndReplays(@TempDir Path results)
      throws Exception {
    Run run;
    try (SimulatedServer server =
        SimulatedServer.start(s -> s.tokenizer(GatlingFork.TOKENIZER).engine(EngineProfile.FAST))) {
      run = new GatlingFork(results).with("llm.baseUrl", server.baseUrl()).run(OwnTurns.class);
    }

    assertThat(run.exit()).as(run.output()).isZero();
    Map<String, List<String>> scenarios = new TreeMap<>();
    for (JsonNode request : run.requests()) {
      scenarios
          .computeIfAbsent(request.get("scenario").asText(), name -> new ArrayList<>())
          .add(
              ARITHMETIC.stream()
                  .map(field -> field + " " + request.get(field))
                  .toList()
                  .toString());
    }
    assertThat(scenarios).hasSize(24);
    scenarios.forEach(
        (scenario, turns) -> {
          if (scenario.endsWith(", own")) {
            assertThat(turns)
                .as(scenario)
                .isEqualTo(scenarios.get(scenario.replace(", own", ", built in")));
          }
        });
    assertThat(scenarios.get("retried, own").toString()).contains("attempt 2", "status \"KO\"");
    assertThat(scenarios.get("dropping, own").toString()).containsPattern("droppedTokens [1-9]");
    assertThat(scenarios.get("failing, own").toString()).contains("UNSENT");
    assertThat(scenarios.get("replayed, own")).hasSizeGreaterThan(4);
    assertThat(scenarios.get("fed, own"))
        .hasSize(12)
        .as("the first question of conversation 2 is that of conversation 0 in the same group")
        .element(6)
        .asString()
        .contains("reusableTokens 15", "inputTokens 15");
    assertThat(scenarios.get("fed, own").toString()).contains("model \"large\"", "model \"small\"");
    assertThat(scenarios.get("moderated"))
        .as("a request outside of the conversation leaves the turn under way")
        .filteredOn(request -> request.contains("status \"OK\""))
        .hasSize(2 * 4 * 6);
    assertThat(scenarios.get("moderated"))
        .as("a request before its turn is counted, though not sent")
        .filteredOn(request -> request.contains("failure \"not built\""))
        .hasSize(4 * 6);
    assertThat(scenarios.get("without nextTurn()"))
        .as("a loop that takes no turn ends, after two turns that were not sent")
        .hasSize(4 * 2 * 2)
        .allMatch(request -> request.contains("failure \"not built\""));
    assertThat(run.output())
        .contains(
            "too early: no turn is under way; put nextTurn() before this request. To repeat a")
        .contains("The simulation could not build")
        .as("a request whose nextTurn() failed adds no second error")
        .contains("nextTurn: there is no conversation in the session")
        .doesNotContain("never sent: ");
    assertThat(run.tokens().at("/run/model").asText()).isEqualTo("large, small");
    for (String lengths : List.of("systemPromptTokens", "questionTokens", "outputTokens")) {
      assertThat(run.tokens().at("/run/settings/" + lengths).asText())
          .as("%s of a feeder are beside those of other workloads", lengths)
          .contains("set by the simulation", "; ");
    }
    assertThat(run.requests())
        .filteredOn(request -> request.get("status").asText().equals("OK"))
        .filteredOn(request -> !request.get("conversation").isNull())
        .allMatch(r -> r.get("inputTokens").equals(r.get("inputTokensExpected")));
    run.requests().stream()
        .filter(r -> ENDING.contains(r.get("scenario").asText().replaceAll(",.*", "")))
        .collect(
            Collectors.groupingBy(
                r -> r.get("scenario") + " " + r.get("user") + " " + r.get("conversation")))
        .forEach(
            (conversation, turns) ->
                assertThat(turns)
                    .as(conversation)
                    .filteredOn(turn -> turn.path("lastTurn").asBoolean())
                    .as("whatever ends it: its last turn, a failure, or a full context window")
                    .containsExactly(turns.get(turns.size() - 1)));
  }
}
