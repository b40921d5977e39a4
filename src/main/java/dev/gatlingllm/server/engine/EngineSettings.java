package dev.gatlingllm.server.engine;

import dev.gatlingllm.text.Require;
import java.time.Duration;

/**
 * The timing and the capacity of an engine. Immutable; a {@link Builder} creates it and documents
 * each setting.
 *
 * <p>A step takes {@code stepBase} + new prompt tokens / {@code prefillTokensPerSecond} + {@code
 * stepPerContextToken} × context tokens of the decoded sequences, plus or minus the jitter. Then
 * each sequence of the step takes {@code stepPerSequence}: sequences get their tokens one after the
 * other, the last one at the end of the step.
 */
public record EngineSettings(
    Duration overhead,
    Duration stepBase,
    Duration stepPerSequence,
    Duration stepPerContextToken,
    double prefillTokensPerSecond,
    double jitter,
    int maxNumSeqs,
    int maxNumBatchedTokens,
    boolean chunkedPrefill,
    int kvBlocks,
    int blockSize,
    boolean prefixCaching) {

  /**
   * @throws IllegalArgumentException for a value out of its range
   */
  public EngineSettings {
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
    return new Builder()
        .overhead(overhead)
        .stepBase(stepBase)
        .stepPerSequence(stepPerSequence)
        .stepPerContextToken(stepPerContextToken)
        .prefillTokensPerSecond(prefillTokensPerSecond)
        .jitter(jitter)
        .maxNumSeqs(maxNumSeqs)
        .maxNumBatchedTokens(maxNumBatchedTokens)
        .chunkedPrefill(chunkedPrefill)
        .kvBlocks(kvBlocks)
        .blockSize(blockSize)
        .prefixCaching(prefixCaching);
  }

  /** Returns how many tokens the KV cache holds. */
  public long kvTokens() {
    return (long) kvBlocks * blockSize;
  }

  /**
   * Checks that a sequence as long as the context window can run, as vLLM does when it starts.
   *
   * @throws IllegalArgumentException when it can never run, with the setting to change
   */
  public void requireRoomFor(int maxModelTokens) {
    Require.that(
        kvTokens() >= maxModelTokens,
        "kv-blocks",
        kvBlocks,
        "at least %d, to hold one sequence of max-model-tokens (%d) in blocks of %d tokens"
            .formatted(blocksFor(maxModelTokens), maxModelTokens, blockSize));
    Require.that(
        chunkedPrefill || maxNumBatchedTokens >= maxModelTokens,
        "max-num-batched-tokens",
        maxNumBatchedTokens,
        "at least max-model-tokens (%d) without chunked prefill".formatted(maxModelTokens));
  }

  /** Returns how many blocks a number of tokens needs. */
  int blocksFor(int tokens) {
    return (tokens + blockSize - 1) / blockSize;
  }

  /** Builds {@link EngineSettings}. {@link #build()} checks the values. Not thread-safe. */
  public static final class Builder {

    private Duration overhead = Duration.ZERO;
    private Duration stepBase = Duration.ZERO;
    private Duration stepPerSequence = Duration.ZERO;
    private Duration stepPerContextToken = Duration.ZERO;
    private double prefillTokensPerSecond = Double.POSITIVE_INFINITY;
    private double jitter;
    private int maxNumSeqs = 256;
    private int maxNumBatchedTokens = 8_192;
    private boolean chunkedPrefill = true;
    private int kvBlocks = 32_768;
    private int blockSize = 16;
    private boolean prefixCaching = true;

    private Builder() {}

    /** Sets the time from the receipt of a request to its entry into the queue; at least 0. */
    public Builder overhead(Duration overhead) {
      this.overhead = overhead;
      return this;
    }

    /** Sets the fixed time of every step, above all to read the model's weights; at least 0. */
    public Builder stepBase(Duration stepBase) {
      this.stepBase = stepBase;
      return this;
    }

    /** Sets the time that each sequence adds to a step, for sampling and output; at least 0. */
    public Builder stepPerSequence(Duration stepPerSequence) {
      this.stepPerSequence = stepPerSequence;
      return this;
    }

    /**
     * Sets the time that each context token of a decoded sequence adds to a step, to read its keys
     * and values; at least 0.
     */
    public Builder stepPerContextToken(Duration stepPerContextToken) {
      this.stepPerContextToken = stepPerContextToken;
      return this;
    }

    /**
     * Sets how many uncached prompt tokens are read per second; more than 0. {@link
     * Double#POSITIVE_INFINITY} makes prefill take no time.
     */
    public Builder prefillTokensPerSecond(double prefillTokensPerSecond) {
      this.prefillTokensPerSecond = prefillTokensPerSecond;
      return this;
    }

    /**
     * Sets the largest deviation of a step's time as a fraction of it, from 0 to 1. Deviations are
     * uniformly distributed. {@code stepPerSequence} does not vary.
     */
    public Builder jitter(double jitter) {
      this.jitter = jitter;
      return this;
    }

    /** Sets how many sequences can run at once, at least 1; the others wait in FIFO order. */
    public Builder maxNumSeqs(int maxNumSeqs) {
      this.maxNumSeqs = maxNumSeqs;
      return this;
    }

    /** Sets how many tokens a step can compute; at least {@code maxNumSeqs}. */
    public Builder maxNumBatchedTokens(int maxNumBatchedTokens) {
      this.maxNumBatchedTokens = maxNumBatchedTokens;
      return this;
    }

    /** Sets whether a prompt can be split over several steps; otherwise it waits for room. */
    public Builder chunkedPrefill(boolean chunkedPrefill) {
      this.chunkedPrefill = chunkedPrefill;
      return this;
    }

    /** Sets how many blocks the KV cache has; at least 1. */
    public Builder kvBlocks(int kvBlocks) {
      this.kvBlocks = kvBlocks;
      return this;
    }

    /** Sets how many tokens a block of the KV cache holds; at least 1. */
    public Builder blockSize(int blockSize) {
      this.blockSize = blockSize;
      return this;
    }

    /** Sets whether the cached beginning of a prompt is reused instead of computed again. */
    public Builder prefixCaching(boolean prefixCaching) {
      this.prefixCaching = prefixCaching;
      return this;
    }

    /**
     * Builds the settings.
     *
     * @throws IllegalArgumentException for a value out of its range
     */
    public EngineSettings build() {
      return new EngineSettings(
          overhead,
          stepBase,
          stepPerSequence,
          stepPerContextToken,
          prefillTokensPerSecond,
          jitter,
          maxNumSeqs,
          maxNumBatchedTokens,
          chunkedPrefill,
          kvBlocks,
          blockSize,
          prefixCaching);
    }
  }
}
