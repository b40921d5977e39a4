package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import contract.ExistingScenario;
import contract.PrefixBenchmark;
import contract.SupportChat;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Simulations as users write them. */
class ContractIT {

  @Test
  void groupsOfUsersWhoShareASystemPrompt(@TempDir Path results) throws Exception {
    Run run = new GatlingFork(results).run(SupportChat.class);

    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.tokens().get("totals").get("ko").asInt()).isZero();
    assertThat(run.tokens().at("/run/durationSeconds").asDouble())
        .as("as long as users are injected, without the drain")
        .isEqualTo(6);
    assertThat(run.tokens().get("totals").get("cacheHitPercent").asDouble()).isGreaterThan(10);
    assertThat(run.requests()).anyMatch(r -> r.get("scheduleDelayMillis").asDouble() >= 0);
  }

  @Test
  void aScenarioThatExistedBefore(@TempDir Path results) throws Exception {
    Run run = new GatlingFork(results).run(ExistingScenario.class);

    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.output()).doesNotContain("no reply in the session").contains("> models");
    assertThat(run.requests())
        .filteredOn(request -> request.get("request").asText().equals("ask"))
        .hasSize(8)
        .allMatch(request -> request.get("conversation").isNull());
    assertThat(run.requests())
        .filteredOn(request -> request.get("request").asText().equals("continue"))
        .hasSize(16)
        .allMatch(r -> r.get("inputTokens").equals(r.get("inputTokensExpected")));
  }

  @Test
  void runsOneForkAsASimulation(@TempDir Path results) throws Exception {
    Run run =
        new GatlingFork(results)
            .with("llm.benchmark", "-p users=3 -wi 2 -w 1s -i 3 -r 1s")
            .run(PrefixBenchmark.class);

    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.output())
        .contains("# Parameters: (users = 3, systemPromptTokens = 64)")
        .containsPattern("# Warmup Iteration   1: ")
        .containsPattern("# Warmup Iteration   2: ")
        .containsPattern("Iteration   1: ")
        .containsPattern("Iteration   3: .*responses/s")
        .containsPattern("PrefixBenchmark +64 +3 +avgt .* ms( by fork)?\\s*$");
    assertThat(run.tokens().get("byIteration").size()).isPositive();
    assertThat(run.requests())
        .extracting(request -> request.get("iteration").asText())
        .isSubsetOf("warmup", "1", "2", "3", "drain");
    assertThat(run.page("index.html")).contains("llm-data");
  }
}
