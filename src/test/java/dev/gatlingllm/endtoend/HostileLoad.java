package dev.gatlingllm.endtoend;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import dev.gatlingllm.TurnBuilder;
import dev.gatlingllm.Workload;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One user for each API and HTTP version, who asks for every {@link HostileCase} in turn, and one
 * with requests and secrets of its own.
 */
public class HostileLoad extends Simulation {

  /** The system property with the base URL of HTTP/2. */
  static final String HTTP_2_URL = "hostile.http2Url";

  /** The start of the names of the requests of the user's own. */
  static final String OWN = "own: ";

  /** Credentials other than bearer keys, by the header or, with a question mark, the query. */
  static final Map<String, String> OWN_SECRETS =
      Map.of(
          "api-key", "a2ure0123456789abcdef",
          "x-api-key", "x0123456789abcdef",
          "x-goog-api-key", "AIzaHeader0123456789",
          "Cookie", "session=c00kie0123456789",
          "?key", "AIzaQuery0123456789",
          "?token", "t0ken0123456789");

  private final Workload workload =
      sharedPrefix().groups(1).systemPromptTokens(8).questionTokens(4).outputTokens(4).turns(1);

  {
    HttpProtocolBuilder http1 = llmTarget();
    HttpProtocolBuilder http2 = llmTarget().baseUrl(System.getProperty(HTTP_2_URL)).enableHttp2();
    setUp(
            population("chat/1.1", false, name -> chatTurn(name), http1),
            population("completions/1.1", false, name -> completionTurn(name), http1),
            population("chat/2", true, name -> chatTurn(name), http2),
            population("completions/2", true, name -> completionTurn(name), http2),
            own())
        .maxDuration(Duration.ofSeconds(120));
  }

  /** Requests and a protocol of the user's own, which follow redirects. */
  private static PopulationBuilder own() {
    HttpProtocolBuilder target =
        http.baseUrl(LlmSettings.get().get(Setting.BASE_URL))
            .authorizationHeader("Bearer " + System.getenv("LLM_API_KEY"))
            .disableWarmUp();
    List<ChainBuilder> requests =
        Stream.of(HostileCase.secrets(), HostileCase.redirects())
            .flatMap(List::stream)
            .map(
                hostile ->
                    exec(
                        tokenTimed(
                            ask(hostile.name()).body(StringBody("{\"messages\":[]}")).asJson())))
            .toList();
    return scenario("own").exec(requests).injectOpen(atOnceUsers(1)).protocols(target);
  }

  private static HttpRequestActionBuilder ask(String name) {
    HttpRequestActionBuilder request =
        http(OWN + name)
            .post("/v1/chat/completions")
            .header("X-Case", name)
            .header("X-Own", "true")
            .requestTimeout(Duration.ofSeconds(60));
    for (Map.Entry<String, String> secret : OWN_SECRETS.entrySet()) {
      request =
          secret.getKey().startsWith("?")
              ? request.queryParam(secret.getKey().substring(1), secret.getValue())
              : request.header(secret.getKey(), secret.getValue());
    }
    return request;
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
