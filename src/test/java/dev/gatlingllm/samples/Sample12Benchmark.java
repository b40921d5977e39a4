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
 * Benchmark: a simulation with JMH's parameters, forks and iterations, and an error for every
 * score.
 *
 * <p>The runner starts a process for each fork and each combination of parameters, and drops the
 * warm-up. Forks show how much two runs of the same load differ; a comparison needs three of them.
 * Measure again after a change to the server; the third command compares the two result files.
 *
 * <p>Settings are parameters, too: {@code -p api=chat,messages,responses} measures each API.
 *
 * <pre>{@code
 * mvn test-compile exec:java -Dexec.args="Sample12Benchmark -rf json -rff reports/old.json"
 * mvn test-compile exec:java -Dexec.args="Sample12Benchmark -rf json -rff reports/new.json"
 * mvn test-compile exec:java@compare -Dexec.args="reports/old.json reports/new.json"
 * }</pre>
 */
@Fork(3)
@Warmup(iterations = 1, time = 2, timeUnit = TimeUnit.SECONDS)
@Measurement(iterations = 3, time = 2, timeUnit = TimeUnit.SECONDS)
public class Sample12Benchmark extends LlmBenchmark {

  @Param({"2", "8"})
  int users;

  @Param({"64", "1024"})
  int systemPromptTokens;

  {
    SharedPrefixWorkload workload =
        sharedPrefix()
            .groups(2)
            .systemPromptTokens(systemPromptTokens)
            .outputTokens(16)
            .turns(endless());
    ScenarioBuilder chat =
        scenario("benchmark").exec(workload.pinned()).asLongAs(hasNextTurn()).on(turn("turn"));
    setUp(chat.injectClosed(constantConcurrentUsers(users).during(duration())))
        .protocols(llmTarget());
  }
}
