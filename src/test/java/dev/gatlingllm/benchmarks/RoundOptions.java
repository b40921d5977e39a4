package dev.gatlingllm.benchmarks;

import picocli.CommandLine.Option;

/**
 * The options of commands that compare clients in rounds, by default on a processor of their own.
 */
final class RoundOptions extends LoadOptions {

  @Option(
      names = "--rounds",
      paramLabel = "NUMBER",
      description =
          "of each client, an odd number: the median is shown (default: ${DEFAULT-VALUE})")
  private int rounds;

  /**
   * @param warmUp the default, in seconds
   * @param seconds the default length of the measurement
   * @param rounds the default
   */
  RoundOptions(int warmUp, int seconds, int rounds) {
    super(warmUp, seconds);
    this.rounds = rounds;
    apart();
  }

  int rounds() {
    return rounds;
  }

  @Override
  void makeQuick() {
    super.makeQuick();
    rounds = 2;
  }
}
