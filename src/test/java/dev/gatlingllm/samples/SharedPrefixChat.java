package dev.gatlingllm.samples;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.Workload;
import dev.gatlingllm.conversation.Api;
import dev.gatlingllm.settings.LlmSettings;
import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.List;

/**
 * The bundled simulation, and the first sample to read: groups of users who share a system prompt,
 * each in a conversation of several turns.
 *
 * <p>Everything in it can be set from the command line; `llm-defaults.conf` lists the settings.
 * With nothing set, it drives the embedded simulated server:
 *
 * <pre>{@code
 * mvn gatling:test
 * mvn gatling:test -Dllm.users=32 -Dllm.systemPromptTokens=2048
 * mvn gatling:test -Dllm.baseUrl=http://127.0.0.1:8000 -Dllm.model=Qwen/Qwen3-8B
 * mvn gatling:test -Dllm.replay=src/test/resources/replay/messages.jsonl
 * }</pre>
 */
public class SharedPrefixChat extends Simulation {

  private final LlmSettings settings = LlmSettings.get();

  // Groups with lengths as the settings say, or the recorded conversations of llm.replay.
  private final Workload workload = workload();

  private final ScenarioBuilder chat =
      scenario("shared-prefix chat")
          .exec(workload.pinned())
          .asLongAs(hasNextTurn())
          .on(turn(), thinkTime(settings.thinkTime()));

  private ActionBuilder turn() {
    return settings.api() == Api.CHAT ? chatTurn("turn") : completionTurn("turn");
  }

  {
    // Neither the warm-up nor the end, when the last conversations finish, enters a figure.
    measure(settings.warmup(), settings.duration());
    Duration load = settings.warmup().plus(settings.duration());
    setUp(injected(load)).maxDuration(load.plus(settings.requestTimeout())).protocols(llmTarget());
  }

  private PopulationBuilder injected(Duration load) {
    List<OpenInjectionStep> recorded = workload.arrivals(load);
    if (!recorded.isEmpty()) {
      return chat.injectOpen(recorded);
    }
    return settings.rate().isPresent()
        ? chat.injectOpen(constantUsersPerSec(settings.rate().getAsDouble()).during(load))
        : chat.injectClosed(constantConcurrentUsers(settings.users()).during(load));
  }
}
