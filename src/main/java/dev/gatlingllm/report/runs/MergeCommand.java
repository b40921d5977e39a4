package dev.gatlingllm.report.runs;

import dev.gatlingllm.report.ConsoleSummary;
import dev.gatlingllm.report.assertion.TestCase;
import dev.gatlingllm.text.Durations;
import dev.gatlingllm.text.Plurals;
import dev.gatlingllm.text.Require;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Stack;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
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
    header = "Merges the runs of load generators that worked side by side into one run.",
    description = {
      "Assertions on token figures are judged again, on the merged run.",
      "Exits with 0 if the runs were merged, 1 if they were not, and 2 if an assertion of the"
          + " merged run, or one of Gatling's own of any of the runs, does not hold."
    })
public final class MergeCommand implements Callable<Integer> {

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int ASSERTION_FAILED = 2;
  private static final String LONGEST_WAIT = "30m";

  /** {@code llm.shard} has at most as many. */
  private static final int MOST_SHARDS = 999_999;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "RUNS",
      description =
          "folder of a run, folder with runs in it, or pattern of folders such as 'runs/*'; of a"
              + " run that was killed, the merge uses its requests.jsonl")
  private List<String> runs;

  @Option(
      names = "--into",
      required = true,
      paramLabel = "FOLDER",
      description = "folder for the merged run; must be empty or not exist")
  private Path into;

  @Option(
      names = "--expect",
      paramLabel = "NUMBER",
      description =
          "number of shards of the load; merges only if each of them is there once, complete, and"
              + " with the same settings")
  private @Nullable Integer expect;

  @Option(
      names = "--wait",
      arity = "0..1",
      fallbackValue = LONGEST_WAIT,
      preprocessor = OptionalTime.class,
      paramLabel = "TIME",
      description =
          "wait until the shards of --expect are complete, so long at most (default:"
              + " ${FALLBACK-VALUE})")
  private @Nullable Duration wait;

  /** Takes the word after the option as its value only if it is a time: it may be a run. */
  private static final class OptionalTime implements IParameterPreprocessor {

    @Override
    public boolean preprocess(
        Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      boolean isAttached = "=".equals(info.get("separator"));
      if (words.isEmpty() || (!isAttached && !isTime(words.peek()))) {
        words.push(LONGEST_WAIT);
      }
      return false;
    }

    private static boolean isTime(String word) {
      try {
        Durations.parse(word);
        return true;
      } catch (IllegalArgumentException another) {
        return false;
      }
    }
  }

  private static final class RealTimer implements ShardWait.Timer {

    @Override
    public long nanos() {
      return System.nanoTime();
    }

    @Override
    public void pause(Duration time) throws InterruptedException {
      Thread.sleep(time.toMillis());
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Path folder = into.toAbsolutePath().normalize();
    try {
      // a wait of half an hour should not end with this
      Merge.requireEmpty(folder);
      List<Source> sources = new ArrayList<>();
      for (Path run : folders(out)) {
        sources.add(Source.in(run));
      }
      Merge merge = Merge.of(sources);
      out.print(ConsoleSummary.of(merge.writeTo(folder)));
      merge
          .damagedLogs()
          .forEach(log -> out.println(log + " is damaged: what follows the damage is left out"));
      out.println("Report: " + folder.resolve("index.html").toUri());
      if (isBesideARun(sources, folder)) {
        RunsIndex.update(folder);
      }
      return judge(merge.assertions(), out) ? OK : ASSERTION_FAILED;
    } catch (MergeException problem) {
      spec.commandLine().getErr().println(problem.getMessage());
      return FAILED;
    }
  }

  private List<Path> folders(PrintWriter out)
      throws IOException, MergeException, InterruptedException {
    if (expect == null) {
      Require.that(wait == null, "--wait", "no --expect", "used together with --expect");
      List<Path> folders = RunFolders.find(runs);
      if (folders.isEmpty()) {
        throw new MergeException("No folder matches " + String.join(", ", runs));
      }
      return folders;
    }
    Require.that(
        expect >= 1 && expect <= MOST_SHARDS, "--expect", expect, "from 1 to " + MOST_SHARDS);
    return new ShardWait(runs, new ShardCheck(expect), out, new RealTimer())
        .await(Objects.requireNonNullElse(wait, Duration.ZERO));
  }

  /** Prints how many assertions hold; returns whether all do. */
  private static boolean judge(List<TestCase> assertions, PrintWriter out) {
    long failed = assertions.stream().filter(TestCase::hasFailed).count();
    if (!assertions.isEmpty()) {
      out.println(
          failed == 0
              ? Plurals.format("%,d assertion{s} hold{s|}", assertions.size())
              : Plurals.format("%,d of %,d assertion{s} failed", failed, assertions.size()));
    }
    return failed == 0;
  }

  private static boolean isBesideARun(List<Source> sources, Path folder) {
    return sources.stream()
        .map(source -> source.folder().toAbsolutePath().normalize())
        .anyMatch(run -> Objects.equals(run.getParent(), folder.getParent()));
  }
}
