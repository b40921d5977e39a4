package dev.gatlingllm.benchmarks;

import java.io.IOException;
import java.util.List;
import joptsimple.OptionException;
import joptsimple.OptionParser;
import joptsimple.OptionSet;
import joptsimple.OptionSpec;

/** The options that commands with a load have in common, to which each adds its own. */
final class LoadOptions {

  // no abbreviations: what a script says today must not become ambiguous tomorrow
  private final OptionParser parser = new OptionParser(false);
  private final OptionSpec<Integer> warmUp;
  private final OptionSpec<Integer> seconds;
  private final OptionSpec<Integer> replyTokens;
  private final OptionSpec<String> placements;
  private final OptionSpec<String> jvm;
  private OptionSet given;

  /**
   * @param warmUpSeconds before anything is measured, where nothing is said
   */
  LoadOptions(int warmUpSeconds) {
    warmUp = number("warmup", "seconds before anything is measured", warmUpSeconds);
    seconds = number("seconds", "that are measured", 10);
    replyTokens = number("reply-tokens", "mean length of a reply", 256);
    placements =
        texts(
            "placement",
            "shared: client and server on the same processors; apart: a processor for the client",
            JavaProcess.canPin() ? new String[] {"shared", "apart"} : new String[] {"shared"});
    jvm = parser.accepts("jvm", "an option of the client's virtual machine").withRequiredArg();
  }

  OptionSpec<Integer> number(String name, String description, Integer... otherwise) {
    return parser
        .accepts(name, description)
        .withRequiredArg()
        .ofType(Integer.class)
        .withValuesSeparatedBy(',')
        .defaultsTo(otherwise);
  }

  OptionSpec<Double> decimal(String name, String description, Double otherwise) {
    return parser
        .accepts(name, description)
        .withRequiredArg()
        .ofType(Double.class)
        .defaultsTo(otherwise);
  }

  OptionSpec<String> texts(String name, String description, String... otherwise) {
    return parser
        .accepts(name, description)
        .withRequiredArg()
        .withValuesSeparatedBy(',')
        .defaultsTo(otherwise);
  }

  /** Reads the command line, or ends the process with 2 and a word on what would be right. */
  void parse(String... arguments) throws IOException {
    try {
      given = parser.parse(arguments);
      placements();
    } catch (OptionException | IllegalArgumentException e) {
      System.err.println(e.getMessage());
      parser.printHelpOn(System.err);
      System.exit(2);
    }
  }

  <T> T one(OptionSpec<T> option) {
    return given.valueOf(option);
  }

  <T> List<T> all(OptionSpec<T> option) {
    return given.valuesOf(option);
  }

  List<Placement> placements() {
    return all(placements).stream()
        .map(Placement::named)
        .map(placement -> placement.withClientOptions(all(jvm)))
        .toList();
  }

  Load load(ClientKind kind, int streams) {
    return new Load(kind, streams, one(replyTokens), one(warmUp), one(seconds));
  }
}
