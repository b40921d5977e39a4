package dev.gatlingllm.server;

import joptsimple.OptionParser;
import joptsimple.OptionSet;
import joptsimple.OptionSpec;

/** What the server does that a good one does not. */
final class FaultOptions extends OptionTopic {

  private final OptionSpec<String> fault;

  FaultOptions(OptionParser parser) {
    super("Faults", parser);
    fault =
        list(
            "fault",
            "name=rate",
            "a fault and its share of requests, as reset=0.01 or stall=0.02:after=3:2s; repeatable");
  }

  @Override
  void apply(OptionSet options, ServerSettings.Builder settings) {
    settings.faults(options.valuesOf(fault).toArray(String[]::new));
  }
}
