package dev.gatlingllm.server;

import joptsimple.OptionParser;
import joptsimple.OptionSet;
import joptsimple.OptionSpec;

/** Where the server is found. */
final class ListenOptions extends OptionTopic {

  private final OptionSpec<String> host;
  private final OptionSpec<Integer> port;

  ListenOptions(OptionParser parser) {
    super("Where it listens", parser);
    host = option("host", "address", "127.0.0.1", "address to bind to");
    port = option("port", "number", 8000, "port to listen on; 0 takes any free one");
  }

  @Override
  void apply(OptionSet options, ServerSettings.Builder settings) {
    settings.host(options.valueOf(host)).port(options.valueOf(port));
  }
}
