package dev.gatlingllm.metrics;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Adds up what several load generators saw of one load. */
final class RunMerge {

  private RunMerge() {}

  static RunState of(List<RunState> runs) {
    List<Objective> objectives = runs.get(0).objectives();
    if (!runs.stream().allMatch(run -> run.objectives().equals(objectives))) {
      throw new IllegalArgumentException("runs with different objectives cannot be added up");
    }
    long start = runs.stream().mapToLong(RunState::startEpochMillis).min().getAsLong();
    long open = runs.stream().mapToLong(RunState::windowOpenNanos).min().getAsLong();
    long close =
        runs.stream().mapToLong(run -> run.windowOpenNanos() + run.windowNanos()).max().getAsLong();
    long warmUp = open - start * 1_000_000;
    RunClock clock = new RunClock(Window.of(List.of(warmUp, warmUp + close - open)));
    clock.begin(0, start);
    RunAggregate sum = new RunAggregate(clock, new Objectives(objectives), iterations(runs));
    sum.keepPlain(plainRequests(runs));
    ClientFigures client = new ClientFigures();
    for (RunState run : runs) {
      sum.add(run, run.windowOpenNanos() - open);
      client.add(run.client());
    }
    sum.endAt(warmUp + close - open);
    return sum.state(client.state());
  }

  /** Iterations are added up by their numbers, where all load generators have the same ones. */
  private static Window iterations(List<RunState> runs) {
    Window first = Iterations.window(runs.get(0));
    return runs.stream().allMatch(run -> Iterations.window(run).hasPartsOf(first))
        ? first
        : Window.openEnded(Duration.ZERO);
  }

  /** Of these, one run has no timeline, so that a sum of the others' would not be the whole. */
  static Set<String> plainRequests(List<RunState> runs) {
    Set<String> names = new TreeSet<>();
    for (RunState run : runs) {
      run.byRequest().entrySet().stream()
          .filter(request -> request.getValue().timeline() == null)
          .map(Map.Entry::getKey)
          .forEach(names::add);
    }
    return names;
  }
}
