package dev.gatlingllm.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatlingllm.metrics.ClientHealth;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.metrics.ScopeSummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.IntStream;

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
   * A message from a fork to its runner: a line of its standard output that holds JSON after the
   * record separator of RFC 7464, among everything that Gatling prints there. What a fork sent
   * before it was killed is not lost.
   *
   * @param line for the runner's console, or null
   * @param scores what the fork measured, its last message, or null
   */
  record Message(String line, ForkScores scores) {

    private static final char RECORD_SEPARATOR = '\u001e';

    /** In ASCII, so that the two processes may disagree on the encoding of their streams. */
    private static final ObjectMapper JSON =
        JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    String write() {
      try {
        return RECORD_SEPARATOR + JSON.writeValueAsString(this);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Reads a line of output; empty for one of Gatling's own, or a truncated one. */
    static Optional<Message> read(String output) {
      try {
        int start = output.indexOf(RECORD_SEPARATOR);
        return start < 0
            ? Optional.empty()
            : Optional.of(JSON.readValue(output.substring(start + 1), Message.class));
      } catch (JsonProcessingException truncated) {
        return Optional.empty();
      }
    }
  }

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

  /** Returns the value of a metric in each iteration; NaN if it could not be measured. */
  List<Double> values(Indicator metric) {
    return iterations.stream()
        .map(values -> values.getOrDefault(metric.label(), Double.NaN))
        .toList();
  }

  /** Returns the iterations, from 1, without a value of a metric. */
  List<Integer> without(Indicator metric) {
    List<Double> values = values(metric);
    return IntStream.rangeClosed(1, values.size())
        .filter(number -> values.get(number - 1).isNaN())
        .boxed()
        .toList();
  }
}
