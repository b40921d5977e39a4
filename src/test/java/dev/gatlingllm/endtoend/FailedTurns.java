package dev.gatlingllm.endtoend;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.FailurePolicy;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;

/**
 * A user for each policy, with a server of its own that a property names: three turns that tell the
 * server their number in a header, and how the user fared.
 */
public class FailedTurns extends Simulation {
  {
    setUp(
        user("skip", FailurePolicy.SKIP),
        user("retry", FailurePolicy.retry(3, Duration.ofMillis(20))),
        user("abandon", FailurePolicy.ABANDON));
  }

  private static PopulationBuilder user(String policy, FailurePolicy onFailure) {
    var workload =
        sharedPrefix()
            .groups(1)
            .systemPromptTokens(10)
            .questionTokens(5)
            .outputTokens(4)
            .turns(3)
            .onFailure(onFailure);
    return scenario(policy)
        .exec(workload.pinned())
        .asLongAs(hasNextTurn())
        .on(chatTurn("turn").header("X-Turn", "#{turn}"))
        .exec(
            session -> {
              System.out.println(policy + (session.isFailed() ? ": failed" : ": stayed good"));
              return session;
            })
        .injectOpen(atOnceUsers(1))
        .protocols(llmTarget().baseUrl(System.getProperty(policy)));
  }
}
