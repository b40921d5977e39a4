package dev.gatlingllm.bench;

import dev.gatlingllm.metrics.ClientHealth;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.metrics.ScopeSummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What one fork measured.
 *
 * @param iterations the value of each metric by its label, for each measured iteration; NaN if it
 *     could not be measured
 * @param report folder of the fork's report, or null
 * @param notes remarks for the reader of the results
 */
record ForkScores(List<Map<String, Double>> iterations, String report, List<String> notes) {

  /**
   * Returns the scores of a load that has lasted for all iterations.
   *
   * @param replies what was measured, by iteration from 1
   * @param client the load generator's health, by iteration from 1
   */
  static ForkScores of(
      Conditions conditions,
      SortedMap<Integer, ScopeSummary> replies,
      SortedMap<Integer, ClientHealth> client,
      String report,
      List<String> notes) {
    List<Map<String, Double>> scores = new ArrayList<>();
    for (int number = 1; number <= conditions.iterations(); number++) {
      Map<String, Double> values = new LinkedHashMap<>();
      for (Indicator metric : conditions.metrics()) {
        values.put(
            metric.label(),
            conditions.units().value(metric, replies.get(number), client.get(number)));
      }
      scores.add(values);
    }
    return new ForkScores(scores, report, notes);
  }

  /** Returns the iterations, from 1, without a value of a metric. */
  List<Integer> without(Indicator metric) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < iterations.size(); i++) {
      if (Double.isNaN(iterations.get(i).getOrDefault(metric.label(), Double.NaN))) {
        numbers.add(i + 1);
      }
    }
    return numbers;
  }

  /** Returns whether an iteration has a value of a metric. */
  boolean has(Indicator metric) {
    return without(metric).size() < iterations.size();
  }
}
