package dev.gatlingllm.bench.compare;

import static java.util.Objects.requireNonNull;

import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.bench.result.ResultReader;
import dev.gatlingllm.text.Numbers;
import dev.gatlingllm.text.Require;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares two result files in JMH's JSON. Works as a regression gate in CI. */
@Command(
    name = "compare",
    sortOptions = false,
    header = "Compares two JMH result files (-rf json).",
    description =
        "Exits with 0 if no metric got worse, 1 if one did, and 2 if the command line is invalid, a"
            + " file cannot be read or nothing could be decided. A metric is inconclusive if no"
            + " difference is shown, but a large one may be there.")
public final class CompareCommand implements Callable<Integer> {

  private static final int NOTHING_WORSE = 0;
  private static final int WORSE = 1;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "OLD", description = "result file of the baseline")
  private Path before;

  @Parameters(index = "1", paramLabel = "NEW", description = "result file to judge")
  private Path now;

  @Option(
      names = "--confidence",
      paramLabel = "PERCENT",
      description = "confidence level of the intervals (default: ${DEFAULT-VALUE})")
  private double confidence = 99.9;

  @Option(
      names = "--threshold",
      paramLabel = "PERCENT",
      description =
          "ignore differences smaller than this, in percent of the old score (default:"
              + " ${DEFAULT-VALUE})")
  private double threshold;

  @Option(
      names = "--resolution",
      paramLabel = "PERCENT",
      description =
          "a metric is inconclusive if a difference larger than this, in percent of the old score,"
              + " may be there (default: ${DEFAULT-VALUE})")
  private double resolution = 20;

  @Option(
      names = "--fail-if-inconclusive",
      description = "exit with 1 also if a metric is inconclusive")
  private boolean failIfInconclusive;

  @Option(
      names = "--metrics",
      paramLabel = "REGEX",
      description =
          "compare only metrics whose name contains a match, such as ^ttft; the primary metric is"
              + " called score (default: all)")
  private Pattern metrics = Pattern.compile("");

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "write a table for a pull request to this file (default: none)")
  private @Nullable Path markdown;

  @Override
  public Integer call() {
    Require.that(
        confidence >= 50 && confidence < 100,
        "--confidence",
        confidence,
        "from 50 to below 100 percent");
    Require.that(
        threshold >= 0 && Double.isFinite(threshold), "--threshold", threshold, "at least 0");
    Require.that(resolution > 0, "--resolution", resolution, "above 0");
    Judge judge = new Judge(confidence / 100, threshold, resolution);
    ResultComparison comparison =
        ResultComparison.of(
            ResultReader.read(before), ResultReader.read(now), judge, metrics.asPredicate());
    print(comparison, judge, spec.commandLine().getOut());
    if (markdown != null) {
      write(markdown, MarkdownTable.of(comparison, judge));
    }
    if (comparison.judged() == 0) {
      throw new IllegalArgumentException(
          "Nothing could be decided: the files share no benchmark and metric with at least "
              + MetricScores.MIN_FORKS
              + " forks (-f) on both sides.");
    }
    boolean isOpen = failIfInconclusive && comparison.inconclusive() > 0;
    return comparison.passes() && !isOpen ? NOTHING_WORSE : WORSE;
  }

  private void print(ResultComparison comparison, Judge judge, PrintWriter out) {
    out.printf(
        "%s against %s, intervals of %s%s%n%n",
        now,
        before,
        Numbers.percentOf(judge.confidence()),
        threshold > 0 ? ", differences below " + Numbers.score(threshold) + " % ignored" : "");
    ConsoleTable.print(comparison, out);
    out.println();
    comparison.missing().forEach(line -> out.println(line + "."));
    if (!comparison.warnings().isEmpty()) {
      out.println("Warnings:");
      comparison.warnings().forEach(line -> out.println("- " + line));
      out.println();
    }
    out.println(comparison.headline() + ".");
    out.println(comparison.counts() + ".");
    out.println(comparison.falseAlarms(judge));
  }

  private void write(Path markdown, String table) {
    try {
      Files.createDirectories(requireNonNull(markdown.toAbsolutePath().getParent()));
      Files.writeString(markdown, table);
    } catch (IOException e) {
      // not the exit code of a regression
      throw new IllegalArgumentException("--markdown " + markdown + " cannot be written: " + e, e);
    }
  }
}
