package dev.gatlingllm.server.engine;

/** How long the steps take, in ns. Immutable. */
final class StepLaw {

  private final EngineSettings settings;
  private final long base;
  private final long perSequence;
  private final long perContextToken;
  private final long seed;

  StepLaw(EngineSettings settings, long seed) {
    this.settings = settings;
    this.base = settings.stepBase().toNanos();
    this.perSequence = settings.stepPerSequence().toNanos();
    this.perContextToken = settings.stepPerContextToken().toNanos();
    this.seed = seed;
  }

  /**
   * Until the step begins to serve its sequences.
   *
   * @param number which step this is; decides its jitter, together with the seed
   */
  long computing(Step<?> step, int number) {
    double nanos =
        base
            + step.prefillTokens() * 1e9 / settings.prefillTokensPerSecond()
            + (double) step.contextTokens() * perContextToken;
    return Math.round(nanos * (1 + settings.jitter() * deviation(number)));
  }

  /** From one sequence's turn to the next one's. */
  long perSequence() {
    return perSequence;
  }

  /** From −1 to 1. */
  private double deviation(int number) {
    return TokenHash.nth(seed, number) / (double) Long.MAX_VALUE;
  }
}
