package dev.gatlingllm.samples;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.SharedPrefixWorkload;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;

/**
 * Think time and arrivals: users come at a rate, whether or not the server keeps up, and think
 * between two turns. They arrive at random: first independently of each other, then in bursts.
 *
 * <p>That is an open model. With a closed one, {@code injectClosed(constantConcurrentUsers(8))}, a
 * slow server gets fewer requests, which hides how slow it is. The seed decides arrivals and think
 * times as it does words and lengths, so that two runs meet the same bursts.
 *
 * <pre>{@code
 * mvn gatling:test -Dgatling.simulationClass=dev.gatlingllm.samples.Sample08ThinkTimeAndArrivals
 * }</pre>
 */
public class Sample08ThinkTimeAndArrivals extends Simulation {

  private final SharedPrefixWorkload workload = sharedPrefix().outputTokens(16).turns(3);

  private final ScenarioBuilder chat =
      scenario("think time and arrivals")
          .exec(workload.pinned())
          .asLongAs(hasNextTurn())
          .on(chatTurn("turn"), thinkTime(exponential(0.3)));

  {
    setUp(
            chat.injectOpen(
                poissonUsersPerSec(1).to(5).during(2), gammaUsersPerSec(5, 0.25).during(2)))
        .protocols(llmTarget());
  }
}
