package dev.gatlingllm.benchmarks;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.http;

import dev.gatlingllm.RecordedArrivals;
import dev.gatlingllm.Workload;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The client that benchmarks measure: a number of streams, one response after another, until the
 * time is over. Settings come as system properties from a {@link ClientProcess}.
 */
public class StreamingClient extends Simulation {

  static final String FOLDER = "benchmark.folder";

  private static final String RESPONSES = "responses";

  private final Load load = Load.ofThisProcess();
  private final Path folder = Path.of(System.getProperty(FOLDER));

  private final ClientWatcher watcher = new ClientWatcher(load, folder);

  private final ScenarioBuilder streams =
      scenario("streams")
          .asLongAs(session -> !watcher.isOver())
          .on(load.kind() == ClientKind.CHAT ? conversation() : response());

  private ChainBuilder conversation() {
    Workload workload =
        sharedPrefix()
            .groups(4)
            .systemPromptTokens(256)
            .questionTokens(uniform(16, 48))
            .outputTokens(uniform(load.shortestResponse(), load.longestResponse()))
            .turns(4)
            .seed(LlmSettings.get().get(Setting.SEED));
    return exec(workload.pinned())
        .asLongAs(hasNextTurn())
        .on(chatTurn("response"), exec(this::answered));
  }

  private ChainBuilder response() {
    HttpRequestActionBuilder request =
        http("response")
            .post("/v1/chat/completions")
            .header("Content-Type", "application/json")
            .body(StringBody(this::body))
            .requestTimeout(Duration.ofMinutes(10));
    return exec(
        load.kind() == ClientKind.PLAIN ? exec(request) : exec(tokenTimed(request)),
        exec(this::answered));
  }

  private String body(Session session) {
    long mixed = (session.userId() * 1_000_003 + responses(session)) * 0x9E37_79B9_7F4A_7C15L;
    int spread = load.longestResponse() - load.shortestResponse() + 1;
    long tokens = load.shortestResponse() + Long.remainderUnsigned(mixed >>> 8, spread);
    return "{\"model\":\"simulated\",\"messages\":[{\"role\":\"user\",\"content\":\"Tell me"
        + " more.\"}],"
        + "\"stream\":true,\"stream_options\":{\"include_usage\":true},\"max_tokens\":"
        + tokens
        + "}";
  }

  private Session answered(Session session) {
    watcher.answered();
    return session.set(RESPONSES, responses(session) + 1);
  }

  private static int responses(Session session) {
    return session.contains(RESPONSES) ? session.getInt(RESPONSES) : 0;
  }

  {
    if (load.kind() != ClientKind.PLAIN) {
      RecordedArrivals.keptIn(folder);
    }
    // at most 25 users a second, unless at least half of the warm-up is at full load only with
    // more;
    // Gatling loses users over less than a second
    int seconds = Math.min(load.warmUpSeconds() / 2, load.streams() / 25);
    Duration beginning = Duration.ofSeconds(Math.max(1, seconds));
    setUp(streams.injectOpen(rampUsers(load.streams()).during(beginning))).protocols(llmTarget());
  }
}
