package dev.gatlingllm.server.engine;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Engines to begin with; {@code docs/simulated-server.md} says where their figures come from. */
public enum EngineProfile {

  /**
   * Pleasant to watch: some 20 ms to the first token, then one each 10 ms, whoever else is there.
   */
  PLEASANT(micros(20_000), micros(10_000), micros(10), nanos(0), 20_000, 0.1, 256, 8_192, 32_768),

  /** For tests that want time to pass, but little of it: 1 ms a step, and 1,000 tokens in 5 ms. */
  FAST(micros(1_000), micros(1_000), nanos(0), nanos(0), 200_000, 0, 256, 8_192, 32_768),

  /** No waiting at all: every token comes as soon as it can be written. */
  INSTANT(
      nanos(0),
      nanos(0),
      nanos(0),
      nanos(0),
      Double.POSITIVE_INFINITY,
      0,
      1 << 20,
      1 << 24,
      1 << 18),

  /** A model of 8 billion parameters in 16 bits on one NVIDIA A100 of 80 GB. */
  A100_8B(micros(8_000), micros(11_000), micros(20), nanos(80), 11_000, 0.05, 256, 2_048, 26_000),

  /** A model of 8 billion parameters in 16 bits on one NVIDIA H100 of 80 GB. */
  H100_8B(micros(6_000), micros(6_500), micros(15), nanos(50), 28_000, 0.05, 1_024, 8_192, 26_000);

  private final EngineSettings settings;

  EngineProfile(
      Duration overhead,
      Duration stepBase,
      Duration stepPerSequence,
      Duration stepPerContextToken,
      double prefillTokensPerSecond,
      double jitter,
      int maxNumSeqs,
      int maxNumBatchedTokens,
      int kvBlocks) {
    settings =
        new EngineSettings(
            overhead,
            stepBase,
            stepPerSequence,
            stepPerContextToken,
            prefillTokensPerSecond,
            jitter,
            maxNumSeqs,
            maxNumBatchedTokens,
            true,
            kvBlocks,
            16,
            true);
  }

  /** What the engine does unless told otherwise. */
  public EngineSettings settings() {
    return settings;
  }

  /** The profile's name on a command line, such as {@code h100-8b}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** All labels, for those who choose. */
  public static String labels() {
    return Stream.of(values()).map(EngineProfile::label).collect(Collectors.joining(", "));
  }

  /**
   * @throws IllegalArgumentException for a label that there is not, naming those that there are
   */
  public static EngineProfile named(String label) {
    return Stream.of(values())
        .filter(profile -> profile.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "profile must be one of " + labels() + ", not " + label));
  }

  private static Duration micros(long micros) {
    return Duration.ofNanos(micros * 1_000);
  }

  private static Duration nanos(long nanos) {
    return Duration.ofNanos(nanos);
  }
}
