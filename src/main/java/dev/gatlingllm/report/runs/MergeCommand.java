package dev.gatlingllm.report.runs;

import dev.gatlingllm.report.ConsoleSummary;
import dev.gatlingllm.report.RunReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds up the runs of several load generators that worked side by side, or makes the figures of one
 * run that was killed:
 *
 * <pre>{@code
 * mvn test-compile exec:java@merge -Dexec.args="reports/run-a reports/run-b --into reports/merged"
 * }</pre>
 */
public final class MergeCommand {

  private static final String USAGE =
      """
      Adds up the runs of load generators that worked side by side, as one that did it all.

        RUN-FOLDER...     folders of runs, each with its tokens-state.json.gz; of a run that was
                          killed, what its requests.jsonl tells
        --into FOLDER     where the sum goes, a folder that does not exist yet
      """;

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private final PrintStream out;
  private final PrintStream err;

  MergeCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Ends with 0 when the sum is written, 1 when it cannot be, 2 for wrong arguments. */
  public static void main(String... arguments) throws InterruptedException {
    int status = new MergeCommand(System.out, System.err).run(arguments);
    if (status != OK) {
      System.exit(status);
    }
  }

  /**
   * Writes the sum of some runs, with a report where their logs allow for one.
   *
   * @param into a folder that does not exist yet
   * @param runs the folders of one run or more
   * @return 0 when it is written, else 1, and the reason is on the error stream
   */
  public static int run(Path into, List<Path> runs) throws InterruptedException {
    return new MergeCommand(System.out, System.err).merge(runs, into);
  }

  int run(String... arguments) throws InterruptedException {
    List<Path> runs = new ArrayList<>();
    Path into = null;
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals("--help") || arguments[i].equals("-h")) {
        out.print(USAGE);
        return OK;
      }
      if (arguments[i].equals("--into") && i + 1 < arguments.length) {
        into = Path.of(arguments[++i]).toAbsolutePath().normalize();
      } else if (arguments[i].startsWith("-")) {
        return misused("'" + arguments[i] + "' is no option");
      } else {
        runs.add(Path.of(arguments[i]));
      }
    }
    if (runs.isEmpty() || into == null) {
      return misused(runs.isEmpty() ? "no run to add up is named" : "--into FOLDER is missing");
    }
    return merge(runs, into);
  }

  private int misused(String problem) {
    err.println(problem + "\n\n" + USAGE);
    return MISUSED;
  }

  private int merge(List<Path> runs, Path into) throws InterruptedException {
    try {
      List<Source> sources = new ArrayList<>();
      for (Path run : runs) {
        sources.add(Source.in(run));
      }
      RunReport sum = Merge.of(sources).writeTo(into);
      out.print(ConsoleSummary.of(sum));
      report(sources, into);
      if (isResultsFolder(into.getParent(), runs)) {
        RunsIndex.update(into);
      }
      return OK;
    } catch (MergeException | IOException problem) {
      err.println(problem.getMessage());
      return FAILED;
    }
  }

  private static boolean isResultsFolder(Path folder, List<Path> runs) {
    return runs.stream()
        .anyMatch(run -> run.toAbsolutePath().normalize().getParent().equals(folder));
  }

  /** Figures and files are there in any case: what Gatling needs besides may be missing. */
  private void report(List<Source> sources, Path into) throws IOException, InterruptedException {
    try {
      MergedLog.write(sources, into);
      GatlingReport.write(into);
      out.println("Tokens tab: " + into.resolve("index.html").toUri() + "#tokens");
    } catch (MergeException noLog) {
      out.println("There is no report, only files: " + noLog.getMessage() + ".");
      out.println("Files: " + into.toUri());
    }
  }
}
