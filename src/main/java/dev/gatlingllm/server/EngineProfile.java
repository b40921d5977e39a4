package dev.gatlingllm.server;

import dev.gatlingllm.server.engine.EngineSettings;
import dev.gatlingllm.text.Choice;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Predefined engine settings; {@code docs/simulated-server.md} explains their values. */
public enum EngineProfile {
  /** For demonstrations: about 20 ms to the first token, then one token every 10 ms. */
  PLEASANT(
      engine ->
          engine
              .overhead(Duration.ofMillis(20))
              .stepBase(Duration.ofMillis(10))
              .stepPerSequence(micros(10))
              .prefillTokensPerSecond(20_000)
              .jitter(0.1)),

  /** For tests that need time to pass, but little of it: 1 ms per step, 5 ms per 1,000 tokens. */
  FAST(
      engine ->
          engine
              .overhead(Duration.ofMillis(1))
              .stepBase(Duration.ofMillis(1))
              .prefillTokensPerSecond(200_000)),

  /** No simulated delays: every token is written as soon as possible. */
  INSTANT(engine -> engine.maxNumSeqs(1 << 20).maxNumBatchedTokens(1 << 24).kvBlocks(1 << 18)),

  /** A model of 8 billion parameters in 16 bits on one NVIDIA A100 with 80 GB. */
  A100_8B(
      engine ->
          engine
              .overhead(Duration.ofMillis(8))
              .stepBase(Duration.ofMillis(11))
              .stepPerSequence(micros(20))
              .stepPerContextToken(Duration.ofNanos(80))
              .prefillTokensPerSecond(11_000)
              .jitter(0.05)
              .maxNumBatchedTokens(2_048)
              .kvBlocks(26_000)),

  /** A model of 8 billion parameters in 16 bits on one NVIDIA H100 with 80 GB. */
  H100_8B(
      engine ->
          engine
              .overhead(Duration.ofMillis(6))
              .stepBase(micros(6_500))
              .stepPerSequence(micros(15))
              .stepPerContextToken(Duration.ofNanos(50))
              .prefillTokensPerSecond(28_000)
              .jitter(0.05)
              .maxNumSeqs(1_024)
              .kvBlocks(26_000));

  private final EngineSettings settings;

  EngineProfile(UnaryOperator<EngineSettings.Builder> settings) {
    this.settings = settings.apply(EngineSettings.builder()).build();
  }

  /** Returns the settings of this profile; {@code toBuilder()} changes single values. */
  public EngineSettings settings() {
    return settings;
  }

  /** Returns the profile's name on the command line, such as {@code h100-8b}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Returns the profile with a label.
   *
   * @throws IllegalArgumentException for an unknown label, with the known ones in the message
   */
  public static EngineProfile named(String label) {
    return Choice.parse(List.of(values()), EngineProfile::label, label);
  }

  private static Duration micros(long micros) {
    return Duration.ofNanos(micros * 1_000);
  }
}
