package dev.gatlingllm.bench;

/** To whom a benchmark tells how it goes. Called by one thread at a time. */
interface Voice {

  /** The benchmark is about to begin. */
  void begins(Combination combination);

  /** A line about an iteration that has passed. */
  void says(String line);

  /** The benchmark has lasted to its end. */
  void measured(Combination combination, ForkScores scores);
}
