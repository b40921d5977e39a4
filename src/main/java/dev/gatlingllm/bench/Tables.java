package dev.gatlingllm.bench;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;

/** Results as JMH writes them. */
final class Tables {

  private Tables() {}

  /** JMH's table of all that was measured, and under it one of the scores alone. */
  static String of(Collection<RunResult> results) {
    return in(ResultFormatType.TEXT, results)
        + System.lineSeparator()
        + in(ResultFormatType.TEXT, results.stream().map(Tables::scoresAlone).toList());
  }

  /** The text of a result file. */
  static String in(ResultFormatType format, Collection<RunResult> results) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
    ResultFormatFactory.getInstance(format, out).writeOut(sorted(results));
    out.flush();
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static List<RunResult> sorted(Collection<RunResult> results) {
    return results.stream().sorted(RunResult.DEFAULT_SORT_COMPARATOR).toList();
  }

  private static RunResult scoresAlone(RunResult result) {
    List<BenchmarkResult> forks = new ArrayList<>();
    for (BenchmarkResult fork : result.getBenchmarkResults()) {
      List<IterationResult> iterations = new ArrayList<>();
      for (IterationResult iteration : fork.getIterationResults()) {
        IterationResult alone =
            new IterationResult(result.getParams(), iteration.getParams(), iteration.getMetadata());
        alone.addResults(iteration.getRawPrimaryResults());
        iterations.add(alone);
      }
      forks.add(new BenchmarkResult(result.getParams(), iterations));
    }
    return new RunResult(result.getParams(), forks);
  }
}
