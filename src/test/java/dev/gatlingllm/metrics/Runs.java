package dev.gatlingllm.metrics;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Runs of given responses that begin at 0 ms. */
final class Runs {

  private Runs() {}

  static RunSummary of(Window window, List<Response> responses) {
    return of(window, Objectives.NONE, responses);
  }

  static RunSummary of(Window window, Objectives objectives, List<Response> responses) {
    return accumulator(window, objectives, responses).summary();
  }

  static RunAccumulator accumulator(
      Window window, Objectives objectives, List<Response> responses) {
    RunClock clock = new RunClock(window);
    clock.begin(TestResponse.ORIGIN, 0);
    RunAccumulator run = new RunAccumulator(clock, objectives);
    ChunkSizes chunkSizes = new ChunkSizes();
    responses.forEach(response -> run.add(chunkSizes.counted(response)));
    return run;
  }

  static RunSummary of(Window window, TestResponse... responses) {
    return of(window, Arrays.stream(responses).map(TestResponse::build).toList());
  }

  static RunSummary of(Objectives objectives, TestResponse... responses) {
    return of(
        Window.openEnded(Duration.ZERO),
        objectives,
        Arrays.stream(responses).map(TestResponse::build).toList());
  }

  static RunSummary of(TestResponse... responses) {
    return of(Window.openEnded(Duration.ZERO), responses);
  }

  /** Adds up the runs of load generators. */
  public static RunAccumulator merged(List<RunAccumulator> runs) {
    RunAccumulator sum = RunAccumulator.emptySum(runs);
    runs.forEach(sum::add);
    return sum;
  }

  static Window seconds(long warmUp, long... iterations) {
    return Window.of(
        Duration.ofSeconds(warmUp),
        Arrays.stream(iterations).mapToObj(Duration::ofSeconds).toList());
  }
}
