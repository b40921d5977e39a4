package dev.gatlingllm.server;

import dev.gatlingllm.server.engine.EngineSettings;
import java.util.function.Consumer;
import joptsimple.OptionParser;
import joptsimple.OptionSet;
import joptsimple.OptionSpec;

/**
 * How fast the simulated model works, and what it can hold: a profile, and what differs from it.
 */
final class EngineOptions extends OptionTopic {

  private final OptionSpec<String> profile;
  private final OptionSpec<String> overhead;
  private final OptionSpec<String> stepBase;
  private final OptionSpec<String> stepPerSequence;
  private final OptionSpec<String> stepPerContextToken;
  private final OptionSpec<Double> prefillRate;
  private final OptionSpec<Double> jitter;
  private final OptionSpec<Integer> maxNumSeqs;
  private final OptionSpec<Integer> maxNumBatchedTokens;
  private final OptionSpec<Void> noChunkedPrefill;
  private final OptionSpec<Integer> kvBlocks;
  private final OptionSpec<Integer> blockSize;
  private final OptionSpec<Void> noPrefixCaching;

  EngineOptions(OptionParser parser) {
    super("The engine", parser);
    profile = option("profile", "name", EngineProfile.PLEASANT.label(), EngineProfile.labels());
    overhead = override("overhead", "time", String.class, "from receipt to the queue");
    stepBase = override("step-base", "time", String.class, "what every step takes");
    stepPerSequence =
        override("step-per-sequence", "time", String.class, "what each sequence adds to a step");
    stepPerContextToken =
        override(
            "step-per-context-token",
            "time",
            String.class,
            "what each token before a decoded one adds to a step");
    prefillRate =
        override(
            "prefill-rate", "tokens/s", Double.class, "uncached prompt tokens read per second");
    jitter =
        override(
            "jitter",
            "share",
            Double.class,
            "a step's largest deviation, as a share of it, up to 1");
    maxNumSeqs = override("max-num-seqs", "number", Integer.class, "sequences that run at once");
    maxNumBatchedTokens =
        override(
            "max-num-batched-tokens", "tokens", Integer.class, "tokens that one step may compute");
    noChunkedPrefill = flag("no-chunked-prefill", "read every prompt in one step");
    kvBlocks = override("kv-blocks", "number", Integer.class, "blocks that the KV cache has");
    blockSize = override("block-size", "tokens", Integer.class, "tokens per block of the KV cache");
    noPrefixCaching = flag("no-prefix-caching", "compute every prompt from its beginning");
  }

  @Override
  void apply(OptionSet options, ServerSettings.Builder settings) {
    EngineSettings.Builder engine =
        EngineProfile.named(options.valueOf(profile)).settings().toBuilder();
    ifGiven(options, overhead, time -> engine.overhead(TimeSpan.parse("overhead", time)));
    ifGiven(options, stepBase, time -> engine.stepBase(TimeSpan.parse("step-base", time)));
    ifGiven(
        options,
        stepPerSequence,
        time -> engine.stepPerSequence(TimeSpan.parse("step-per-sequence", time)));
    ifGiven(
        options,
        stepPerContextToken,
        time -> engine.stepPerContextToken(TimeSpan.parse("step-per-context-token", time)));
    ifGiven(options, prefillRate, engine::prefillTokensPerSecond);
    ifGiven(options, jitter, engine::jitter);
    ifGiven(options, maxNumSeqs, engine::maxNumSeqs);
    ifGiven(options, maxNumBatchedTokens, engine::maxNumBatchedTokens);
    ifGiven(options, kvBlocks, engine::kvBlocks);
    ifGiven(options, blockSize, engine::blockSize);
    if (options.has(noChunkedPrefill)) {
      engine.chunkedPrefill(false);
    }
    if (options.has(noPrefixCaching)) {
      engine.prefixCaching(false);
    }
    settings.engine(engine.build());
  }

  private static <T> void ifGiven(OptionSet options, OptionSpec<T> option, Consumer<T> setting) {
    if (options.has(option)) {
      setting.accept(options.valueOf(option));
    }
  }
}
