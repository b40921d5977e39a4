package dev.gatlingllm.bench.compare;

import dev.gatlingllm.bench.result.ResultReader;
import dev.gatlingllm.text.Numbers;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import joptsimple.OptionException;

/**
 * Compares two result files of JMH's JSON, and is a gate for CI:
 *
 * <pre>
 * {@code mvn test-compile exec:java@compare -Dexec.args="old.json new.json --markdown out.md"}
 * </pre>
 */
public final class CompareCommand {

  private static final int NONE_WORSE = 0;
  private static final int WORSE = 1;
  private static final int MISUSED = 2;

  private final PrintStream out;
  private final PrintStream err;

  CompareCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /**
   * Ends with 0 where nothing got worse, 1 where something did, and 2 for wrong arguments, files
   * that cannot be read, and files that have nothing in common to judge.
   */
  public static void main(String... arguments) throws IOException {
    int status = new CompareCommand(System.out, System.err).run(arguments);
    if (status != NONE_WORSE) {
      System.exit(status);
    }
  }

  int run(String... arguments) throws IOException {
    try {
      CompareOptions options = new CompareOptions().parse(arguments);
      if (options.asksForHelp()) {
        out.println("Compares two result files of JMH's JSON: old.json new.json. Options:\n");
        options.printHelp(out);
        return NONE_WORSE;
      }
      return compare(options);
    } catch (OptionException e) {
      return misused(e.getMessage() + " (--help lists the options)");
    } catch (IllegalArgumentException e) {
      return misused(e.getMessage());
    }
  }

  private int compare(CompareOptions options) {
    Judge judge = options.judge();
    Comparison comparison =
        Comparison.of(
            ResultReader.read(options.before()),
            ResultReader.read(options.now()),
            judge,
            options.wanted());
    out.printf(
        "%s against %s, intervals of %s%s%n%n",
        options.now(),
        options.before(),
        Numbers.percentOf(judge.confidence()),
        judge.ignoredPercent() > 0
            ? ", differences below " + Numbers.score(judge.ignoredPercent()) + " % ignored"
            : "");
    ConsoleTable.print(comparison, out);
    out.println();
    comparison.missing().forEach(line -> out.println(line + "."));
    if (!comparison.doubts().isEmpty()) {
      out.println("Not to be trusted as it stands:");
      comparison.doubts().forEach(line -> out.println("- " + line));
      out.println();
    }
    out.println(Words.counts(comparison) + ".");
    out.println(Words.falseAlarms(comparison, judge));
    options.markdown().forEach(file -> write(file, MarkdownTable.of(comparison, judge)));
    if (comparison.judged() == 0) {
      throw new IllegalArgumentException(
          "Nothing could be judged: the files share no benchmark and metric with "
              + Judge.FEWEST
              + " iterations or more on both sides.");
    }
    return comparison.passes() ? NONE_WORSE : WORSE;
  }

  private static void write(Path file, String markdown) {
    try {
      if (file.toAbsolutePath().getParent() != null) {
        Files.createDirectories(file.toAbsolutePath().getParent());
      }
      Files.writeString(file, markdown);
    } catch (IOException e) {
      throw new IllegalArgumentException("--markdown " + file + " cannot be written: " + e, e);
    }
  }

  private int misused(String message) {
    err.println(message);
    return MISUSED;
  }
}
