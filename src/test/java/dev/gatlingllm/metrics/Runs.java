package dev.gatlingllm.metrics;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Runs of given replies that begin at 0 ms. */
final class Runs {

  private Runs() {}

  static RunSummary of(Window window, List<Response> replies) {
    return of(window, Objectives.NONE, replies);
  }

  static RunSummary of(Window window, Objectives objectives, List<Response> replies) {
    return accumulator(window, objectives, replies).summary();
  }

  static RunAccumulator accumulator(Window window, Objectives objectives, List<Response> replies) {
    RunClock clock = new RunClock(window);
    clock.begin(Reply.ORIGIN, 0);
    RunAccumulator run = new RunAccumulator(clock, objectives);
    replies.forEach(run::add);
    return run;
  }

  static RunSummary of(Window window, Reply... replies) {
    return of(window, Arrays.stream(replies).map(Reply::measured).toList());
  }

  static RunSummary of(Reply... replies) {
    return of(Window.openEnded(Duration.ZERO), replies);
  }

  static Window seconds(long warmUp, long... iterations) {
    return Window.of(
        Duration.ofSeconds(warmUp),
        Arrays.stream(iterations).mapToObj(Duration::ofSeconds).toList());
  }
}
