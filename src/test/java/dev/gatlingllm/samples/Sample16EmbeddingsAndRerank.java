package dev.gatlingllm.samples;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.http;

import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;

/**
 * Embeddings and reranking: requests of your own whose responses are numbers, not text.
 *
 * <p>{@code tokenTimed} reads the tokens of the prompt from {@code usage}. Such responses have no
 * output tokens: their latency is E2E. TTFT and TPOT have no values, and goodput needs an objective
 * of {@code e2e} alone.
 *
 * <pre>{@code
 * mvn gatling:test -Dgatling.simulationClass=dev.gatlingllm.samples.Sample16EmbeddingsAndRerank
 * }</pre>
 */
public class Sample16EmbeddingsAndRerank extends Simulation {

  private static final String EMBED =
      """
      {"model": "simulated", "input": ["a text of user #{user}", "another text"]}
      """;

  private static final String RERANK =
      """
      {"model": "simulated", "query": "text of user #{user}",
       "documents": ["a text of user #{user}", "another text"], "top_n": 1}
      """;

  private final ScenarioBuilder search =
      scenario("search")
          .exec(session -> session.set("user", session.userId()))
          .exec(tokenTimed(http("embed").post("/v1/embeddings").body(StringBody(EMBED)).asJson()))
          .exec(tokenTimed(http("rerank").post("/v1/rerank").body(StringBody(RERANK)).asJson()));

  {
    goodput("e2e<500ms");
    setUp(search.injectOpen(rampUsers(10).during(1))).protocols(llmTarget());
  }
}
