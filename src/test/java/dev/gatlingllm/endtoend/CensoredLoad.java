package dev.gatlingllm.endtoend;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.Distribution;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;

/**
 * A load that ends while requests are waiting and streams are open. The properties say how: {@code
 * rate} (arrivals per second; otherwise 8 users), {@code outputTokens}, and {@code maxDuration}.
 */
public class CensoredLoad extends Simulation {

  static final Duration WARM_UP = Duration.ofSeconds(1);
  static final Duration MEASURED = Duration.ofSeconds(5);
  static final Duration LOAD = Duration.ofSeconds(8);

  private final ScenarioBuilder turns =
      scenario("turns")
          .exec(
              sharedPrefix()
                  .groups(2)
                  .systemPromptTokens(64)
                  .questionTokens(16)
                  .outputTokens(Distribution.parse(System.getProperty("outputTokens")))
                  .turns(2)
                  .pinned())
          .asLongAs(hasNextTurn())
          .on(chatTurn("turn"));

  {
    measure(WARM_UP, MEASURED);
    setUp(population())
        .protocols(llmTarget())
        .maxDuration(Duration.parse(System.getProperty("maxDuration")));
  }

  private PopulationBuilder population() {
    String rate = System.getProperty("rate");
    return rate == null
        ? turns.injectClosed(constantConcurrentUsers(8).during(LOAD))
        : turns.injectOpen(constantUsersPerSec(Double.parseDouble(rate)).during(LOAD));
  }
}
