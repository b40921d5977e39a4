package dev.gatlingllm.server;

import joptsimple.OptionParser;
import joptsimple.OptionSet;
import joptsimple.OptionSpec;

/** What the server refuses. */
final class LimitOptions extends OptionTopic {

  private final OptionSpec<Void> strictModel;
  private final OptionSpec<Void> rejectUnknownFields;
  private final OptionSpec<Integer> maxConcurrentRequests;
  private final OptionSpec<Integer> maxWaitingRequests;
  private final OptionSpec<String> retryAfter;

  LimitOptions(OptionParser parser) {
    super("What it refuses", parser);
    strictModel = flag("strict-model", "any other model's name, with 404");
    rejectUnknownFields =
        flag("reject-unknown-fields", "fields that OpenAI does not know, with 400");
    maxConcurrentRequests =
        override(
            "max-concurrent-requests",
            "number",
            Integer.class,
            "requests beyond so many under way, with 429");
    maxWaitingRequests =
        override(
            "max-waiting-requests",
            "number",
            Integer.class,
            "requests beyond so many that wait for the engine, with 503");
    retryAfter = option("retry-after", "time", "1s", "what 429 and 503 say; 0 for nothing");
  }

  @Override
  void apply(OptionSet options, ServerSettings.Builder settings) {
    settings
        .strictModel(options.has(strictModel))
        .rejectUnknownFields(options.has(rejectUnknownFields))
        .retryAfter(TimeSpan.parse("retry-after", options.valueOf(retryAfter)));
    if (options.has(maxConcurrentRequests)) {
      settings.maxConcurrentRequests(options.valueOf(maxConcurrentRequests));
    }
    if (options.has(maxWaitingRequests)) {
      settings.maxWaitingRequests(options.valueOf(maxWaitingRequests));
    }
  }
}
