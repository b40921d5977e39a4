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
 * @param iterations for each measured iteration the value of each metric by its label, NaN where it
 *     could not be measured
 * @param report folder of the fork's report, or null
 * @param notes what a reader should know of this fork
 */
record ForkScores(List<Map<String, Double>> iterations, String report, List<String> notes) {

  /**
   * Reads the scores off a load that has lasted for all iterations.
   *
   * @param replies what was seen of each iteration, by number from 1
   * @param client how the load generator fared, by the same
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

  /** The iterations, from 1, that have no value of a metric. */
  List<Integer> without(Indicator metric) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < iterations.size(); i++) {
      if (Double.isNaN(iterations.get(i).getOrDefault(metric.label(), Double.NaN))) {
        numbers.add(i + 1);
      }
    }
    return numbers;
  }
}
