package dev.gatlingllm.endtoend;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.http;

import dev.gatlingllm.OnAbandon;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.time.Duration;

/**
 * Users who leave in each way, over HTTP/1.1 and HTTP/2. Each conversation that goes on ends with
 * two whole responses, so that the server is done with what was left behind when the load ends.
 */
public class LeavingUsers extends Simulation {

  private static final String COMPLETION =
      "{\"model\":\"simulated\",\"prompt\":\"hi\",\"max_tokens\":40,\"stream\":true}";

  {
    setUp(
        users("http1", llmTarget().baseUrl(System.getProperty("http1"))),
        users("http2", llmTarget().baseUrl(System.getProperty("http2")).enableHttp2()),
        scenario("ends")
            .exec(sharedPrefix().groups(1).systemPromptTokens(20).turns(3).pinned())
            .asLongAs(hasNextTurn())
            .on(chatTurn("ends").abandon(1).then(OnAbandon.END).after(tokens(2)))
            .exec(
                session -> {
                  System.out.println("ends: failed is " + session.isFailed());
                  return session;
                })
            .injectOpen(atOnceUsers(1))
            .protocols(llmTarget().baseUrl(System.getProperty("http1"))));
  }

  private static PopulationBuilder users(String protocol, HttpProtocolBuilder target) {
    var workload =
        sharedPrefix().groups(1).systemPromptTokens(20).questionTokens(5).outputTokens(40).turns(6);
    ChainBuilder whole = exec(chatTurn("whole").abandon(0).after(beforeFirstToken()));
    return scenario(protocol)
        .exec(workload.pinned())
        .exec(whole)
        .exec(chatTurn("tokens").abandon(1).then(OnAbandon.SKIP).after(tokens(5)))
        .exec(chatTurn("time").abandon(1).then(OnAbandon.SKIP).after(Duration.ofMillis(100)))
        .exec(chatTurn("waiting").abandon(1).then(OnAbandon.SKIP).after(beforeFirstToken()))
        .exec(
            tokenTimed(http("own").post("/v1/completions").body(StringBody(COMPLETION)).asJson())
                .abandon(1)
                .after(tokens(7)))
        .exec(whole, whole)
        .injectOpen(atOnceUsers(3))
        .protocols(target);
  }
}
