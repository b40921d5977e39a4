package dev.gatlingllm.server.engine;

import java.time.Duration;

/**
 * Every number of the law that an engine works by, and what it can hold. Immutable; made from a
 * {@linkplain EngineProfile profile} by its builder, whose methods say what each setting means.
 *
 * <p>A step takes {@code stepBase} + new prompt tokens / {@code prefillTokensPerSecond} + {@code
 * stepPerContextToken} × tokens before those that are decoded, give or take the jitter, and then
 * {@code stepPerSequence} for each sequence in it, which are served in turn: the last token of a
 * step comes at its end, and the others so much before.
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
    Require.that(maxNumSeqs >= 1, "max-num-seqs", maxNumSeqs, "1 or more");
    // each running sequence takes one token of the budget
    Require.that(
        maxNumBatchedTokens >= maxNumSeqs,
        "max-num-batched-tokens",
        maxNumBatchedTokens,
        "max-num-seqs (" + maxNumSeqs + ") or more");
    Require.that(kvBlocks >= 1, "kv-blocks", kvBlocks, "1 or more");
    Require.that(blockSize >= 1, "block-size", blockSize, "1 or more");
  }

  private static void notNegative(String setting, Duration value) {
    Require.that(!value.isNegative(), setting, value, "0 or more");
  }

  /** How many tokens the KV cache holds. */
  public long kvTokens() {
    return (long) kvBlocks * blockSize;
  }

  /**
   * Checks that a sequence as long as the context window can be run, as vLLM does when it starts.
   *
   * @throws IllegalArgumentException when it could never be, naming what to change
   */
  public void requireRoomFor(int maxModelTokens) {
    Require.that(
        kvTokens() >= maxModelTokens,
        "kv-blocks",
        kvBlocks,
        "%d or more, to hold one sequence of max-model-tokens (%d) in blocks of %d tokens"
            .formatted(blocksFor(maxModelTokens), maxModelTokens, blockSize));
    Require.that(
        chunkedPrefill || maxNumBatchedTokens >= maxModelTokens,
        "max-num-batched-tokens",
        maxNumBatchedTokens,
        "max-model-tokens (%d) or more where prefill is not chunked".formatted(maxModelTokens));
  }

  /** How many blocks hold so many tokens. */
  int blocksFor(int tokens) {
    return (tokens + blockSize - 1) / blockSize;
  }

  /** These settings, to be changed one by one. */
  public EngineSettingsBuilder toBuilder() {
    return new EngineSettingsBuilder(this);
  }
}
