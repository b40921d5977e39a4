package example;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.SharedPrefixWorkload;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;

/**
 * Four users at a time, in conversations of two to four turns. Users of a group share a system prompt, which the
 * server can keep in its prefix cache. Without {@code -Dllm.baseUrl=http://host:port}, the load goes to a simulated
 * server that starts with the run.
 */
public class ChatSimulation extends Simulation {

  private final SharedPrefixWorkload workload =
      sharedPrefix()
          .groups(2)
          .systemPromptTokens(512)
          .questionTokens(normal(48, 12).clamp(16, 96))
          .outputTokens(32)
          .turns(uniform(2, 4))
          .seed(42);

  private final ScenarioBuilder chat =
      scenario("chat")
          .exec(workload.pinned())
          .asLongAs(hasNextTurn())
          .on(chatTurn("answer"), thinkTime(exponential(0.1)));

  {
    setUp(chat.injectClosed(constantConcurrentUsers(4).during(Duration.ofSeconds(10))))
        .protocols(llmTarget())
        .assertions(
            global().failedRequests().count().is(0L), ttft().percentile(95).lt(Duration.ofSeconds(5)));
    measure(Duration.ofSeconds(2), Duration.ofSeconds(8)); // after 2 s of warm-up
  }
}
