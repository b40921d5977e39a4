package example

import dev.gatlingllm.LlmDsl._
import io.gatling.core.Predef._
import io.gatling.http.Predef._
import io.gatling.javaapi.core.{Session => JavaSession}
import java.time.Duration
import scala.concurrent.duration._

/** Four users at a time, in conversations of two to four turns. Without `-Dllm.baseUrl=http://host:port`, the load goes
  * to a simulated server that starts with the run.
  *
  * gatling-llm extends Gatling's Java DSL; `wrapped`, `asScala` and `protocol` give what Gatling's Scala DSL takes.
  */
class ChatSimulation extends Simulation {

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
      .exec(workload.pinned().wrapped)
      .asLongAs(session => Boolean.unbox(hasNextTurn()(new JavaSession(session)))) {
        exec(chatTurn("answer").asScala, thinkTime(exponential(0.1)).wrapped)
      }

  setUp(chat.inject(constantConcurrentUsers(4).during(10.seconds)))
    .protocols(llmTarget().protocol)
    .assertions(global.failedRequests.count.is(0), ttft().percentile(95).lt(Duration.ofSeconds(2)).asScala)
  measure(Duration.ofSeconds(2), Duration.ofSeconds(8)) // after 2 s of warm-up
}
