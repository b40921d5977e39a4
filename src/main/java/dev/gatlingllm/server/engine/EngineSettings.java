package dev.gatlingllm.server.engine;

import dev.gatlingllm.text.Require;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/**
 * The timing and the capacity of an engine. Immutable; a {@link Builder} creates it and documents
 * each setting.
 *
 * <p>A step takes {@code stepBase} + new prompt tokens / {@code prefillTokensPerSecond} + {@code
 * stepPerContextToken} × context tokens of the decoded sequences, plus or minus the jitter. Then
 * each sequence of the step takes {@code stepPerSequence}: sequences get their tokens one after the
 * other, the last one at the end of the step.
 */
public final class EngineSettings {

  // only the changes of a builder assign these fields, before the constructor ends
  Duration overhead = Duration.ZERO;
  Duration stepBase = Duration.ZERO;
  Duration stepPerSequence = Duration.ZERO;
  Duration stepPerContextToken = Duration.ZERO;
  double prefillTokensPerSecond = Double.POSITIVE_INFINITY;
  double jitter;
  int maxNumSeqs = 256;
  int maxNumBatchedTokens = 8_192;
  boolean chunkedPrefill = true;
  int kvBlocks = 32_768;
  int blockSize = 16;
  boolean prefixCaching = true;

  private final Builder changes;

  private EngineSettings(Builder changes) {
    this.changes = changes;
    changes.list.forEach(change -> change.accept(this));
    notNegative("overhead", overhead);
    notNegative("step-base", stepBase);
    notNegative("step-per-sequence", stepPerSequence);
    notNegative("step-per-context-token", stepPerContextToken);
    Require.that(
        prefillTokensPerSecond > 0, "prefill-rate", prefillTokensPerSecond, "more than 0 tokens/s");
    Require.that(jitter >= 0 && jitter <= 1, "jitter", jitter, "from 0 to 1");
    atLeastOne("max-num-seqs", maxNumSeqs);
    // each running sequence needs one token of the budget
    Require.that(
        maxNumBatchedTokens >= maxNumSeqs,
        "max-num-batched-tokens",
        maxNumBatchedTokens,
        "at least max-num-seqs (" + maxNumSeqs + ")");
    atLeastOne("kv-blocks", kvBlocks);
    atLeastOne("block-size", blockSize);
  }

  private static void notNegative(String setting, Duration value) {
    Require.that(!value.isNegative(), setting, value, "at least 0");
  }

  private static void atLeastOne(String setting, int value) {
    Require.that(value >= 1, setting, value, "at least 1");
  }

  /** Returns a builder for an engine without simulated delays. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that starts from these settings. */
  public Builder toBuilder() {
    return new Builder().override(changes);
  }

  /** Returns how long an idle engine takes to read some tokens in one step, in nanoseconds. */
  public long nanosToRead(int tokens) {
    return overhead.toNanos()
        + stepBase.toNanos()
        + stepPerSequence.toNanos()
        + Math.round(tokens * 1e9 / prefillTokensPerSecond);
  }

  /**
   * Checks that a sequence as long as the context window can run, as vLLM does when it starts.
   *
   * @throws IllegalArgumentException when it can never run, with the setting to change
   */
  public void requireRoomFor(int maxModelTokens) {
    // every request comes here: only a refusal is put into words
    if ((long) kvBlocks * blockSize < maxModelTokens) {
      Require.that(
          false,
          "kv-blocks",
          kvBlocks,
          "at least %d, to hold one sequence of max-model-tokens (%d) in blocks of %d tokens"
              .formatted(blocksFor(maxModelTokens), maxModelTokens, blockSize));
    }
    if (!chunkedPrefill && maxNumBatchedTokens < maxModelTokens) {
      Require.that(
          false,
          "max-num-batched-tokens",
          maxNumBatchedTokens,
          "at least max-model-tokens (%d) without chunked prefill".formatted(maxModelTokens));
    }
  }

  /** Returns how many blocks a number of tokens needs. */
  int blocksFor(int tokens) {
    return (tokens + blockSize - 1) / blockSize;
  }

  /**
   * Builds {@link EngineSettings}. {@link #build()} checks the values. Not thread-safe. Each setter
   * is an option of the {@code server} command, too.
   */
  public static final class Builder {

    private final List<Consumer<EngineSettings>> list = new ArrayList<>();

    private Builder() {}

    /** Sets everything that another builder sets. */
    public Builder override(Builder other) {
      list.addAll(other.list);
      return this;
    }

    private Builder set(Consumer<EngineSettings> change) {
      list.add(change);
      return this;
    }

    /** Sets the time from the receipt of a request to its entry into the queue; at least 0. */
    @Option(names = "--overhead", paramLabel = "TIME")
    public Builder overhead(Duration overhead) {
      return set(settings -> settings.overhead = overhead);
    }

    /** Sets the fixed time of every step, above all to read the model's weights; at least 0. */
    @Option(names = "--step-base", paramLabel = "TIME")
    public Builder stepBase(Duration stepBase) {
      return set(settings -> settings.stepBase = stepBase);
    }

    /** Sets the time that each sequence adds to a step, for sampling and output; at least 0. */
    @Option(names = "--step-per-sequence", paramLabel = "TIME")
    public Builder stepPerSequence(Duration stepPerSequence) {
      return set(settings -> settings.stepPerSequence = stepPerSequence);
    }

    /**
     * Sets the time that each context token of a decoded sequence adds to a step, to read its keys
     * and values; at least 0.
     */
    @Option(names = "--step-per-context-token", paramLabel = "TIME")
    public Builder stepPerContextToken(Duration stepPerContextToken) {
      return set(settings -> settings.stepPerContextToken = stepPerContextToken);
    }

    /**
     * Sets how many uncached prompt tokens are read per second; more than 0. {@link
     * Double#POSITIVE_INFINITY} makes prefill take no time.
     */
    @Option(names = "--prefill-rate", paramLabel = "TOKENS/S")
    public Builder prefillTokensPerSecond(double prefillTokensPerSecond) {
      return set(settings -> settings.prefillTokensPerSecond = prefillTokensPerSecond);
    }

    /**
     * Sets the largest deviation of a step's time as a fraction of it, from 0 to 1. Deviations are
     * uniformly distributed. {@code stepPerSequence} does not vary.
     */
    @Option(names = "--jitter", paramLabel = "SHARE")
    public Builder jitter(double jitter) {
      return set(settings -> settings.jitter = jitter);
    }

    /** Sets how many sequences can run at once, at least 1; the others wait in FIFO order. */
    @Option(names = "--max-num-seqs", paramLabel = "NUMBER")
    public Builder maxNumSeqs(int maxNumSeqs) {
      return set(settings -> settings.maxNumSeqs = maxNumSeqs);
    }

    /** Sets how many tokens a step can compute; at least {@code maxNumSeqs}. */
    @Option(names = "--max-num-batched-tokens", paramLabel = "TOKENS")
    public Builder maxNumBatchedTokens(int maxNumBatchedTokens) {
      return set(settings -> settings.maxNumBatchedTokens = maxNumBatchedTokens);
    }

    /** Sets whether a prompt can be split over several steps; otherwise it waits for room. */
    @Option(names = "--no-chunked-prefill", defaultValue = "true")
    public Builder chunkedPrefill(boolean chunkedPrefill) {
      return set(settings -> settings.chunkedPrefill = chunkedPrefill);
    }

    /** Sets how many blocks the KV cache has; at least 1. */
    @Option(names = "--kv-blocks", paramLabel = "NUMBER")
    public Builder kvBlocks(int kvBlocks) {
      return set(settings -> settings.kvBlocks = kvBlocks);
    }

    /** Sets how many tokens a block of the KV cache holds; at least 1. */
    @Option(names = "--block-size", paramLabel = "TOKENS")
    public Builder blockSize(int blockSize) {
      return set(settings -> settings.blockSize = blockSize);
    }

    /** Sets whether the cached beginning of a prompt is reused instead of computed again. */
    @Option(names = "--no-prefix-caching", defaultValue = "true")
    public Builder prefixCaching(boolean prefixCaching) {
      return set(settings -> settings.prefixCaching = prefixCaching);
    }

    /**
     * Builds the settings.
     *
     * @throws IllegalArgumentException for a value out of its range
     */
    public EngineSettings build() {
      return new EngineSettings(new Builder().override(this));
    }
  }
}
