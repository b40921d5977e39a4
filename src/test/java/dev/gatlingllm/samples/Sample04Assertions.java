package dev.gatlingllm.samples;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.SharedPrefixWorkload;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;

/**
 * Assertions: limits on token figures, which fail the build as Gatling's own do.
 *
 * <p>{@code forRequest}, {@code forTurn}, {@code forModel}, {@code forFinishReason} and others
 * select responses. A percentile with too few samples is judged by a pessimistic bound: see
 * docs/assertions.md.
 *
 * <pre>{@code
 * mvn gatling:test -Dgatling.simulationClass=dev.gatlingllm.samples.Sample04Assertions
 * }</pre>
 */
public class Sample04Assertions extends Simulation {

  private final SharedPrefixWorkload workload =
      sharedPrefix().groups(2).systemPromptTokens(512).outputTokens(16).turns(3);

  private final ScenarioBuilder chat =
      scenario("assertions").exec(workload.pinned()).asLongAs(hasNextTurn()).on(chatTurn("answer"));

  {
    setUp(chat.injectOpen(rampUsers(8).during(2)))
        .protocols(llmTarget())
        .assertions(
            global().failedRequests().count().is(0L),
            ttft().percentile(95).lt(Duration.ofSeconds(5)),
            ttft().forRequest("answer").forTurn(2).mean().lt(Duration.ofSeconds(5)),
            outputTokens().mean().is(16),
            cacheHitPercent().gt(20));
  }
}
