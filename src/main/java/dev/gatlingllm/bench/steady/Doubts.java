package dev.gatlingllm.bench.steady;

import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.Better;
import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.text.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Finds why scores of a benchmark are not to be trusted. */
public final class Doubts {

  /** Drifts and spreads below this, in percent of the score, harm nobody. */
  static final double WORTH_SAYING = 2;

  private final double confidence;
  private final List<Doubt> found = new ArrayList<>();

  private Doubts(double confidence) {
    this.confidence = confidence;
  }

  /**
   * Looks at every metric that has a better and a worse, and at the load generator.
   *
   * @param confidence of each single test, between 0 and 1: of as many metrics without fault, a
   *     share of {@code 1 − confidence} is doubted all the same
   * @return nothing where there is nothing to doubt
   */
  public static List<Doubt> about(BenchmarkScores scores, double confidence) {
    Doubts doubts = new Doubts(confidence);
    for (MetricScores metric : scores.metrics()) {
      if (metric.better() != Better.NEITHER && !isPrimaryAgain(scores, metric)) {
        doubts.missing(metric);
        doubts.drift(metric);
        doubts.forks(metric);
      }
    }
    scores.metrics().forEach(doubts::load);
    return doubts.found;
  }

  /**
   * Whether a metric is shown to change for the worse, by as much as is worth saying, while it is
   * measured.
   *
   * @param growing whether that is the worse
   */
  public static boolean worsens(MetricScores metric, boolean growing, double confidence) {
    Drift drift = Drift.of(metric, confidence);
    return drift.isShown() && drift.slope() > 0 == growing && isWorthSaying(percent(metric, drift));
  }

  private static double percent(MetricScores metric, Drift drift) {
    return 100 * drift.total() / Math.abs(metric.mean());
  }

  private static boolean isWorthSaying(double percent) {
    return Math.abs(percent) >= WORTH_SAYING;
  }

  /**
   * A line for each doubt about any of these benchmarks, such as {@code PrefixBenchmark (users=8),
   * ttft·p50: it rises by …}.
   */
  public static List<String> lines(List<BenchmarkScores> results, double confidence) {
    return results.stream()
        .flatMap(
            scores ->
                about(scores, confidence).stream()
                    .map(doubt -> scores.key() + ", " + doubt.metric() + ": " + doubt.words()))
        .toList();
  }

  /** A secondary metric that is the primary one under its own name. */
  private static boolean isPrimaryAgain(BenchmarkScores scores, MetricScores metric) {
    return metric != scores.primary() && metric.forks().equals(scores.primary().forks());
  }

  private void missing(MetricScores metric) {
    if (metric.missing() > 0) {
      add(
          metric,
          "%d of %d iterations have no value; make them longer (-r).",
          metric.missing(),
          metric.missing() + metric.values().length);
    }
  }

  private void drift(MetricScores metric) {
    Drift drift = Drift.of(metric, confidence);
    double percent = percent(metric, drift);
    if (drift.isShown() && isWorthSaying(percent)) {
      double perStep = 100 * drift.steps() / Math.abs(metric.mean());
      add(
          metric,
          "it %s by %s from the first iteration to the last (%s interval: %s to %s), so that it had"
              + " not settled; warm up for longer (-wi, -w).",
          drift.slope() > 0 ? "rises" : "falls",
          Numbers.signedPercent(Math.abs(percent)).substring(1),
          Numbers.percentOf(confidence),
          Numbers.signed(drift.interval().low() * perStep),
          Numbers.signedPercent(drift.interval().high() * perStep));
    }
  }

  private void forks(MetricScores metric) {
    ForkSpread spread = ForkSpread.of(metric);
    double percent = 100 * (spread.means().high() - spread.means().low()) / Math.abs(metric.mean());
    if (spread.chance() < 1 - confidence && isWorthSaying(percent)) {
      add(
          metric,
          "forks differ by more than their iterations do (means from %s to %s), so that the error"
              + " is too small; use more forks (-f).",
          Numbers.score(spread.means().low(), metric.unit()),
          Numbers.score(spread.means().high(), metric.unit()));
    }
  }

  private void load(MetricScores metric) {
    LoadLimit.of(metric).ifPresent(limit -> limit.check(metric).ifPresent(found::add));
  }

  private void add(MetricScores metric, String words, Object... values) {
    found.add(new Doubt(metric.name(), String.format(Locale.ROOT, words, values)));
  }
}
