package dev.gatlingllm.endtoend;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import dev.gatlingllm.ContextPolicy;
import dev.gatlingllm.FailurePolicy;
import dev.gatlingllm.ReplyInHistory;
import dev.gatlingllm.SharedPrefixWorkload;
import dev.gatlingllm.Workload;
import io.gatling.javaapi.core.Body;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The same conversations twice: as {@code chatTurn} or {@code completionTurn}, and by requests of
 * the user's own. One user after the other takes the conversations of a workload, so that both
 * scenarios send the same prompts in the same order.
 */
public class OwnTurns extends Simulation {

  private static final int CONVERSATIONS = 4;

  private static final String FIELDS =
      "{\"model\":\"#{model}\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
          + "\"max_tokens\":#{maxTokens},";

  private final List<PopulationBuilder> populations = new ArrayList<>();
  private final Map<String, Integer> sent = new ConcurrentHashMap<>();

  {
    Body file = ElFileBody("bodies/turn.json");
    Body pebble =
        PebbleStringBody(
            "{\"model\":\"{{model}}\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                + "\"max_tokens\":{{maxTokens}},\"messages\":{{messages}}}");
    Body prompt = StringBody(FIELDS + "\"prompt\":#{prompt.jsonStringify()}}");
    Body ids = StringBody(FIELDS + "\"prompt\":#{promptTokenIds}}");

    chat("plain", () -> generated().conversationsPerGroup(1), file);
    chat("retried", () -> generated().onFailure(retries()), pebble);
    chat("skipped", () -> generated().onFailure(FailurePolicy.SKIP), file);
    chat("abandoned", () -> generated().onFailure(FailurePolicy.ABANDON), file);
    chat("dropping", () -> generated().maxModelTokens(90, ContextPolicy.DROP_OLDEST), pebble);
    chat("stopping", () -> generated().maxModelTokens(90, ContextPolicy.STOP), file);
    chat("failing", () -> generated().maxModelTokens(90, ContextPolicy.FAIL), file);
    chat("replayed", () -> replay(Path.of("src/test/resources/replay/messages.jsonl")), file);
    twice("text", this::generated, completionTurn("text"), "/v1/completions", prompt);
    twice(
        "ids",
        () -> generated().replyInHistory(ReplyInHistory.CANNED),
        completionTurn("ids").promptAsTokenIds(),
        "/v1/completions",
        ids);
    chat("fed", this::fed, file);
    populations.add(
        population(
            "moderated",
            generated(),
            exec(
                exec(tokenTimed(own("too early", "/v1/chat/completions", file)).asTurn()),
                nextTurn(),
                tokenTimed(own("moderate", "/v1/chat/completions", file)),
                tokenTimed(own("ask", "/v1/chat/completions", file)).asTurn())));
    populations.add(
        population(
            "without nextTurn()",
            generated(),
            exec(tokenTimed(own("forgotten", "/v1/chat/completions", file)))));
    populations.add(
        scenario("without a conversation")
            .exec(nextTurn())
            .exec(tokenTimed(own("never sent", "/v1/chat/completions", file)).asTurn())
            .injectOpen(atOnceUsers(1)));
    setUp(populations).protocols(llmTarget());
  }

  private SharedPrefixWorkload generated() {
    return sharedPrefix()
        .groups(2)
        .systemPromptTokens(20)
        .privateContextTokens(4)
        .questionTokens(uniform(5, 9))
        .outputTokens(uniform(6, 12))
        .turns(6);
  }

  /** Questions that come round again, so that later conversations find them in the cache. */
  private SharedPrefixWorkload fed() {
    return sharedPrefix()
        .systemPrompts(jsonFile("feeders/personas.json"), "prompt")
        .questions(csv("feeders/questions.csv").circular(), "text")
        .outputTokens(csv("feeders/questions.csv").circular(), "max_tokens")
        .models(csv("feeders/questions.csv").shuffle(), "model")
        .turns(3);
  }

  private static FailurePolicy retries() {
    return FailurePolicy.retry(1, Duration.ofMillis(1));
  }

  private void chat(String name, Supplier<Workload> workload, Body body) {
    twice(name, workload, chatTurn(name), "/v1/chat/completions", body);
  }

  private void twice(
      String name,
      Supplier<Workload> workload,
      dev.gatlingllm.TurnBuilder ours,
      String path,
      Body body) {
    String turn = name + ", built in";
    String own = name + ", own";
    populations.add(
        population(
            turn,
            workload.get(),
            exec(ours.request(http -> http.header("X-Simulated-Fault", this::fault)))));
    populations.add(
        population(
            own, workload.get(), exec(nextTurn(), tokenTimed(own(name, path, body)).asTurn())));
  }

  private HttpRequestActionBuilder own(String name, String path, Body body) {
    return http(name)
        .post(path)
        .header("X-Simulated-Fault", this::fault)
        .header("X-Tenant", "#{group}")
        .body(body)
        .asJson();
  }

  private PopulationBuilder population(String scenario, Workload workload, ChainBuilder turn) {
    return scenario(scenario)
        .repeat(CONVERSATIONS)
        .on(feed(workload.feeder()).asLongAs(hasNextTurn()).on(turn))
        .injectOpen(atOnceUsers(1));
  }

  /** In scenarios about failures, one request fails, and later two in a row. */
  private String fault(Session session) {
    int number = sent.merge(session.scenario(), 1, Integer::sum) % 7;
    boolean fails = number == 2 || number == 4 || number == 5;
    return fails && session.scenario().matches("(retried|skipped|abandoned).*")
        ? "500"
        : "late-first-token;for=1ms";
  }
}
