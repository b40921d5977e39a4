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

  // Generated conversations, or the recorded ones of llm.replay. Each conversation has a document
  // of
  // its own, so that its first turn pays for what its later turns find in the server's cache.
  private final Workload workload = workload(generated -> generated.privateContextTokens(2_000));

  // With pinned(), user k has conversation k, whoever comes first. With feed(workload.feeder()) in
  // its place, whoever comes next has the next conversation.
  private final ScenarioBuilder chat =
      scenario("shared-prefix chat")
          .exec(workload.pinned())
          .asLongAs(hasNextTurn())
          .on(turn("turn"), thinkTime());

  {
    // Neither the warm-up nor the end, when the last conversations finish, enters a figure.
    measure();
    setUp(load(chat, workload)).maxDuration(longestRun()).protocols(llmTarget());
  }
}
