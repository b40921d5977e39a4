package example

import dev.gatlingllm.LlmDsl.*
import io.gatling.javaapi.core.CoreDsl.*
import io.gatling.javaapi.core.Simulation
import io.gatling.javaapi.http.HttpDsl.http
import java.time.Duration

/**
 * Four users at a time, in conversations of two to four turns, and one user with a request of its own. Without
 * `-Dllm.baseUrl=http://host:port`, the load goes to a simulated server that starts with the run.
 */
class ChatSimulation : Simulation() {

  private val workload =
      sharedPrefix()
          .groups(2)
          .systemPromptTokens(512)
          .questionTokens(normal(48, 12).clamp(16, 96))
          .outputTokens(32)
          .turns(uniform(2, 4))
          .seed(42)

  private val chat =
      scenario("chat")
          .exec(workload.pinned())
          .asLongAs(hasNextTurn())
          .on(chatTurn("answer").temperature(1), thinkTime(exponential(0.1)))

  private val own =
      scenario("own request")
          .exec(
              tokenTimed(
                  http("ask")
                      .post("/v1/chat/completions")
                      .body(
                          StringBody(
                              """{"model":"simulated","stream":true,"max_tokens":8,
                              "stream_options":{"include_usage":true},
                              "messages":[{"role":"user","content":"How do I reset my password?"}]}"""))
                      .asJson()))

  init {
    setUp(
            chat.injectClosed(constantConcurrentUsers(4).during(Duration.ofSeconds(10))),
            own.injectOpen(atOnceUsers(1)))
        .protocols(llmTarget())
        .assertions(
            global().failedRequests().count().shouldBe(0L),
            ttft().percentile(95).lt(Duration.ofSeconds(2)),
            outputTokens().mean().lte(32))
    measure(Duration.ofSeconds(2), Duration.ofSeconds(8)) // after 2 s of warm-up
  }
}
