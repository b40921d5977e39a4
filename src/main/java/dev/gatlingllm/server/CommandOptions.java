package dev.gatlingllm.server;

import dev.gatlingllm.server.engine.Require;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import joptsimple.OptionParser;
import joptsimple.OptionSet;
import joptsimple.OptionSpec;

/** The command line of {@link ServerCommand}: every setting by name, with the same defaults. */
final class CommandOptions {

  // no abbreviations: what a script says today must not become ambiguous tomorrow
  private final OptionParser parser = new OptionParser(false);

  private final List<OptionTopic> topics =
      List.of(
          new ListenOptions(parser),
          new ModelOptions(parser),
          new ReplyOptions(parser),
          new EngineOptions(parser),
          new LimitOptions(parser),
          new FaultOptions(parser),
          new TruthOptions(parser));
  private final OptionSpec<Void> help = parser.accepts("help", "print this and stop");

  /**
   * @throws joptsimple.OptionException for an option that there is not, or a value of another kind
   * @throws IllegalArgumentException for an argument that belongs to no option
   */
  OptionSet parse(String... arguments) {
    OptionSet options = parser.parse(arguments);
    Require.that(
        options.nonOptionArguments().isEmpty(),
        "the arguments",
        options.nonOptionArguments(),
        "options and their values");
    return options;
  }

  boolean asksForHelp(OptionSet options) {
    return options.has(help);
  }

  /**
   * @throws IllegalArgumentException for a value out of its range, or a tokenizer that there is not
   */
  ServerSettings settings(OptionSet options) {
    var settings = ServerSettings.builder();
    topics.forEach(topic -> topic.apply(options, settings));
    return settings.build();
  }

  Iterable<String> names() {
    return parser.recognizedOptions().keySet();
  }

  void printHelp(PrintStream out) throws IOException {
    parser.formatHelpWith(new OptionHelp(topics));
    parser.printHelpOn(out);
  }
}
