package dev.gatlingllm.samples;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.SharedPrefixWorkload;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;

/**
 * Agents: before the model answers a question, it calls tools, one after another. Each result is a
 * turn of its own, sent after the time that the tool took, and the prompt grows by the call and its
 * result.
 *
 * <p>The calls and the results are the workload's, not the model's, so that every run sends the
 * same prompts. The report shows the time of the model, the time of the tools, and how many
 * conversations were completed.
 *
 * <pre>{@code
 * mvn gatling:test -Dgatling.simulationClass=dev.gatlingllm.samples.Sample15Agents
 * }</pre>
 */
public class Sample15Agents extends Simulation {

  private final SharedPrefixWorkload workload =
      sharedPrefix()
          .groups(2)
          .tools(6, 800)
          .systemPromptTokens(256)
          .turns(2)
          .toolRounds(uniform(1, 3))
          .toolTime(exponential(0.1))
          .toolCallTokens(uniform(20, 60))
          .toolResultTokens(lognormal(200, 150).clamp(16, 1_000))
          .outputTokens(16);

  private final ScenarioBuilder agents =
      scenario("agents")
          .exec(workload.pinned())
          .asLongAs(hasNextTurn())
          .on(chatTurn("turn"), thinkTime(Duration.ofMillis(50)));

  {
    setUp(agents.injectOpen(atOnceUsers(4)))
        .assertions(conversationSuccessPercent().gte(100))
        .protocols(llmTarget());
  }
}
