package dev.gatlingllm.endtoend;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import io.gatling.javaapi.core.Simulation;

/** Three turns that tell the server their number in a header, and how the user fared. */
public class SecondTurnFails extends Simulation {
  {
    var workload =
        sharedPrefix().groups(1).systemPromptTokens(10).questionTokens(5).outputTokens(4).turns(3);
    setUp(
            scenario("three turns")
                .exec(workload.pinned())
                .asLongAs(hasNextTurn())
                .on(chatTurn("turn").header("X-Turn", "#{turn}"))
                .exec(
                    session -> {
                      System.out.println(session.isFailed() ? "user failed" : "user stayed good");
                      return session;
                    })
                .injectOpen(atOnceUsers(1)))
        .protocols(llmTarget());
  }
}
