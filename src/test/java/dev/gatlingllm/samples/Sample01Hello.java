package dev.gatlingllm.samples;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.SharedPrefixWorkload;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;

/**
 * Hello: one user asks one question, and the report shows its tokens.
 *
 * <p>A workload makes conversations, {@code pinned()} gives the user one of them, and {@code
 * chatTurn} sends its next turn. {@code llmTarget()} is the server of the settings; without {@code
 * llm.baseUrl}, a simulated server starts with the run.
 *
 * <pre>{@code
 * mvn gatling:test -Dgatling.simulationClass=dev.gatlingllm.samples.Sample01Hello
 * }</pre>
 */
public class Sample01Hello extends Simulation {

  private final SharedPrefixWorkload workload = sharedPrefix().turns(1);

  private final ScenarioBuilder hello =
      scenario("hello").exec(workload.pinned()).exec(chatTurn("hello"));

  {
    setUp(hello.injectOpen(atOnceUsers(1))).protocols(llmTarget());
  }
}
