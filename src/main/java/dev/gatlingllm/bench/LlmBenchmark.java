package dev.gatlingllm.bench;

import io.gatling.javaapi.core.Simulation;
import java.time.Duration;

/**
 * A simulation that is a benchmark: JMH's annotations on it say how long it warms up, in how many
 * iterations it measures, how often all of it is repeated in a fresh process, and with which
 * parameters.
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
 * <p>A fork is one continuous load. Iterations are windows of its time, back to back from the first
 * user on: a reply belongs to the iteration in which it ends, a token to the one in which it
 * arrives. Nothing of the warm-up enters a score.
 *
 * <p>Fields that bear {@code @Param} have their values before the class's own initialisers run.
 * They are of a primitive type or its box, {@code String} or an enum, and neither final nor
 * initialised.
 *
 * <p>Run by {@link BenchmarkCommand}, or by itself as any simulation: then once, with the first
 * value of each parameter, or with what {@code llm.benchmark} says.
 */
public abstract class LlmBenchmark extends Simulation {

  private final Duration duration;

  /**
   * Reads annotations and {@code llm.benchmark}, and sets the parameters.
   *
   * @throws IllegalArgumentException for what cannot be meant, naming it and the remedy
   */
  protected LlmBenchmark() {
    duration = BenchmarkRun.begin(this).duration();
  }

  /** How long the load lasts: all iterations, those of the warm-up and those that are measured. */
  protected final Duration duration() {
    return duration;
  }
}
