package dev.gatlingllm.endtoend;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.FailurePolicy;
import dev.gatlingllm.TurnBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * A user for each policy, and for other APIs than a chat's, with a server of its own that a
 * property names: three turns that tell the server their number in a header, and how the user
 * fared.
 */
public class FailedTurns extends Simulation {
  {
    setUp(
        user("skip", FailurePolicy.SKIP, chatTurn("turn")),
        user("retry", FailurePolicy.retry(3, Duration.ofMillis(20)), chatTurn("turn")),
        user("abandon", FailurePolicy.ABANDON, chatTurn("turn")),
        user("messages", FailurePolicy.SKIP, messagesTurn("turn")),
        user("held", FailurePolicy.SKIP, responsesTurn("turn").historyOnServer()),
        user(
            "mixed",
            FailurePolicy.SKIP,
            responsesTurn("turn"),
            responsesTurn("turn").historyOnServer(),
            responsesTurn("turn").historyOnServer()));
  }

  private static PopulationBuilder user(
      String name, FailurePolicy onFailure, TurnBuilder... turns) {
    var workload =
        sharedPrefix()
            .groups(1)
            .systemPromptTokens(10)
            .questionTokens(5)
            .outputTokens(4)
            .turns(3)
            .onFailure(onFailure);
    return scenario(name)
        .exec(workload.pinned())
        .asLongAs(hasNextTurn())
        .on(exec(Stream.of(turns).map(turn -> exec(turn.header("X-Turn", "#{turn}"))).toList()))
        .exec(
            session -> {
              System.out.println(name + (session.isFailed() ? ": failed" : ": stayed good"));
              return session;
            })
        .injectOpen(atOnceUsers(1))
        .protocols(llmTarget().baseUrl(System.getProperty(name)));
  }
}
