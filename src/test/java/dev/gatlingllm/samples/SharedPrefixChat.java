package dev.gatlingllm.samples;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.Workload;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;

/**
 * The bundled simulation, and the first sample to read: groups of users who share a system prompt,
 * each in a conversation of several turns about a document of its own.
 *
 * <p>Everything in it comes from the settings, which docs/settings.md lists. With nothing set, it
 * drives the embedded simulated server:
 *
 * <pre>{@code
 * mvn gatling:test
 * mvn gatling:test -Dllm.users=32 -Dllm.systemPromptTokens=2048
 * mvn gatling:test -Dllm.baseUrl=http://127.0.0.1:8000 -Dllm.model=Qwen/Qwen3-8B
 * mvn gatling:test -Dllm.replay=src/test/resources/replay/messages.jsonl
 * }</pre>
 */
public class SharedPrefixChat extends Simulation {

  // Generated conversations, or the recorded ones of llm.replay. Each conversation has a document:
  // its first turn computes it, and later turns can find it in the server's cache.
  private final Workload workload = workload(generated -> generated.privateContextTokens(2_000));

  // With pinned(), user k has conversation k. With feed(workload.feeder()) instead, the next user
  // gets the next conversation.
  private final ScenarioBuilder chat =
      scenario("shared-prefix chat")
          .exec(workload.pinned())
          .asLongAs(hasNextTurn())
          .on(turn("turn"), thinkTime());

  {
    // Figures leave out the warm-up, and the end in which the last conversations finish.
    measure();
    setUp(load(chat, workload)).maxDuration(longestRun()).protocols(llmTarget());
  }
}
