package dev.gatlingllm.report.runs;

import dev.gatlingllm.report.ConsoleSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Merges the runs of several load generators that worked side by side into one run. Also recovers
 * the figures of a single run that was killed.
 */
@Command(
    name = "merge",
    sortOptions = false,
    header = "Merges the runs of load generators that worked side by side into one run.")
public final class MergeCommand implements Callable<Integer> {

  private static final int OK = 0;
  private static final int FAILED = 1;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "RUN-FOLDER",
      description =
          "folder of a run, with its tokens-state.json.gz; of a run that was killed, the merge uses"
              + " its requests.jsonl")
  private List<Path> runs;

  @Option(
      names = "--into",
      required = true,
      paramLabel = "FOLDER",
      description = "folder for the merged run; must not exist yet")
  private Path into;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Path folder = into.toAbsolutePath().normalize();
    try {
      List<Source> sources = new ArrayList<>();
      for (Path run : runs) {
        sources.add(Source.in(run));
      }
      Merge merge = Merge.of(sources);
      out.print(ConsoleSummary.of(merge.writeTo(folder)));
      merge
          .damagedLogs()
          .forEach(log -> out.println(log + " is damaged: what follows the damage is left out"));
      out.println("Report: " + folder.resolve("index.html").toUri());
      if (isBesideARun(folder)) {
        RunsIndex.update(folder);
      }
      return OK;
    } catch (MergeException problem) {
      spec.commandLine().getErr().println(problem.getMessage());
      return FAILED;
    }
  }

  private boolean isBesideARun(Path folder) {
    return runs.stream()
        .map(run -> run.toAbsolutePath().normalize())
        .anyMatch(run -> Objects.equals(run.getParent(), folder.getParent()));
  }
}
