package dev.gatlingllm.bench.steady;

import static java.util.stream.Collectors.joining;

import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.ForkNote;
import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Figure.Direction;
import dev.gatlingllm.text.Numbers;
import dev.gatlingllm.text.Plurals;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Finds the reasons why scores of a benchmark may be wrong. */
public final class Warnings {

  /** Drifts and differences between forks below this, in percent of the score, are ignored. */
  static final double MIN_PERCENT = 2;

  private static final String TOO_FEW = "too few samples";
  private static final String LONGER = "; measure for longer (-i, -r).";

  /**
   * A reason not to rely on a score. Immutable.
   *
   * @param metric the score that it is about, or that shows it for all of the benchmark's scores
   * @param text the reason and what to do about it, as a sentence
   */
  public record Warning(String metric, String text) {

    @Override
    public String toString() {
      return metric + ": " + text;
    }
  }

  private final double confidence;
  private final List<Warning> found = new ArrayList<>();

  private Warnings(double confidence) {
    this.confidence = confidence;
  }

  /**
   * Checks every metric that has a direction, and the load generator.
   *
   * @param confidence of each single test, between 0 and 1: a share of {@code 1 − confidence} of
   *     the metrics without fault has a warning by chance
   * @return the warnings; empty if there are none
   */
  public static List<Warning> about(BenchmarkScores scores, double confidence) {
    Warnings warnings = new Warnings(confidence);
    warnings.checkServer(scores);
    for (MetricScores metric : scores.metrics()) {
      if (metric.better() != Direction.NEITHER && !isPrimaryAgain(scores, metric)) {
        warnings.checkMissing(metric);
        warnings.checkDrift(metric);
        warnings.checkForks(metric);
      }
    }
    for (MetricScores metric : scores.metrics()) {
      warnings.checkSamples(metric);
      LoadLimit.check(metric).ifPresent(warnings.found::add);
    }
    return warnings.found;
  }

  /** Returns whether the load generator could not keep up. */
  public static boolean isClientLate(BenchmarkScores scores) {
    return scores.metrics().stream()
        .filter(metric -> !metric.name().equals(Figure.FAILURES.key()))
        .anyMatch(metric -> LoadLimit.check(metric).isPresent());
  }

  /**
   * Returns whether a metric is shown to get worse while it is measured, by more than {@value
   * #MIN_PERCENT} %, and whether that may be as much as matters.
   *
   * @param growing whether larger values are worse
   * @param matters change from the first iteration to the last, in the metric's unit
   */
  public static boolean worsens(
      MetricScores metric, boolean growing, double matters, double confidence) {
    Drift drift = Drift.of(metric, confidence);
    double worst = growing ? drift.interval().high() : -drift.interval().low();
    return drift.isShown()
        && drift.slope() > 0 == growing
        && isLarge(percentOfMean(drift.total(), metric))
        && worst * drift.steps() >= matters;
  }

  private static double percentOfMean(double value, MetricScores metric) {
    return 100 * value / Math.abs(metric.mean());
  }

  private static boolean isLarge(double percent) {
    return Math.abs(percent) >= MIN_PERCENT;
  }

  /**
   * Returns a line for each warning about any of these benchmarks, such as {@code PrefixBenchmark
   * (users=8), ttft·p50: it rises by …}. All scores of a benchmark that have too few samples share
   * a line: mostly they are many.
   */
  public static List<String> lines(List<BenchmarkScores> results, double confidence) {
    return results.stream()
        .flatMap(scores -> lines(about(scores, confidence)).map(line -> scores.key() + ", " + line))
        .toList();
  }

  private static Stream<String> lines(List<Warning> warnings) {
    List<Warning> few =
        warnings.stream().filter(warning -> warning.text.startsWith(TOO_FEW)).toList();
    Stream<String> others =
        warnings.stream().filter(warning -> !few.contains(warning)).map(Warning::toString);
    return few.size() < 2
        ? Stream.concat(few.stream().map(Warning::toString), others)
        : Stream.concat(
            Stream.of(
                few.stream().map(Warning::metric).collect(joining(", ")) + ": " + TOO_FEW + LONGER),
            others);
  }

  /** Returns whether a secondary metric is the primary one under its own name. */
  private static boolean isPrimaryAgain(BenchmarkScores scores, MetricScores metric) {
    return !metric.equals(scores.primary()) && metric.forks().equals(scores.primary().forks());
  }

  private void checkServer(BenchmarkScores scores) {
    for (ForkNote.Kind kind : ForkNote.Kind.values()) {
      List<ForkNote> notes = scores.notes(kind);
      if (!notes.isEmpty()) {
        found.add(
            new Warning(
                kind.figure().key(),
                Plurals.format(
                    "%d of %d fork{s} %s. %s",
                    notes.size(),
                    scores.primary().forks().size(),
                    kind.words(),
                    notes.get(0).text())));
      }
    }
  }

  private void checkMissing(MetricScores metric) {
    if (metric.missing() > 0) {
      add(
          metric,
          "iterations or forks without a value: %d; make them longer (-r), if no fork failed.",
          metric.missing());
    }
  }

  private void checkSamples(MetricScores metric) {
    metric
        .samples()
        .filter(samples -> samples.fewestOfAFork() < samples.neededByFork())
        .ifPresent(
            samples ->
                add(
                    metric,
                    TOO_FEW + ": a fork has %d, and it takes %d" + LONGER,
                    samples.fewestOfAFork(),
                    samples.neededByFork()));
  }

  private void checkDrift(MetricScores metric) {
    Drift drift = Drift.of(metric, confidence);
    double percent = percentOfMean(drift.total(), metric);
    if (drift.isShown() && isLarge(percent)) {
      add(
          metric,
          "it %s by %s from the first iteration to the last (%s interval: %s to %s): it had not"
              + " settled; warm up for longer (-wi, -w).",
          drift.slope() > 0 ? "rises" : "falls",
          Numbers.signedPercent(Math.abs(percent)).substring(1),
          Numbers.percentOf(confidence),
          Numbers.signed(percentOfMean(drift.interval().low() * drift.steps(), metric)),
          Numbers.signedPercent(percentOfMean(drift.interval().high() * drift.steps(), metric)));
    }
  }

  private void checkForks(MetricScores metric) {
    ForkSpread spread = ForkSpread.of(metric);
    double percent = percentOfMean(spread.means().high() - spread.means().low(), metric);
    if (spread.chance() < 1 - confidence && isLarge(percent)) {
      add(
          metric,
          "forks differ by more than their iterations do (means from %s to %s): the error is too"
              + " small; use more forks (-f).",
          Numbers.score(spread.means().low(), metric.unit()),
          Numbers.score(spread.means().high(), metric.unit()));
    }
  }

  private void add(MetricScores metric, String text, Object... values) {
    found.add(new Warning(metric.name(), String.format(Locale.ROOT, text, values)));
  }
}
