package dev.gatlingllm.samples;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import java.util.List;
import java.util.Map;

/**
 * Own prompts: Gatling's feeders and requests as you know them, with tokens in the report.
 *
 * <p>{@code tokenTimed} wraps a request that you already have, and changes nothing about it. The
 * response is measured if it is a stream, or a JSON body, of an API of OpenAI, Anthropic or Ollama.
 * Afterwards the session has {@code reply}, {@code outputTokens} and others. {@link ShopAssistant}
 * makes such requests the turns of a conversation.
 *
 * <pre>{@code
 * mvn gatling:test -Dgatling.simulationClass=dev.gatlingllm.samples.Sample02OwnPrompts
 * }</pre>
 */
public class Sample02OwnPrompts extends Simulation {

  private static final List<Map<String, Object>> PROMPTS =
      List.of(
          Map.of("prompt", "Why is the sky blue?"),
          Map.of("prompt", "Write a haiku about \"latency\"."));

  // jsonStringify() quotes and escapes the prompt for JSON
  private static final String BODY =
      """
      {"model": "simulated", "max_tokens": 32, "stream": true,
       "stream_options": {"include_usage": true},
       "messages": [{"role": "user", "content": #{prompt.jsonStringify()}}]}
      """;

  private final ScenarioBuilder ask =
      scenario("own prompts")
          .feed(listFeeder(PROMPTS).circular())
          .exec(
              tokenTimed(http("ask").post("/v1/chat/completions").body(StringBody(BODY)).asJson()));

  {
    setUp(ask.injectOpen(rampUsers(8).during(2))).protocols(llmTarget());
  }
}
