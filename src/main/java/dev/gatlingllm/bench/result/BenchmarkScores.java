package dev.gatlingllm.bench.result;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The scores of one benchmark with one choice of parameters. Immutable.
 *
 * @param key identifies the benchmark in its file
 * @param metrics the primary metric first, then the secondary ones in the file's order
 * @param notes of all forks
 * @param settings of the load, by their names; empty where they are not known
 */
public record BenchmarkScores(
    Key key, List<MetricScores> metrics, List<ForkNote> notes, Map<String, String> settings) {

  /** Copies the lists and the map. */
  public BenchmarkScores {
    metrics = List.copyOf(metrics);
    notes = List.copyOf(notes);
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  public BenchmarkScores(Key key, List<MetricScores> metrics) {
    this(key, metrics, List.of(), Map.of());
  }

  /** Returns the metric of that name, if it was measured. */
  public Optional<MetricScores> metric(String name) {
    return metrics.stream().filter(metric -> metric.name().equals(name)).findFirst();
  }

  /** Returns these forks and another result's, without metrics that either has no value of. */
  public BenchmarkScores plus(BenchmarkScores other) {
    return new BenchmarkScores(
        key,
        metrics.stream()
            .flatMap(metric -> other.metric(metric.name()).map(metric::plus).stream())
            .toList(),
        Stream.concat(notes.stream(), other.notes.stream()).toList(),
        settings);
  }

  /** Returns the notes of a kind, at most one for each fork. */
  public List<ForkNote> notes(ForkNote.Kind kind) {
    return notes.stream().filter(note -> note.kind() == kind).toList();
  }

  /** Returns the primary metric. */
  public MetricScores primary() {
    return metrics.get(0);
  }

  /**
   * A benchmark and its parameters.
   *
   * @param benchmark its full name
   * @param mode JMH's short label of the mode, such as {@code avgt}
   * @param params the parameters' values by name, in the file's order, which equality ignores
   */
  public record Key(String benchmark, String mode, Map<String, String> params) {

    /** Copies the map. */
    public Key {
      params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
    }

    /** Returns the name without its package. */
    public String shortName() {
      return benchmark.replaceFirst("^.*\\.(?=\\p{Lu})", "");
    }

    /** Returns the parameters, such as {@code users=8, prefix=64}; empty if there are none. */
    public String choice() {
      return params.entrySet().stream()
          .map(param -> param.getKey() + "=" + param.getValue())
          .collect(Collectors.joining(", "));
    }

    /** Returns the short name with the parameters, such as {@code PrefixBenchmark (users=8)}. */
    @Override
    public String toString() {
      return params.isEmpty() ? shortName() : shortName() + " (" + choice() + ")";
    }
  }
}
