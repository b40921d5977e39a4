package dev.gatlingllm.endtoend;

import contract.OwnRequests;
import dev.gatlingllm.samples.*;
import io.gatling.app.Gatling$;
import io.gatling.javaapi.core.Simulation;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs the samples, and requests of the users' own, one after the other in this process; without
 * that of shards, because its process must not run benchmarks.
 */
public final class SampleRuns {

  static final List<Class<? extends Simulation>> SAMPLES =
      List.of(
          Sample01Hello.class,
          Sample02OwnPrompts.class,
          Sample03SharedPrefix.class,
          Sample04Assertions.class,
          Sample05Goodput.class,
          Sample06ContextWindow.class,
          Sample07FailuresAndRetries.class,
          Sample08ThinkTimeAndArrivals.class,
          Sample09Replay.class,
          Sample10SeveralModels.class,
          Sample12Benchmark.class,
          Sample13Search.class,
          Sample15Agents.class,
          Sample16EmbeddingsAndRerank.class,
          ShopAssistant.class,
          OwnRequests.class);

  private SampleRuns() {}

  /**
   * Runs all.
   *
   * @param arguments the folder that gets a folder of results for each sample
   */
  public static void main(String[] arguments) {
    for (Class<?> sample : SAMPLES) {
      String results = Path.of(arguments[0], sample.getSimpleName()).toString();
      int exit = Gatling$.MODULE$.fromArgs(new String[] {"-s", sample.getName(), "-rf", results});
      if (exit != 0) {
        System.exit(exit);
      }
    }
    // servers of samples may have threads that keep a process alive
    System.exit(0);
  }
}
