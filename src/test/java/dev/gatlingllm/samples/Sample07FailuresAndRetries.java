package dev.gatlingllm.samples;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import dev.gatlingllm.FailurePolicy;
import dev.gatlingllm.SharedPrefixWorkload;
import dev.gatlingllm.server.SimulatedServer;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;

/**
 * Failures and retries: a server that is overloaded now and then.
 *
 * <p>A failed turn leaves the conversation at its last good state. {@code retry(2)} sends it again
 * after a pause, or after the server's {@code Retry-After}; {@code SKIP} goes on with the next
 * question, and {@code ABANDON} ends the conversation. Every attempt counts as a request of its
 * own, and the report shows each kind of failure with the server's message.
 *
 * <pre>{@code
 * mvn gatling:test -Dgatling.simulationClass=dev.gatlingllm.samples.Sample07FailuresAndRetries
 * }</pre>
 */
public class Sample07FailuresAndRetries extends Simulation {

  // one request in five gets a 503, and one in ten loses its connection in mid-stream
  private final SimulatedServer server =
      SimulatedServer.start(s -> s.faults("503=0.2;for=0s", "reset=0.1"));

  private final SharedPrefixWorkload workload =
      sharedPrefix()
          .outputTokens(16)
          .turns(3)
          .onFailure(FailurePolicy.retry(2, Duration.ofMillis(100)));

  private final ScenarioBuilder chat =
      scenario("failures and retries")
          .exec(workload.pinned())
          .asLongAs(hasNextTurn())
          .on(chatTurn("turn"));

  {
    setUp(chat.injectOpen(rampUsers(8).during(2)))
        .protocols(http.baseUrl(server.baseUrl()).disableWarmUp());
  }
}
