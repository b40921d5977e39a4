package dev.gatlingllm.endtoend;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.SharedPrefixWorkload;
import io.gatling.javaapi.core.Simulation;

/** Users of a model that reasons, and of one that calls tools, over HTTP/2. */
public class ReasoningAndTools extends Simulation {

  private static final String TOOLS =
      """
      [{"type":"function","function":{"name":"weather","parameters":{"type":"object",
        "properties":{"city":{"type":"string"},"days":{"type":"integer"}}}}}]
      """;

  private final SharedPrefixWorkload workload =
      sharedPrefix().groups(1).systemPromptTokens(32).questionTokens(5).outputTokens(16).turns(3);

  {
    setUp(
            scenario("answers")
                .exec(workload.pinned())
                .asLongAs(hasNextTurn())
                .on(chatTurn("answer"))
                .injectOpen(atOnceUsers(8)),
            scenario("calls")
                .exec(workload.pinned())
                .exec(chatTurn("call").tools(TOOLS).toolChoice("required"))
                .injectOpen(atOnceUsers(8)))
        .protocols(llmTarget().enableHttp2());
  }
}
