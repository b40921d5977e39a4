package dev.gatlingllm.samples;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import dev.gatlingllm.SharedPrefixWorkload;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;

/**
 * An existing scenario, made multi-turn by three lines: customers log in, browse, and ask the
 * shop's assistant, which expects the prompt inside a JSON object of its own.
 *
 * <p>Gatling's feeders give the accounts, the system prompts and the questions. {@code nextTurn()}
 * puts the next turn of the customer's conversation into the session, where the request's body
 * finds it, as {@code #{messages}} and {@code #{maxTokens}} in {@code bodies/assistant.json}.
 * {@code asTurn()} takes the response back into the conversation, so that the next turn carries it.
 *
 * <pre>{@code
 * mvn gatling:test -Dgatling.simulationClass=dev.gatlingllm.samples.ShopAssistant
 * }</pre>
 */
public class ShopAssistant extends Simulation {

  private final ShopServer shop = ShopServer.start();

  // Each turn takes the next question, and each group of customers has one of the system prompts.
  private final SharedPrefixWorkload workload =
      sharedPrefix()
          .systemPrompts(jsonFile("feeders/personas.json"), "prompt")
          .questions(csv("feeders/questions.csv").circular(), "text")
          .outputTokens(csv("feeders/questions.csv").circular(), "max_tokens")
          .turns(3);

  private final ScenarioBuilder visit =
      scenario("visit")
          .feed(csv("feeders/accounts.csv").circular())
          .exec(
              http("login")
                  .post("/login")
                  .body(StringBody("{\"account\":\"#{account}\"}"))
                  .check(jsonPath("$.token").saveAs("token")),
              http("browse").get("/products").check(status().is(200)))
          .exec(workload.pinned()) // 1. customer k has conversation k
          .asLongAs(hasNextTurn())
          .on(
              nextTurn(), // 2. the next turn is in the session
              tokenTimed(
                      http("ask")
                          .post("/assistant")
                          .header("Authorization", "Bearer #{token}")
                          .body(ElFileBody("bodies/assistant.json"))
                          .asJson())
                  .asTurn(), // 3. the response is in the conversation
              pause(1));

  {
    setUp(visit.injectOpen(atOnceUsers(2), rampUsers(4).during(2)))
        .protocols(http.baseUrl(shop.url()))
        .assertions(
            global().failedRequests().count().is(0L),
            ttft().forRequest("ask").forTurn(2).max().lt(Duration.ofSeconds(10)));
  }
}
