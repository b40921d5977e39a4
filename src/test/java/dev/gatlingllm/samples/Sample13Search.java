package dev.gatlingllm.samples;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.SharedPrefixWorkload;
import dev.gatlingllm.bench.LlmBenchmark;
import io.gatling.javaapi.core.ScenarioBuilder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Search: the largest load that a server sustains within its objectives.
 *
 * <p>The runner tries values of one parameter, each in a process of its own, and judges each by the
 * confidence interval of the objective's figure, not by its estimate. It ends with the largest
 * value that meets the objectives, and a page that shows every load that it tried.
 *
 * <pre>{@code
 * mvn test-compile exec:java -Dexec.args='Sample13Search -search users=1..64 -objective "ttft p95 < 800ms"'
 * }</pre>
 */
@Fork(1)
@Warmup(iterations = 1, time = 2, timeUnit = TimeUnit.SECONDS)
@Measurement(iterations = 5, time = 5, timeUnit = TimeUnit.SECONDS)
public class Sample13Search extends LlmBenchmark {

  @Param("1")
  int users;

  {
    SharedPrefixWorkload workload =
        sharedPrefix().groups(2).systemPromptTokens(64).outputTokens(16).turns(8);
    ScenarioBuilder chat =
        scenario("search").exec(workload.pinned()).asLongAs(hasNextTurn()).on(chatTurn("turn"));
    setUp(chat.injectClosed(constantConcurrentUsers(users).during(duration())))
        .protocols(llmTarget());
  }
}
