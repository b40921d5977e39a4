package dev.gatlingllm.bench.search;

import dev.gatlingllm.metrics.Interval;
import dev.gatlingllm.text.Numbers;

/**
 * One objective at one point. Immutable.
 *
 * @param objective what is asked
 * @param mean over the point's iterations, in the objective's unit; NaN where there is none
 * @param interval of the mean; of no width for the share of failures
 * @param verdict what the interval says
 * @param note why it is undecided although the interval is clear; empty otherwise
 */
public record Check(
    SearchObjective objective, double mean, Interval interval, Sustained verdict, String note) {

  /** The metric with its figure, such as {@code ttft·p95 412 ± 31 ms}. */
  @Override
  public String toString() {
    return objective.metric() + " " + figure();
  }

  /** The figure with its error, such as {@code 412 ± 31 ms}. */
  public String figure() {
    StringBuilder text = new StringBuilder();
    double error = (interval.high() - interval.low()) / 2;
    if (objective.isAboutFailures() || Double.isNaN(mean)) {
      text.append(Numbers.score(mean, objective.unit()));
    } else {
      text.append(Numbers.score(mean)).append(" ± ").append(Numbers.error(error, objective.unit()));
    }
    return note.isEmpty() ? text.toString() : text.append(" (").append(note).append(')').toString();
  }
}
