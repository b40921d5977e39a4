package dev.gatlingllm.endtoend;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import dev.gatlingllm.OnAbandon;
import dev.gatlingllm.SharedPrefixWorkload;
import io.gatling.core.session.GroupBlock;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;

/** Scenarios that use what Gatling offers around a request. */
final class GatlingsOwn {

  private GatlingsOwn() {}

  /** Returns a workload with the settings of this run: a process may run several. */
  private static SharedPrefixWorkload workload() {
    return sharedPrefix()
        .groups(1)
        .systemPromptTokens(8)
        .questionTokens(4)
        .outputTokens(4)
        .turns(20);
  }

  /** The server sends the request elsewhere. */
  public static class Redirected extends Simulation {
    {
      setUp(
              scenario("redirected")
                  .exec(
                      tokenTimed(
                          http("ask")
                              .post("/old/chat/completions")
                              .body(StringBody("{\"messages\":[],\"stream\":true}"))
                              .asJson()))
                  .injectOpen(atOnceUsers(1)))
          .protocols(
              http.baseUrl(System.getProperty("llm.baseUrl"))
                  .disableWarmUp()
                  .authorizationHeader("Bearer " + System.getenv("LLM_API_KEY")));
    }
  }

  /** Requests to another host, timed and plain, without and with a header of their own. */
  public static class AsksAnotherHost extends Simulation {

    private static final String OTHER = System.getProperty("other");

    {
      setUp(
              scenario("other host")
                  .exec(
                      http("same").get("/models"),
                      http("plain").get(OTHER + "/plain"),
                      tokenTimed(http("timed").get(OTHER + "/timed")),
                      http("own")
                          .get(OTHER + "/own")
                          .header("Authorization", "Bearer " + System.getenv("LLM_API_KEY")))
                  .injectOpen(atOnceUsers(1)))
          .protocols(llmTarget());
    }
  }

  /** Two users, one after the other. */
  public static class TwoUsers extends Simulation {
    {
      setUp(
              scenario("two users")
                  .exec(workload().pinned())
                  .exec(chatTurn("turn"))
                  .injectOpen(atOnceUsers(1), nothingFor(1), atOnceUsers(1)))
          .protocols(llmTarget());
    }
  }

  /** Every second request fails. */
  public static class Exits extends Simulation {
    {
      setUp(
              scenario("exits")
                  .exec(workload().pinned())
                  .tryMax(3)
                  .on(chatTurn("tried"))
                  .exitBlockOnFail()
                  .on(chatTurn("left"), chatTurn("never"))
                  .exec(chatTurn("after"))
                  .injectOpen(atOnceUsers(1)))
          .protocols(llmTarget());
    }
  }

  /** A check that saves, and one that no response meets. */
  public static class Checks extends Simulation {
    {
      setUp(
              scenario("checks")
                  .exec(workload().pinned())
                  .exec(
                      chatTurn("turn")
                          .check(status().saveAs("seen"), substring("never said").exists()))
                  .exec(
                      session -> {
                        System.out.println("saved status " + session.get("seen"));
                        return session;
                      })
                  .injectOpen(atOnceUsers(1)))
          .protocols(llmTarget());
    }
  }

  /** Two requests a second, whatever the users want. */
  public static class Throttled extends Simulation {

    private final ScenarioBuilder turns =
        scenario("throttled").exec(workload().pinned()).repeat(4).on(chatTurn("turn"));

    {
      setUp(turns.injectOpen(atOnceUsers(2)))
          .throttle(jumpToRps(2), holdFor(Duration.ofSeconds(20)))
          .protocols(llmTarget());
    }
  }

  /** More users than the throttle lets send. */
  public static class HeldBack extends Simulation {
    {
      setUp(
              scenario("held back")
                  .exec(workload().pinned())
                  .exec(chatTurn("turn"))
                  .injectOpen(atOnceUsers(20)))
          .throttle(jumpToRps(2), holdFor(Duration.ofSeconds(20)))
          .maxDuration(Duration.ofSeconds(3))
          .protocols(llmTarget());
    }
  }

  /** The page of a response has another resource. */
  public static class WithResource extends Simulation {
    {
      setUp(
              scenario("with resource")
                  .exec(
                      tokenTimed(
                          http("ask")
                              .post("/v1/chat/completions")
                              .body(StringBody("{\"messages\":[],\"stream\":true}"))
                              .resources(
                                  http("beside").post("/beside").body(StringBody("beside")))))
                  .injectOpen(atOnceUsers(1)))
          .protocols(http.baseUrl(System.getProperty("llm.baseUrl")).disableWarmUp());
    }
  }

  /** Groups around a turn that is retried, and around one that its user abandons. */
  public static class Grouped extends Simulation {
    {
      setUp(
              scenario("grouped")
                  .exec(workload().pinned())
                  .group("retried")
                  .on(exec(chatTurn("retried")).exec(GatlingsOwn::printGroup))
                  .group("failed before")
                  .on(
                      exec(Session::markAsFailed)
                          .exec(chatTurn("again"))
                          .exec(GatlingsOwn::printGroup))
                  .group("left")
                  .on(
                      exec(chatTurn("left").abandon(1).then(OnAbandon.SKIP).after(tokens(1)))
                          .exec(GatlingsOwn::printGroup))
                  .injectOpen(atOnceUsers(1)))
          .protocols(llmTarget());
    }
  }

  private static Session printGroup(Session session) {
    GroupBlock group = (GroupBlock) session.asScala().blockStack().head();
    System.out.println("group " + group.groups().head() + " is " + group.status());
    return session;
  }
}
