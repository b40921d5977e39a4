package dev.gatlingllm.endtoend;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.FailurePolicy;
import dev.gatlingllm.SharedPrefixWorkload;
import dev.gatlingllm.TurnBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;

/**
 * So many users, one half over each API, who have so many conversations each, one after the other,
 * and try a failed turn once more. Each request tells the server whose it is.
 */
public class Soak extends Simulation {

  static final int TURNS = 8;
  static final int OUTPUT_TOKENS = 64;

  private static final int USERS = Integer.getInteger("soak.users");
  private static final int CONVERSATIONS = Integer.getInteger("soak.conversations");

  /** Conversations of both APIs have numbers of their own. */
  private static SharedPrefixWorkload workload(long seed) {
    return sharedPrefix()
        .groups(4)
        .systemPromptTokens(64)
        .questionTokens(uniform(4, 16))
        .outputTokens(OUTPUT_TOKENS)
        .turns(TURNS)
        .seed(seed)
        .onFailure(FailurePolicy.retry(1, Duration.ofMillis(1)));
  }

  private static PopulationBuilder population(String api, TurnBuilder turn, long seed) {
    return scenario(api)
        .repeat(CONVERSATIONS)
        .on(
            feed(workload(seed).feeder())
                .asLongAs(hasNextTurn())
                .on(turn.header("X-Request-Id", api + "/#{conversationId}/#{turn}")))
        .injectOpen(atOnceUsers(USERS / 2));
  }

  {
    setUp(population("chat", chatTurn("chat"), 1), population("text", completionTurn("text"), 2))
        .protocols(llmTarget());
  }
}
