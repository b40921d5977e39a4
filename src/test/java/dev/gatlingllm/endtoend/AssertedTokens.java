package dev.gatlingllm.endtoend;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import io.gatling.javaapi.core.Simulation;
import java.time.Duration;

/** Asserts limits that hold, one that cannot, and one for an unknown request. */
public class AssertedTokens extends Simulation {
  {
    var workload =
        sharedPrefix().groups(1).systemPromptTokens(10).questionTokens(5).outputTokens(8).turns(2);
    goodput("e2e<60s");
    setUp(
            scenario("two turns")
                .exec(workload.pinned())
                .asLongAs(hasNextTurn())
                // readings of the server are a second apart
                .on(chatTurn("answer"), pause(Duration.ofSeconds(3)))
                .injectOpen(atOnceUsers(3)))
        .protocols(llmTarget())
        .assertions(
            global().failedRequests().count().is(0L),
            global().allRequests().count().is(0L),
            outputTokens().mean().is(8),
            goodputPercent().gte(100),
            serverMetric("vllm:num_preemptions_total").delta().is(0),
            serverMetric("vllm:num_requests_waiting").max().lt(50),
            serverQueue().mean().lt(Duration.ofSeconds(30)),
            ttft().forTurn(2).max().lt(Duration.ofSeconds(30)),
            outputTokens().forScenario("two turns").min().is(8),
            outputTokens().forApi("chat").max().is(8),
            outputTokensPerSecond().forFinishReason("length").gt(0),
            lengthPercent().is(100),
            e2e().mean().lt(Duration.ofNanos(1000)),
            ttft().forRequest("nobody").percentile(95).lt(Duration.ofSeconds(3)));
  }
}
