package dev.gatlingllm.bench;

import io.gatling.javaapi.core.Simulation;
import java.time.Duration;

/**
 * A simulation that is a benchmark. JMH's annotations set its warm-up, its iterations, its forks
 * and its parameters.
 *
 * <pre>{@code
 * @Fork(2)
 * @Warmup(iterations = 1, time = 5)
 * @Measurement(iterations = 5, time = 10)
 * public class PrefixBenchmark extends LlmBenchmark {
 *   @Param({"64", "1024"}) int systemPromptTokens;
 *
 *   {
 *     var workload = sharedPrefix().systemPromptTokens(systemPromptTokens).turns(endless());
 *     var chat = scenario("chat").exec(workload.pinned()).asLongAs(hasNextTurn()).on(chatTurn("turn"));
 *     setUp(chat.injectClosed(constantConcurrentUsers(8).during(duration()))).protocols(llmTarget());
 *   }
 * }
 * }</pre>
 *
 * <p>A fork is one continuous load. Its iterations are consecutive time windows that start with the
 * first user. A response belongs to the iteration in which it ends, a token to the iteration in
 * which it arrives. The warm-up is not part of any score.
 *
 * <p>Fields with {@code @Param} are set before the class's own initialisers run. They have a
 * primitive type or its wrapper, {@code String} or an enum, and must not be final or initialised.
 *
 * <p>{@link BenchCommand} runs it; it can also run like any other simulation, as one fork with the
 * first value of each parameter or with the options in {@code llm.benchmark}.
 */
public abstract class LlmBenchmark extends Simulation {

  private final Duration duration;

  /**
   * Reads annotations and {@code llm.benchmark}, and sets the parameters.
   *
   * @throws IllegalArgumentException for an invalid benchmark or option, with what is allowed
   */
  protected LlmBenchmark() {
    duration = BenchmarkRun.begin(this).duration();
  }

  /** Returns how long the load lasts: all warm-up and measured iterations. */
  protected final Duration duration() {
    return duration;
  }
}
