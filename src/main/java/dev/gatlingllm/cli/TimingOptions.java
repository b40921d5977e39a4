package dev.gatlingllm.cli;

import dev.gatlingllm.text.Require;
import picocli.CommandLine.Option;

/** The options of a load whose times are checked. */
final class TimingOptions {

  @Option(
      names = "--warmup",
      paramLabel = "SECONDS",
      description = "warm-up of each load (default: ${DEFAULT-VALUE})")
  private int warmup = 10;

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      description = "measured time of each load (default: ${DEFAULT-VALUE})")
  private int seconds = 10;

  @Option(
      names = "--reply-tokens",
      paramLabel = "TOKENS",
      description = "mean length of a response (default: ${DEFAULT-VALUE})")
  private int replyTokens = 256;

  /**
   * Returns the load.
   *
   * @throws IllegalArgumentException for a value out of range
   */
  TimingErrors.Load load() {
    Require.that(warmup >= 0, "--warmup", warmup, "at least 0");
    Require.that(seconds >= 1, "--seconds", seconds, "at least 1");
    Require.that(replyTokens >= 1, "--reply-tokens", replyTokens, "at least 1");
    return new TimingErrors.Load(warmup, seconds, replyTokens);
  }
}
