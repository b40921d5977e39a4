package dev.gatlingllm.endtoend;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.SharedPrefixWorkload;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;

/**
 * Two workloads in turns, one of them in two populations; Gatling makes each think time of no
 * length a pause of two seconds.
 */
public class TwoWorkloads extends Simulation {

  private static final int USERS = 6;

  {
    SharedPrefixWorkload first = workload();
    SharedPrefixWorkload second = workload().maxConversations(USERS);
    setUp(
            scenario("first")
                .exec(first.pinned(), think(), chatTurn("first"))
                .injectOpen(rampUsers(USERS).during(1)),
            scenario("second")
                .exec(second.pinned(), chatTurn("second"))
                .injectOpen(rampUsers(USERS).during(1)),
            scenario("first again")
                .exec(first.pinned(), chatTurn("first again"))
                .injectOpen(rampUsers(USERS).during(1)))
        .customPauses(session -> 2_000L)
        .protocols(llmTarget());
  }

  private static SharedPrefixWorkload workload() {
    return sharedPrefix()
        .groups(2)
        .systemPromptTokens(10)
        .questionTokens(5)
        .outputTokens(4)
        .turns(1);
  }

  private static ChainBuilder think() {
    return thinkTime(Duration.ZERO);
  }
}
