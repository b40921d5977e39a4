package dev.gatlingllm.server;

import joptsimple.OptionParser;
import joptsimple.OptionSet;
import joptsimple.OptionSpec;

/** What replies are like. */
final class ReplyOptions extends OptionTopic {

  private final OptionSpec<Void> hideCachedTokens;
  private final OptionSpec<Long> seed;

  ReplyOptions(OptionParser parser) {
    super("Replies", parser);
    hideCachedTokens = flag("hide-cached-tokens", "leave cached tokens out of usage");
    seed = option("seed", "number", 0L, "decides, with the prompt, all that is random");
  }

  @Override
  void apply(OptionSet options, ServerSettings.Builder settings) {
    settings.reportCachedTokens(!options.has(hideCachedTokens)).seed(options.valueOf(seed));
  }
}
