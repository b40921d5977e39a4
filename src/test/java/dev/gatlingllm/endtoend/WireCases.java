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

  static final String ONE_BODY = "/chat/n16b-blank-lines-then-json";
  static final String ASKS_FOR_A_STREAM = "asks for a stream";

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
        byPath().keySet().stream().map(path -> request(path, path, "{}")).toList();
    ChainBuilder stream = request(ASKS_FOR_A_STREAM, ONE_BODY, "{\"stream\": true}");
    setUp(scenario("wire").exec(requests).exec(stream).injectOpen(atOnceUsers(1)))
        // follows the redirect of one case, unlike llmTarget()
        .protocols(http.baseUrl(System.getProperty("llm.baseUrl")).disableWarmUp());
  }

  private static ChainBuilder request(String name, String path, String body) {
    return exec(tokenTimed(http(name).post(path).body(StringBody(body))));
  }
}
