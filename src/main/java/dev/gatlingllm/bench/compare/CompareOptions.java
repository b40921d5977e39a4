package dev.gatlingllm.bench.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import joptsimple.BuiltinHelpFormatter;
import joptsimple.OptionParser;
import joptsimple.OptionSet;
import joptsimple.OptionSpec;

/** The command line of {@link CompareCommand}. */
final class CompareOptions {

  private final OptionParser parser = new OptionParser(false);

  private final OptionSpec<Double> confidence =
      parser
          .accepts("confidence", "of the intervals, in percent, between 50 and 100")
          .withRequiredArg()
          .ofType(Double.class)
          .defaultsTo(99.9);

  private final OptionSpec<Double> threshold =
      parser
          .accepts("threshold", "ignore differences smaller than this, in percent of the old score")
          .withRequiredArg()
          .ofType(Double.class)
          .defaultsTo(0.0);

  private final OptionSpec<String> metrics =
      parser
          .accepts(
              "metrics",
              "compare only metrics whose names hold a match of this regular"
                  + " expression, such as ^ttft; the primary one is called score")
          .withRequiredArg();

  private final OptionSpec<String> markdown =
      parser.accepts("markdown", "write a table for a pull request to this file").withRequiredArg();

  private final OptionSpec<Void> help = parser.accepts("help", "print this and stop");

  private OptionSet given;

  /**
   * @throws joptsimple.OptionException for an option that there is not, or a value of another kind
   * @throws IllegalArgumentException for a value out of its range; the message names the option
   */
  CompareOptions parse(String... arguments) {
    given = parser.parse(arguments);
    if (!asksForHelp()) {
      require(
          given.nonOptionArguments().size() == 2,
          "two result files are compared, the old one and the new one, and not "
              + given.nonOptionArguments().size());
      double percent = given.valueOf(confidence);
      require(
          percent >= 50 && percent < 100,
          "--confidence is " + percent + "; give percent from 50 to below 100, such as 99.9");
      double ignored = given.valueOf(threshold);
      require(
          ignored >= 0 && Double.isFinite(ignored),
          "--threshold is " + ignored + "; give percent from 0 on, such as 5");
      wanted();
    }
    return this;
  }

  boolean asksForHelp() {
    return given.has(help);
  }

  Path before() {
    return Path.of((String) given.nonOptionArguments().get(0));
  }

  Path now() {
    return Path.of((String) given.nonOptionArguments().get(1));
  }

  Judge judge() {
    return new Judge(given.valueOf(confidence) / 100, given.valueOf(threshold));
  }

  Predicate<String> wanted() {
    if (!given.has(metrics)) {
      return name -> true;
    }
    try {
      return Pattern.compile(given.valueOf(metrics)).asPredicate();
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "--metrics is "
              + e.getPattern()
              + ", which is no regular expression: "
              + e.getDescription(),
          e);
    }
  }

  /** The files of Markdown to write: one or none. */
  List<Path> markdown() {
    return given.valuesOf(markdown).stream().map(Path::of).toList();
  }

  void printHelp(PrintStream out) throws IOException {
    parser.formatHelpWith(new BuiltinHelpFormatter(100, 2));
    parser.printHelpOn(out);
  }

  private static void require(boolean met, String problem) {
    if (!met) {
      throw new IllegalArgumentException(problem);
    }
  }
}
