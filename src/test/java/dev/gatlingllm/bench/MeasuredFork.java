package dev.gatlingllm.bench;

import dev.gatlingllm.bench.result.ForkNote;
import dev.gatlingllm.metrics.Buckets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds the scores of a fork, one iteration after the other. */
final class MeasuredFork {

  private final List<Map<String, Double>> iterations = new ArrayList<>();
  private final List<Map<String, Buckets>> samples = new ArrayList<>();
  private final List<ForkNote> notes = new ArrayList<>();
  private Map<String, String> settings = Map.of();
  private List<String> withoutEffect = List.of();
  private Buckets waiting = Buckets.pooled(List.of());

  /** Samples of TTFT: nearly all have a value, and 2 % twice as much. */
  static Buckets ttft(double value, long count) {
    long slow = count / 50;
    return slow == 0
        ? new Buckets(new double[] {value}, new long[] {count}, count)
        : new Buckets(new double[] {value, 2 * value}, new long[] {count - slow, slow}, count);
  }

  static Buckets none() {
    return Buckets.pooled(List.of());
  }

  /** Adds an iteration of 1,000 samples of TTFT; none for NaN. */
  MeasuredFork iteration(double ttft, Map<String, Double> others) {
    return iteration(Double.isNaN(ttft) ? none() : ttft(ttft, 1_000), others);
  }

  MeasuredFork iteration(Buckets ttft, Map<String, Double> others) {
    Map<String, Double> values = new LinkedHashMap<>(others);
    values.put("ttft·p50", ttft.total() == 0 ? Double.NaN : ttft.percentile(50));
    Map<String, Buckets> histograms = new LinkedHashMap<>();
    for (String figure : List.of("icl", "e2e", "scheduleDelay")) {
      histograms.put(figure, none());
    }
    histograms.put("ttft", ttft);
    iterations.add(values);
    samples.add(histograms);
    return this;
  }

  /** Sets the ages of requests that have no token when the load ends. */
  MeasuredFork waiting(Buckets ages) {
    waiting = ages;
    return this;
  }

  MeasuredFork settings(Map<String, String> used) {
    settings = used;
    return this;
  }

  MeasuredFork withoutEffect(List<String> keys) {
    withoutEffect = keys;
    return this;
  }

  MeasuredFork note(ForkNote.Kind kind, String note) {
    notes.add(new ForkNote(kind, note));
    return this;
  }

  ForkScores scores() {
    return scores(null);
  }

  ForkScores scores(String report) {
    return new ForkScores(
        iterations, samples, Map.of("ttft", waiting), report, settings, withoutEffect, notes);
  }
}
