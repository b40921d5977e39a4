import static dev.gatlingllm.LlmDsl.chatTurn;
import static dev.gatlingllm.LlmDsl.hasNextTurn;
import static dev.gatlingllm.LlmDsl.llmTarget;
import static dev.gatlingllm.LlmDsl.sharedPrefix;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.gatlingllm.bench.LlmBenchmark;
import java.time.Duration;
import org.openjdk.jmh.annotations.Param;

/** A user a second, for all of the benchmark's duration or a part of it. */
public class SparseBenchmark extends LlmBenchmark {

  @Param({"100", "60"})
  int percent;

  {
    var workload = sharedPrefix().systemPromptTokens(20).outputTokens(4).turns(1);
    var chat =
        scenario("chat").exec(workload.pinned()).asLongAs(hasNextTurn()).on(chatTurn("turn"));
    Duration load = duration().multipliedBy(percent).dividedBy(100);
    setUp(chat.injectOpen(constantUsersPerSec(1).during(load))).protocols(llmTarget());
  }
}
