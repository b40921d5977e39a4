package dev.gatlingllm.bench;

import static java.util.Objects.requireNonNull;

import dev.gatlingllm.metrics.Figure.Unit;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.metrics.Percentile;
import dev.gatlingllm.metrics.ScopeSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.util.ScoreFormatter;

/**
 * Prints a line for each iteration that has ended, from a thread of its own. When the process ends,
 * another thread prints what is left.
 */
final class IterationWatch {

  /** Time between two checks; events right before an iteration's end are recorded in that time. */
  private static final long INTERVAL_MILLIS = 50;

  private static final List<String> BESIDE =
      List.of("ttft·p50", "ttft·p99", "icl·p99", "outputTokensPerSecond", "responsesPerSecond");

  private final Supplier<OptionalLong> elapsedNanos;
  private final Supplier<? extends Map<Integer, ScopeSummary>> summaries;
  private final Conditions conditions;
  private final Consumer<String> printer;
  private int next;

  /**
   * @param elapsedNanos time since the first request by the monotonic clock; empty before it
   * @param summaries what was measured so far, by iteration
   */
  IterationWatch(
      Supplier<OptionalLong> elapsedNanos,
      Supplier<? extends Map<Integer, ScopeSummary>> summaries,
      Conditions conditions,
      Consumer<String> printer) {
    this.elapsedNanos = elapsedNanos;
    this.summaries = summaries;
    this.conditions = conditions;
    this.printer = printer;
    this.next = 1 - conditions.warmupIterations();
  }

  void start() {
    Thread thread = new Thread(this::watch, "gatling-llm-iterations");
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    try {
      while (!isComplete()) {
        Thread.sleep(INTERVAL_MILLIS);
        printEnded();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns whether the last iteration has ended and was printed. */
  synchronized boolean isComplete() {
    return next > conditions.iterations();
  }

  /** Prints every iteration that has ended since the last call. */
  void printEnded() {
    printThose(this::hasEnded);
  }

  /** Returns whether the last iteration has begun. */
  boolean hasBegunLast() {
    return hasEnded(conditions.iterations() - 1);
  }

  /**
   * Prints the rest of a load that came to its planned end: no user came in what was left of its
   * last iteration, which is part of the load.
   */
  void printRest() {
    printThose(iteration -> true);
  }

  private synchronized void printThose(IntPredicate isDue) {
    if (isComplete() || !isDue.test(next)) {
      return;
    }
    Map<Integer, ScopeSummary> measured = summaries.get();
    while (!isComplete() && isDue.test(next)) {
      printer.accept(line(next, measured.get(next)));
      next++;
    }
  }

  private boolean hasEnded(int iteration) {
    return elapsedNanos.get().orElse(-1) > conditions.elapsed(iteration).toNanos();
  }

  /**
   * Returns the line of an iteration, like JMH's, with the most important figures.
   *
   * @param number from 1; the warm-up's numbers end with 0
   * @param scope what was measured in the iteration so far, or null
   */
  private String line(int number, @Nullable ScopeSummary scope) {
    String name =
        number > 0
            ? String.format(Locale.ROOT, "Iteration %3d: ", number)
            : String.format(
                Locale.ROOT, "# Warmup Iteration %3d: ", number + conditions.warmupIterations());
    List<String> beside = new ArrayList<>();
    for (String label : BESIDE) {
      Indicator metric = ScoreUnits.metric(label);
      String value = value(metric, scope);
      if (!metric.equals(conditions.score()) && value != null) {
        beside.add((metric.unit() == Unit.MILLISECONDS ? label + " " : "") + value);
      }
    }
    if (scope != null && scope.totals().ko() > 0) {
      beside.add(scope.totals().ko() + " of " + scope.totals().requests() + " failed");
    }
    String score = value(conditions.score(), scope);
    return name
        + (score == null ? "no " + conditions.score().label() : score)
        + (beside.isEmpty() ? "" : "  (" + String.join(", ", beside) + ")");
  }

  private @Nullable String value(Indicator metric, @Nullable ScopeSummary scope) {
    double value = conditions.units().value(metric, scope, null);
    return Double.isNaN(value) || scope == null || hasTooFewSamples(metric, scope)
        ? null
        : (value > 0 ? bound(metric) : "")
            + (value == 0 ? "0" : ScoreFormatter.format(value))
            + " "
            + conditions.units().unit(metric);
  }

  private static boolean hasTooFewSamples(Indicator metric, ScopeSummary scope) {
    double percentile = metric.statistic().percentile();
    return percentile > 0
        && percentile < 100
        && !Percentile.isShown(
            requireNonNull(scope.metrics().get(metric.figure())).count(), percentile);
  }

  /** What is in flight has tokens, and may have missed an objective: both count when it ends. */
  private static String bound(Indicator metric) {
    return switch (metric.figure()) {
      case OUTPUT_TOKENS_PER_SECOND -> "≥ ";
      case GOODPUT_PERCENT -> "≤ ";
      default -> "";
    };
  }
}
