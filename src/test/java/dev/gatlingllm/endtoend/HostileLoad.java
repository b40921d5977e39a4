package dev.gatlingllm.endtoend;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.TurnBuilder;
import dev.gatlingllm.Workload;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** One user for each API and HTTP version, who asks for every {@link HostileCase} in turn. */
public class HostileLoad extends Simulation {

  /** The system property with the base URL of HTTP/2. */
  static final String HTTP_2_URL = "hostile.http2Url";

  private final Workload workload =
      sharedPrefix().groups(1).systemPromptTokens(8).questionTokens(4).outputTokens(4).turns(1);

  {
    HttpProtocolBuilder http1 = llmTarget();
    HttpProtocolBuilder http2 = llmTarget().baseUrl(System.getProperty(HTTP_2_URL)).enableHttp2();
    setUp(
            population("chat/1.1", false, name -> chatTurn(name), http1),
            population("completions/1.1", false, name -> completionTurn(name), http1),
            population("chat/2", true, name -> chatTurn(name), http2),
            population("completions/2", true, name -> completionTurn(name), http2))
        .maxDuration(Duration.ofSeconds(120));
  }

  private PopulationBuilder population(
      String name, boolean http2, Function<String, TurnBuilder> turn, HttpProtocolBuilder target) {
    List<ChainBuilder> turns =
        HostileCase.all().values().stream()
            .filter(hostile -> !(http2 && hostile.http1Only()))
            .map(
                hostile ->
                    exec(workload.pinned())
                        .exec(
                            turn.apply(hostile.name())
                                .header("X-Case", hostile.name())
                                .requestTimeout(hostile.patience())))
            .toList();
    return scenario(name).exec(turns).injectOpen(atOnceUsers(1)).protocols(target);
  }
}
