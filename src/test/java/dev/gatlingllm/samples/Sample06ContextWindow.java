package dev.gatlingllm.samples;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.ContextPolicy;
import dev.gatlingllm.SharedPrefixWorkload;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;

/**
 * Context window: what happens when a conversation no longer fits.
 *
 * <p>{@code keepPrefix(1)} drops turns after the first one, so that the beginning of the prompt
 * stays the same and cached. {@code DROP_OLDEST} drops the oldest ones, {@code STOP} ends the
 * conversation, and {@code FAIL} fails the turn. The report counts the dropped tokens.
 *
 * <pre>{@code
 * mvn gatling:test -Dgatling.simulationClass=dev.gatlingllm.samples.Sample06ContextWindow
 * }</pre>
 */
public class Sample06ContextWindow extends Simulation {

  private final SharedPrefixWorkload workload =
      sharedPrefix()
          .groups(1)
          .systemPromptTokens(128)
          .questionTokens(32)
          .outputTokens(16)
          .turns(8)
          .maxModelTokens(320, ContextPolicy.keepPrefix(1));

  private final ScenarioBuilder chat =
      scenario("context window")
          .exec(workload.pinned())
          .asLongAs(hasNextTurn())
          .on(chatTurn("turn"));

  {
    setUp(chat.injectOpen(atOnceUsers(4))).protocols(llmTarget());
  }
}
