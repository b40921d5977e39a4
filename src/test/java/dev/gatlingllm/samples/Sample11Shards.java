package dev.gatlingllm.samples;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.SharedPrefixWorkload;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;

/**
 * Shards: several load generators that together run the conversations that one alone would.
 *
 * <p>Run this once for each shard, at the same time and on machines of their own. Generator i of n
 * takes every n-th conversation; {@code shareOf} gives it its share of the users. In Kubernetes,
 * Slurm and CI, {@code llm.shard=auto} takes i and n from the environment. Then merge the folders:
 * the percentiles are those of all responses.
 *
 * <p>To try it on one machine, start the simulated server in a terminal of its own, and the others
 * in another one:
 *
 * <pre>{@code
 * mvn test-compile exec:java@server -Dexec.args="--port 8000"
 *
 * export LLM_BASE_URL=http://127.0.0.1:8000 LLM_START_AT="$(date +%s)+60s"
 * mvn gatling:test -Dgatling.simulationClass=dev.gatlingllm.samples.Sample11Shards -Dllm.shard=1/2 &
 * mvn gatling:test -Dgatling.simulationClass=dev.gatlingllm.samples.Sample11Shards -Dllm.shard=2/2; wait
 * mvn test-compile exec:java@merge -Dexec.args="--expect 2 --into reports/both reports/FOLDER1 reports/FOLDER2"
 * }</pre>
 */
public class Sample11Shards extends Simulation {

  // from llm.shard: 1/1 if it is not set
  private final SharedPrefixWorkload workload = sharedPrefix().outputTokens(16).turns(2);

  private final ScenarioBuilder chat =
      scenario("shards").exec(workload.pinned()).asLongAs(hasNextTurn()).on(chatTurn("turn"));

  {
    setUp(chat.injectOpen(shareOf(rampUsers(8).during(2)))).protocols(llmTarget());
  }
}
