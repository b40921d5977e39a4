package dev.gatlingllm.samples;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.SharedPrefixWorkload;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;

/**
 * Goodput: the share of requests that meet all objectives at once.
 *
 * <p>Percentiles of single figures hide that different requests miss different limits. Failed
 * requests miss the objectives, and so do requests that hang for longer than a limit.
 *
 * <pre>{@code
 * mvn gatling:test -Dgatling.simulationClass=dev.gatlingllm.samples.Sample05Goodput
 * }</pre>
 */
public class Sample05Goodput extends Simulation {

  private final SharedPrefixWorkload workload = sharedPrefix().outputTokens(16).turns(2);

  private final ScenarioBuilder chat =
      scenario("goodput").exec(workload.pinned()).asLongAs(hasNextTurn()).on(chatTurn("turn"));

  {
    goodput("ttft<5s,tpot<1s");
    setUp(chat.injectOpen(rampUsers(8).during(2)))
        .protocols(llmTarget())
        .assertions(goodputPercent().gt(90));
  }
}
