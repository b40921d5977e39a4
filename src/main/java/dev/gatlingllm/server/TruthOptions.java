package dev.gatlingllm.server;

import java.nio.file.Path;
import joptsimple.OptionParser;
import joptsimple.OptionSet;
import joptsimple.OptionSpec;

/** How what really happened is told. */
final class TruthOptions extends OptionTopic {

  private final OptionSpec<String> truthLog;
  private final OptionSpec<Void> noAdmin;

  TruthOptions(OptionParser parser) {
    super("Truth", parser);
    truthLog = list("truth-log", "file", "write what happened to each request, as lines of JSON");
    noAdmin = flag("no-admin", "leave out /admin and /reset_prefix_cache");
  }

  @Override
  void apply(OptionSet options, ServerSettings.Builder settings) {
    if (options.has(truthLog)) {
      settings.truthLog(Path.of(options.valueOf(truthLog)));
    }
    settings.admin(!options.has(noAdmin));
  }
}
