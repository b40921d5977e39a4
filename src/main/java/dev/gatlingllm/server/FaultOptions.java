package dev.gatlingllm.server;

import joptsimple.OptionParser;
import joptsimple.OptionSet;
import joptsimple.OptionSpec;

/** What the server does that a good one does not. */
final class FaultOptions extends OptionTopic {

  private final OptionSpec<Void> closeAfterReply;

  FaultOptions(OptionParser parser) {
    super("Faults", parser);
    closeAfterReply =
        flag("close-after-reply", "close the connection, unannounced, after each stream");
  }

  @Override
  void apply(OptionSet options, ServerSettings.Builder settings) {
    settings.closeAfterReply(options.has(closeAfterReply));
  }
}
