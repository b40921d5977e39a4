package example;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.Workload;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;

/**
 * Conversations of two to four turns. Users of a group share a system prompt, which the server can
 * keep in its prefix cache. Users, duration and server are settings: {@code llm.conf} has them, and
 * {@code -Dllm.users=64} or {@code LLM_USERS=64} in the environment override it. Without {@code
 * llm.baseUrl}, the load goes to a simulated server that starts with the run.
 */
public class ChatSimulation extends Simulation {

  private final Workload workload =
      workload(
          generated ->
              generated
                  .groups(2)
                  .systemPromptTokens(512)
                  .questionTokens(normal(48, 12).clamp(16, 96))
                  .outputTokens(32)
                  .turns(uniform(2, 4)));

  private final ScenarioBuilder chat =
      scenario("chat")
          .exec(workload.pinned())
          .asLongAs(hasNextTurn())
          .on(chatTurn("answer"), thinkTime(exponential(0.1)));

  {
    setUp(load(chat, workload))
        .maxDuration(longestRun())
        .protocols(llmTarget())
        .assertions(
            global().failedRequests().count().is(0L), ttft().percentile(95).lt(Duration.ofSeconds(5)));
    measure();
  }
}
