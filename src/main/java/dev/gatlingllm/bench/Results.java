package dev.gatlingllm.bench;

import dev.gatlingllm.bench.page.MatrixPage;
import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.BenchmarkScores.Key;
import dev.gatlingllm.bench.steady.Warnings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.results.RunResult;

/** The scores so far, by combination. Not thread-safe. */
final class Results {

  /** The level of JMH's errors. */
  private static final double CONFIDENCE = 0.999;

  private final Map<Combination, List<ForkScores>> forks = new LinkedHashMap<>();

  /** Adds forks of a combination and returns the result of all its forks. */
  RunResult add(Combination combination, List<ForkScores> more) {
    forks.computeIfAbsent(combination, none -> new ArrayList<>()).addAll(more);
    return result(combination);
  }

  private RunResult result(Combination combination) {
    return new JmhResults(combination).of(forks.get(combination));
  }

  /** Returns how many forks of a combination have a score. */
  int forks(Combination combination) {
    return forks.getOrDefault(combination, List.of()).size();
  }

  /** Returns how many combinations have a result. */
  int size() {
    return forks.size();
  }

  boolean isEmpty() {
    return forks.isEmpty();
  }

  /** Returns JMH's results in JMH's order. */
  List<RunResult> all() {
    return forks.keySet().stream()
        .map(this::result)
        .sorted(RunResult.DEFAULT_SORT_COMPARATOR)
        .toList();
  }

  private List<BenchmarkScores> allScores() {
    return all().stream().map(BenchmarkScores::of).toList();
  }

  /** Returns the scores of some forks of a combination. */
  static BenchmarkScores scores(Combination combination, List<ForkScores> forks) {
    return BenchmarkScores.of(new JmhResults(combination).of(forks));
  }

  /** Returns a line for each warning about a score. */
  List<String> warnings() {
    return Warnings.lines(allScores(), CONFIDENCE);
  }

  /**
   * Writes the page with all results.
   *
   * @throws IOException if the page cannot be written
   */
  void writePage(Path page) throws IOException {
    Map<Key, List<Path>> reports = new HashMap<>();
    forks.forEach(
        (combination, measured) ->
            reports.put(
                scores(combination, measured).key(),
                measured.stream()
                    .map(ForkScores::report)
                    .filter(Objects::nonNull)
                    .map(folder -> Path.of(folder).resolve("index.html"))
                    .toList()));
    MatrixPage.write(page, allScores(), reports, CONFIDENCE);
  }
}
