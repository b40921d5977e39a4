package dev.gatlingllm.endtoend;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.FailurePolicy;
import dev.gatlingllm.SharedPrefixWorkload;
import dev.gatlingllm.TurnBuilder;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * Conversations that meet every fault that {@code -Dfaults} names, over both APIs and under each
 * policy for failed turns. A request is named after its fault, and what follows it {@code after}.
 */
public class EveryFault extends Simulation {

  private static final List<String> FAULTS = List.of(System.getProperty("faults").split("\\|"));

  /** Turns whose fault was injected once: the next attempt must succeed. */
  private final Set<String> tried = ConcurrentHashMap.newKeySet();

  private static SharedPrefixWorkload workload(FailurePolicy policy) {
    return sharedPrefix()
        .groups(1)
        .systemPromptTokens(32)
        .questionTokens(8)
        .outputTokens(8)
        .turns(endless())
        .onFailure(policy);
  }

  private TurnBuilder turn(String api, String name) {
    TurnBuilder turn = api.equals("chat") ? chatTurn(name) : completionTurn(name);
    return turn.header("X-Request-Id", "#{user}/#{turn}");
  }

  /** A turn with its fault; only one that is never to end has little time. */
  private ChainBuilder faulty(String api) {
    TurnBuilder turn =
        turn(api, "#{fault}")
            .request(request -> request.header("X-Simulated-Fault", this::faultOnFirstTry));
    return doIfOrElse(session -> session.getString("fault").endsWith("3600s"))
        .then(turn.requestTimeout(Duration.ofSeconds(3)))
        .orElse(turn);
  }

  private String faultOnFirstTry(Session session) {
    String turn = session.userId() + "/" + session.get("turn");
    return tried.add(turn) ? session.getString("fault") : "";
  }

  /** One user who meets all faults, one after the other, with a good turn after each. */
  private PopulationBuilder oneConversation(String api, String policy, FailurePolicy onFailure) {
    return scenario(api + " " + policy)
        .exec(session -> session.set("user", session.userId()))
        .exec(workload(onFailure).pinned())
        .foreach(FAULTS, "fault")
        .on(faulty(api), turn(api, "after"))
        .injectOpen(atOnceUsers(1));
  }

  /** One user for each fault, who goes on while there is a next turn. */
  private PopulationBuilder manyConversations(String api) {
    return scenario(api + " abandon")
        .exec(session -> session.set("user", session.userId()))
        .feed(listFeeder(FAULTS.stream().map(f -> Map.<String, Object>of("fault", f)).toList()))
        .exec(workload(FailurePolicy.ABANDON).turns(2).pinned())
        .exec(faulty(api))
        .asLongAs(hasNextTurn())
        .on(turn(api, "after"))
        .injectOpen(rampUsers(FAULTS.size()).during(Duration.ofSeconds(2)));
  }

  private Stream<PopulationBuilder> populations(String api) {
    return Stream.of(
        // many users find the client warmed up
        oneConversation(api, "skip", FailurePolicy.SKIP).andThen(manyConversations(api)),
        oneConversation(api, "retry", FailurePolicy.retry(1, Duration.ofMillis(1))));
  }

  {
    setUp(Stream.of("chat", "completions").flatMap(this::populations).toList()).protocols(target());
  }

  private static HttpProtocolBuilder target() {
    // Gatling speaks HTTP/2 over TLS only
    return Boolean.getBoolean("http2") ? llmTarget().enableHttp2() : llmTarget();
  }

  /** All users have ended: what is still open now, besides the expected connections, is leaked. */
  @Override
  public void after() {
    URI admin = URI.create(LlmSettings.get().get(Setting.BASE_URL) + "/admin/connections");
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(trustingAnyServer())
            .build();
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    String open;
    do {
      open = get(http, admin);
    } while (!open.equals("{\"open\":" + Integer.getInteger("connections") + "}")
        && System.nanoTime() < deadline);
    System.out.println("connections at the end: " + open);
  }

  private static SSLContext trustingAnyServer() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String get(HttpClient http, URI uri) {
    try {
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
