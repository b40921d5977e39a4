package dev.gatlingllm.server;

import dev.gatlingllm.prompt.Tokenizers;
import joptsimple.OptionParser;
import joptsimple.OptionSet;
import joptsimple.OptionSpec;

/** What the simulated model is called, and how it counts. */
final class ModelOptions extends OptionTopic {

  private final OptionSpec<String> model;
  private final OptionSpec<String> tokenizer;
  private final OptionSpec<Integer> maxModelTokens;

  ModelOptions(OptionParser parser) {
    super("The model", parser);
    model = option("model", "name", "simulated", "the model that /v1/models lists");
    tokenizer =
        option(
            "tokenizer",
            "name",
            "o200k_base",
            "built-in encoding, path of a tokenizer.json, or hub id");
    maxModelTokens =
        option("max-model-tokens", "tokens", 32_768, "context window: prompt and reply together");
  }

  @Override
  void apply(OptionSet options, ServerSettings.Builder settings) {
    settings
        .modelName(options.valueOf(model))
        .tokenizer(Tokenizers.resolve(options.valueOf(tokenizer)))
        .maxModelTokens(options.valueOf(maxModelTokens));
  }
}
