package dev.gatlingllm.server.engine;

import java.time.Duration;

/**
 * Changes {@linkplain EngineSettings an engine's settings} one by one; used by one thread. Values
 * are checked by {@link #build()}.
 */
public final class EngineSettingsBuilder {

  private Duration overhead;
  private Duration stepBase;
  private Duration stepPerSequence;
  private Duration stepPerContextToken;
  private double prefillTokensPerSecond;
  private double jitter;
  private int maxNumSeqs;
  private int maxNumBatchedTokens;
  private boolean chunkedPrefill;
  private int kvBlocks;
  private int blockSize;
  private boolean prefixCaching;

  EngineSettingsBuilder(EngineSettings settings) {
    overhead = settings.overhead();
    stepBase = settings.stepBase();
    stepPerSequence = settings.stepPerSequence();
    stepPerContextToken = settings.stepPerContextToken();
    prefillTokensPerSecond = settings.prefillTokensPerSecond();
    jitter = settings.jitter();
    maxNumSeqs = settings.maxNumSeqs();
    maxNumBatchedTokens = settings.maxNumBatchedTokens();
    chunkedPrefill = settings.chunkedPrefill();
    kvBlocks = settings.kvBlocks();
    blockSize = settings.blockSize();
    prefixCaching = settings.prefixCaching();
  }

  /** From a request's receipt until it stands in the queue, 0 or more. */
  public EngineSettingsBuilder overhead(Duration overhead) {
    this.overhead = overhead;
    return this;
  }

  /**
   * What every step takes, whatever is in it, 0 or more: reading the model's weights, above all.
   */
  public EngineSettingsBuilder stepBase(Duration stepBase) {
    this.stepBase = stepBase;
    return this;
  }

  /** What each sequence adds to a step, 0 or more: sampling, and handing the token out. */
  public EngineSettingsBuilder stepPerSequence(Duration stepPerSequence) {
    this.stepPerSequence = stepPerSequence;
    return this;
  }

  /**
   * What each token before a decoded one adds to a step, 0 or more: reading its keys and values.
   */
  public EngineSettingsBuilder stepPerContextToken(Duration stepPerContextToken) {
    this.stepPerContextToken = stepPerContextToken;
    return this;
  }

  /**
   * How many uncached prompt tokens are read per second, more than 0; {@link
   * Double#POSITIVE_INFINITY} for a prefill that takes no time.
   */
  public EngineSettingsBuilder prefillTokensPerSecond(double prefillTokensPerSecond) {
    this.prefillTokensPerSecond = prefillTokensPerSecond;
    return this;
  }

  /**
   * The largest deviation of a step's time, as a share of it, from 0 to 1; evenly distributed in
   * both directions. {@code stepPerSequence} does not vary.
   */
  public EngineSettingsBuilder jitter(double jitter) {
    this.jitter = jitter;
    return this;
  }

  /** How many sequences may run at once, 1 or more; the others wait, first come first served. */
  public EngineSettingsBuilder maxNumSeqs(int maxNumSeqs) {
    this.maxNumSeqs = maxNumSeqs;
    return this;
  }

  /** How many tokens a step may compute, decoded ones first; {@code maxNumSeqs} or more. */
  public EngineSettingsBuilder maxNumBatchedTokens(int maxNumBatchedTokens) {
    this.maxNumBatchedTokens = maxNumBatchedTokens;
    return this;
  }

  /** Whether a prompt that a step has no room for is read in several; otherwise it waits. */
  public EngineSettingsBuilder chunkedPrefill(boolean chunkedPrefill) {
    this.chunkedPrefill = chunkedPrefill;
    return this;
  }

  /** How many blocks the KV cache has, 1 or more. */
  public EngineSettingsBuilder kvBlocks(int kvBlocks) {
    this.kvBlocks = kvBlocks;
    return this;
  }

  /** Tokens per block of the KV cache, 1 or more. */
  public EngineSettingsBuilder blockSize(int blockSize) {
    this.blockSize = blockSize;
    return this;
  }

  /** Whether a prompt's beginning that the KV cache still holds is not computed again. */
  public EngineSettingsBuilder prefixCaching(boolean prefixCaching) {
    this.prefixCaching = prefixCaching;
    return this;
  }

  /**
   * @throws IllegalArgumentException naming the setting, its value and what would be right
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
