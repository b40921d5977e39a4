package dev.gatlingllm.samples;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.SharedPrefixWorkload;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import java.util.Map;

/**
 * Several models: a base model and a LoRA adapter behind one server, by weight.
 *
 * <p>A conversation stays with its model; {@code modelsPerTurn} draws one for each turn. The report
 * has the figures of all of them, and a table and a filter by model.
 *
 * <pre>{@code
 * mvn gatling:test -Dgatling.simulationClass=dev.gatlingllm.samples.Sample10SeveralModels
 * }</pre>
 */
public class Sample10SeveralModels extends Simulation {

  private final SharedPrefixWorkload workload = sharedPrefix().outputTokens(16).turns(2);

  private final ScenarioBuilder chat =
      scenario("several models")
          .exec(workload.pinned())
          .asLongAs(hasNextTurn())
          .on(chatTurn("turn").models(Map.of("base", 3, "support-lora", 1)));

  {
    setUp(chat.injectOpen(rampUsers(16).during(2))).protocols(llmTarget());
  }
}
