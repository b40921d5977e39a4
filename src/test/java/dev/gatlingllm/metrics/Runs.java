package dev.gatlingllm.metrics;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** What a run comes to that saw given replies and began at 0 ms. */
final class Runs {

  private Runs() {}

  static RunSummary of(Window window, List<Response> replies) {
    return of(window, Objectives.NONE, replies);
  }

  static RunSummary of(Window window, Objectives objectives, List<Response> replies) {
    return aggregate(window, objectives, replies).summary(null);
  }

  static RunState state(Window window, Objectives objectives, List<Response> replies) {
    return aggregate(window, objectives, replies).state(null);
  }

  private static RunAggregate aggregate(
      Window window, Objectives objectives, List<Response> replies) {
    RunClock clock = new RunClock(window);
    clock.begin(Reply.ORIGIN, 0);
    RunAggregate aggregate = new RunAggregate(clock, objectives);
    replies.forEach(aggregate::accept);
    return aggregate;
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
