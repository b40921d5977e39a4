package dev.gatlingllm.endtoend;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.SharedPrefixWorkload;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * Users of a model that reasons, and of one that calls tools, over HTTP/2. The property {@code
 * servers} has the base URLs of several servers; each gets such users, in scenarios with its
 * number.
 */
public class ReasoningAndTools extends Simulation {

  static final String TOOLS =
      """
      [{"type":"function","function":{"name":"weather","parameters":{"type":"object",
        "properties":{"city":{"type":"string"},"days":{"type":"integer"}}}}}]
      """;

  {
    String servers = System.getProperty("servers");
    List<PopulationBuilder> populations = new ArrayList<>();
    if (servers == null) {
      populations.addAll(users("", llmTarget()));
    } else {
      for (String server : servers.split(",")) {
        populations.addAll(users(" " + populations.size() / 2, llmTarget().baseUrl(server)));
      }
    }
    setUp(populations);
  }

  private List<PopulationBuilder> users(String number, HttpProtocolBuilder target) {
    HttpProtocolBuilder http2 = target.enableHttp2();
    return List.of(
        scenario("answers" + number)
            .exec(workload().pinned())
            .asLongAs(hasNextTurn())
            .on(chatTurn("answer"))
            .injectOpen(atOnceUsers(8))
            .protocols(http2),
        scenario("calls" + number)
            .exec(workload().pinned())
            .exec(chatTurn("call").tools(TOOLS).toolChoice("required"))
            .injectOpen(atOnceUsers(8))
            .protocols(http2));
  }

  private static SharedPrefixWorkload workload() {
    return sharedPrefix()
        .groups(1)
        .systemPromptTokens(4_096)
        .questionTokens(5)
        .outputTokens(16)
        .turns(3);
  }
}
