package dev.gatlingllm.bench;

import dev.gatlingllm.bench.result.MetricScores;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;

/** Formats results as JMH does. */
final class Tables {

  private static final Pattern PRIMARY = Pattern.compile("\"primaryMetric\" : \\{");

  private Tables() {}

  /** Returns JMH's table of all metrics, followed by one of the scores only. */
  static String of(Collection<RunResult> results) {
    return in(ResultFormatType.TEXT, results)
        + System.lineSeparator()
        + in(ResultFormatType.TEXT, results.stream().map(Tables::scoresAlone).toList());
  }

  /**
   * Returns the text of a result file. JMH's JSON leaves out which figure the primary metric is;
   * here it is named, so that a comparison knows which values are better.
   */
  static String in(ResultFormatType format, Collection<RunResult> results) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
    ResultFormatFactory.getInstance(format, out).writeOut(sorted(results));
    out.flush();
    String text = bytes.toString(StandardCharsets.UTF_8);
    return format == ResultFormatType.JSON ? withFigures(text, sorted(results)) : text;
  }

  private static String withFigures(String json, List<RunResult> results) {
    Iterator<RunResult> result = results.iterator();
    return PRIMARY
        .matcher(json)
        .replaceAll(
            start ->
                Matcher.quoteReplacement(
                    "%s\n            \"%s\" : \"%s\","
                        .formatted(
                            start.group(),
                            MetricScores.FIGURE,
                            result.next().getPrimaryResult().getLabel())));
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
