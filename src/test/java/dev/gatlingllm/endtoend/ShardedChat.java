package dev.gatlingllm.endtoend;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.ReplyInHistory;
import dev.gatlingllm.SharedPrefixWorkload;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;

/**
 * A load whose requests are the same in each run, as a project of a user would have it. Variables
 * of the environment: {@code MEAN_TOKENS} asserts the mean length of the responses within 0.001;
 * {@code KILLED_TASK} is the number of the task of Slurm that dies at its first response.
 */
public class ShardedChat extends Simulation {

  private final SharedPrefixWorkload workload =
      sharedPrefix()
          .groups(3)
          .systemPromptTokens(20)
          .questionTokens(uniform(4, 12))
          .outputTokens(uniform(2, 9))
          .turns(uniform(1, 3))
          .replyInHistory(ReplyInHistory.CANNED);

  private final ScenarioBuilder chat =
      scenario("chat")
          .exec(workload.pinned())
          .asLongAs(hasNextTurn())
          .on(chatTurn("turn"), exec(ShardedChat::dieIfAsked));

  {
    double mean = Double.parseDouble(System.getenv().getOrDefault("MEAN_TOKENS", "5"));
    double slack = System.getenv("MEAN_TOKENS") == null ? 5 : 0.001;
    // every response is measured, however late it ends
    measure(Duration.ZERO, Duration.ofMinutes(5));
    setUp(load(chat, workload))
        .protocols(llmTarget())
        .assertions(
            outputTokens().mean().gte(mean - slack), outputTokens().mean().lte(mean + slack));
  }

  private static Session dieIfAsked(Session session) {
    String task = System.getenv("SLURM_PROCID");
    if (task != null && task.equals(System.getenv("KILLED_TASK"))) {
      Runtime.getRuntime().halt(137);
    }
    return session;
  }
}
