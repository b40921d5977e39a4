package contract;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.SharedPrefixWorkload;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;

/** Groups of users who share a system prompt, each in a conversation of its own. */
public class SupportChat extends Simulation {

  private final SharedPrefixWorkload workload =
      sharedPrefix()
          .groups(2)
          .conversationsPerGroup(3)
          .systemPromptTokens(256)
          .questionTokens(normal(48, 12).clamp(16, 96))
          .outputTokens(24)
          .turns(uniform(2, 4))
          .seed(7);

  private final ScenarioBuilder chat =
      scenario("support chat")
          .exec(workload.pinned())
          .asLongAs(hasNextTurn())
          .on(chatTurn("answer").temperature(0), thinkTime(exponential(0.05)));

  {
    setUp(chat.injectClosed(constantConcurrentUsers(6).during(Duration.ofSeconds(6))))
        .protocols(llmTarget());
  }
}
