package dev.gatlingllm.endtoend;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import dev.gatlingllm.stream.WireCase;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Simulation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One user asks for every recorded response, one after the other, over the same connection. */
public class WireCases extends Simulation {

  /** Returns the recorded responses by path. */
  static Map<String, WireCase> byPath() {
    Map<String, WireCase> responses = new LinkedHashMap<>();
    for (WireCase response : WireCase.all()) {
      if (!response.name().startsWith("x-")) {
        responses.put("/chat/" + response.name(), response);
        if (response.isAlsoACompletion()) {
          responses.put("/completions/" + response.name(), response.asCompletion());
        }
      }
    }
    return responses;
  }

  {
    List<ChainBuilder> requests =
        byPath().keySet().stream()
            .map(path -> exec(tokenTimed(http(path).post(path).body(StringBody("{}")))))
            .toList();
    setUp(scenario("wire").exec(requests).injectOpen(atOnceUsers(1)))
        // follows the redirect of one case, unlike llmTarget()
        .protocols(http.baseUrl(System.getProperty("llm.baseUrl")).disableWarmUp());
  }
}
