package dev.gatlingllm.server;

import joptsimple.OptionParser;
import joptsimple.OptionSet;
import joptsimple.OptionSpec;

/** How fast the simulated model works, and what it remembers. */
final class EngineOptions extends OptionTopic {

  private final OptionSpec<String> overhead;
  private final OptionSpec<Double> prefillRate;
  private final OptionSpec<String> interTokenLatency;
  private final OptionSpec<Double> jitter;
  private final OptionSpec<Integer> cacheBlocks;
  private final OptionSpec<Integer> blockSize;

  EngineOptions(OptionParser parser) {
    super("The engine", parser);
    overhead = option("overhead", "time", "20ms", "what each request waits before its prefill");
    prefillRate =
        option("prefill-rate", "tokens/s", 20_000.0, "uncached prompt tokens read per second");
    interTokenLatency = option("inter-token-latency", "time", "10ms", "from one token to the next");
    jitter =
        option(
            "jitter",
            "share",
            0.1,
            "a token's largest deviation, as a share of the latency, up to 0.5");
    cacheBlocks =
        option(
            "cache-blocks",
            "number",
            32_768,
            "blocks that the prefix cache holds; 0 switches it off");
    blockSize = option("block-size", "tokens", 16, "tokens per block of the prefix cache");
  }

  @Override
  void apply(OptionSet options, ServerSettings.Builder settings) {
    settings
        .pace(
            new Pace(
                TimeSpan.parse("overhead", options.valueOf(overhead)),
                options.valueOf(prefillRate),
                TimeSpan.parse("inter-token-latency", options.valueOf(interTokenLatency)),
                options.valueOf(jitter)))
        .cacheBlocks(options.valueOf(cacheBlocks))
        .blockSize(options.valueOf(blockSize));
  }
}
