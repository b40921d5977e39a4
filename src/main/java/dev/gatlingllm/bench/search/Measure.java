package dev.gatlingllm.bench.search;

import dev.gatlingllm.bench.result.BenchmarkScores;

/** Measures a load. */
@FunctionalInterface
public interface Measure {

  /**
   * Measures once more at a value of the searched parameter.
   *
   * @param value as the parameter takes it
   * @return the scores of new iterations
   * @throws MeasureFailedException if there is no result; the search ends with what it has
   */
  BenchmarkScores at(String value) throws MeasureFailedException;
}
