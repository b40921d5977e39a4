package dev.gatlingllm.bench;

import dev.gatlingllm.text.Plurals;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/** The progress of a run and its remaining time: loads are known, overhead is learnt. */
final class Progress {

  /** Time to start Gatling and write its report, assumed until a fork has ended. */
  private static final Duration USUAL_OVERHEAD = Duration.ofSeconds(5);

  private final LongSupplier nanoTime;
  private final long startNanos;
  private final long plannedNanos;
  private final int plannedForks;
  private long doneNanos;
  private int doneForks;

  Progress(List<Combination> combinations, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    startNanos = nanoTime.getAsLong();
    plannedForks = combinations.stream().mapToInt(Progress::forks).sum();
    plannedNanos =
        combinations.stream().mapToLong(c -> forks(c) * c.conditions().duration().toNanos()).sum();
  }

  private static int forks(Combination combination) {
    return combination.conditions().warmupForks() + combination.conditions().forks();
  }

  /** Returns a line about what is going to happen. */
  String plan() {
    return Plurals.format(
        "# %d fork{s}, %s of load; with starts and reports about %s",
        plannedForks, written(plannedNanos), written(leftNanos()));
  }

  /** Records that a fork has ended. */
  void ended(Combination combination) {
    doneForks++;
    doneNanos += combination.conditions().duration().toNanos();
  }

  /** Returns JMH's line of progress; without a plan, only the time. */
  String line() {
    if (plannedForks == 0) {
      return Plurals.format("# Run progress: %d fork{s} in %s", doneForks, written(passedNanos()));
    }
    return String.format(
        Locale.ROOT,
        "# Run progress: %.2f%% complete, ETA %s",
        100.0 * doneNanos / plannedNanos,
        written(leftNanos()));
  }

  /** Returns JMH's last line. */
  String total() {
    return "# Run complete. Total time: " + written(passedNanos());
  }

  private long passedNanos() {
    return nanoTime.getAsLong() - startNanos;
  }

  private long leftNanos() {
    long overhead =
        doneForks == 0
            ? USUAL_OVERHEAD.toNanos()
            : Math.max(0, passedNanos() - doneNanos) / doneForks;
    return plannedNanos - doneNanos + (plannedForks - doneForks) * overhead;
  }

  private static String written(long nanos) {
    long seconds = Math.round(nanos / 1e9);
    return String.format(
        Locale.ROOT, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
