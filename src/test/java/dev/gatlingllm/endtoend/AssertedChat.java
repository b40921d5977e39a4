package dev.gatlingllm.endtoend;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.Workload;
import io.gatling.javaapi.core.Simulation;

/**
 * The load of the settings, with an assertion that holds, one that cannot, and one of Gatling's.
 */
public class AssertedChat extends Simulation {
  {
    Workload workload = workload(generated -> generated.privateContextTokens(2_000));
    measure();
    setUp(
            load(
                scenario("chat")
                    .exec(workload.pinned())
                    .asLongAs(hasNextTurn())
                    .on(turn("turn"), thinkTime()),
                workload))
        .maxDuration(longestRun())
        .protocols(llmTarget())
        .assertions(
            outputTokensPerSecond().gt(0),
            outputTokens().max().lt(1),
            global().failedRequests().count().is(0L));
  }
}
