package dev.gatlingllm.samples;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.SharedPrefixWorkload;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;

/**
 * Shared prefix: groups of users share a system prompt, which the server's prefix cache can serve.
 *
 * <p>Each user holds a conversation of its own, so that a later turn also repeats the earlier ones.
 * The report compares the tokens that came from the cache with those that could have.
 *
 * <p>There are two ways to a conversation: with {@code pinned()}, virtual user k has conversation k
 * in every run; with {@code feeder()}, the next user to arrive gets the next one.
 *
 * <pre>{@code
 * mvn gatling:test -Dgatling.simulationClass=dev.gatlingllm.samples.Sample03SharedPrefix
 * }</pre>
 */
public class Sample03SharedPrefix extends Simulation {

  private final SharedPrefixWorkload workload =
      sharedPrefix()
          .groups(4)
          .systemPromptTokens(512)
          .questionTokens(normal(48, 12).clamp(16, 96))
          .outputTokens(24)
          .turns(uniform(2, 4));

  private final ScenarioBuilder pinned =
      scenario("by number").exec(workload.pinned()).asLongAs(hasNextTurn()).on(chatTurn("turn"));

  private final ScenarioBuilder fed =
      scenario("by arrival")
          .feed(workload.seed(7).feeder())
          .asLongAs(hasNextTurn())
          .on(chatTurn("turn"));

  {
    setUp(pinned.injectOpen(rampUsers(8).during(3)), fed.injectOpen(rampUsers(8).during(3)))
        .protocols(llmTarget());
  }
}
