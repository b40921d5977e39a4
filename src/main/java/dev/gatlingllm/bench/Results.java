package dev.gatlingllm.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.BenchmarkScores.Key;
import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.bench.steady.Warnings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;

/** The scores so far, by combination, and their tables, as JMH formats them. Not thread-safe. */
final class Results {

  /** The level of JMH's errors. */
  private static final double CONFIDENCE = 0.999;

  private static final Pattern PRIMARY = Pattern.compile("\"primaryMetric\" : \\{");

  private final Map<Combination, List<ForkScores>> forks = new LinkedHashMap<>();

  /** Adds forks of a combination and returns the result of all its forks. */
  RunResult add(Combination combination, List<ForkScores> more) {
    forks.computeIfAbsent(combination, none -> new ArrayList<>()).addAll(more);
    return JmhResults.of(combination, scores(combination).metrics());
  }

  /** Returns how many forks of a combination have a score. */
  int forks(Combination combination) {
    return forks.getOrDefault(combination, List.of()).size();
  }

  /** Returns how many combinations have a result. */
  int size() {
    return forks.size();
  }

  boolean isEmpty() {
    return forks.isEmpty();
  }

  private List<RunResult> all() {
    return all(scores -> scores);
  }

  /** Returns JMH's results, each with some of its metrics. */
  private List<RunResult> all(UnaryOperator<List<MetricScores>> some) {
    return sorted()
        .map(combination -> JmhResults.of(combination, some.apply(scores(combination).metrics())))
        .toList();
  }

  /** Returns the combinations in JMH's order. */
  private Stream<Combination> sorted() {
    return forks.keySet().stream().sorted(Comparator.comparing(JmhResults::parameters));
  }

  private BenchmarkScores scores(Combination combination) {
    return combination.scores(forks.getOrDefault(combination, List.of()));
  }

  private List<BenchmarkScores> allScores() {
    return sorted().map(this::scores).toList();
  }

  /**
   * Returns JMH's table of all metrics, followed by one of the scores only. The unit of a
   * percentile says whether it has one value for each fork.
   */
  String table() {
    return format(
            ResultFormatType.TEXT,
            all(metrics -> metrics.stream().map(MetricScores::marked).toList()))
        + System.lineSeparator()
        + format(ResultFormatType.TEXT, all(metrics -> List.of(metrics.get(0).marked())));
  }

  /** Returns a line about the percentiles that have one value for each fork; empty for none. */
  Optional<String> pooling() {
    List<String> pooled =
        allScores().stream()
            .flatMap(scores -> scores.metrics().stream())
            .filter(MetricScores::isPooled)
            .map(metric -> metric.name() + " " + metric.samples().get().neededByIteration())
            .distinct()
            .toList();
    return pooled.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "by fork: one value for each fork, the percentile of all its samples. Iterations have"
                + " fewer samples than values of their own need: "
                + String.join(", ", pooled));
  }

  /**
   * Returns the text of a result file. JMH's JSON leaves out which figure the primary metric is;
   * here it is named, so that a comparison knows which values are better, and whether each fork has
   * one value: JMH's layout has a place for one in every iteration.
   */
  String format(ResultFormatType format) {
    String text = format(format, all());
    if (format != ResultFormatType.JSON) {
      return text;
    }
    Iterator<BenchmarkScores> all = allScores().iterator();
    ObjectMapper json = new ObjectMapper();
    return PRIMARY
        .matcher(text)
        .replaceAll(
            start -> {
              BenchmarkScores scores = all.next();
              MetricScores primary = scores.primary();
              Map<String, Object> more = new LinkedHashMap<>();
              more.put(MetricScores.FIGURE, primary.name());
              more.put(MetricScores.POOLED, primary.isPooled());
              if (primary.isPooled()) {
                more.put(
                    MetricScores.EMPTY,
                    primary.forks().stream().map(fork -> fork.size() - 1).toList());
              }
              more.put(MetricScores.NOTES, scores.notes());
              more.put(MetricScores.SETTINGS, scores.settings());
              StringBuilder fields = new StringBuilder(start.group());
              more.forEach(
                  (name, value) ->
                      fields.append(
                          "\n            \"%s\" : %s,".formatted(name, json.valueToTree(value))));
              return Matcher.quoteReplacement(fields.toString());
            });
  }

  private static String format(ResultFormatType format, List<RunResult> results) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
    Locale usual = Locale.getDefault(Locale.Category.FORMAT);
    try {
      // JMH formats by the default: 1,234 must not be 1.234 where other tables mean thousands
      Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
      ResultFormatFactory.getInstance(format, out).writeOut(results);
    } finally {
      Locale.setDefault(Locale.Category.FORMAT, usual);
    }
    out.flush();
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** Returns a line for each warning about a score. */
  List<String> warnings() {
    return Warnings.lines(allScores(), CONFIDENCE);
  }

  /**
   * Writes the page with all results.
   *
   * @throws IOException if the page cannot be written
   */
  void writePage(Path page) throws IOException {
    Map<Key, List<Path>> reports = new HashMap<>();
    forks.forEach(
        (combination, measured) ->
            reports.put(
                scores(combination).key(),
                measured.stream()
                    .map(ForkScores::report)
                    .filter(Objects::nonNull)
                    .map(folder -> Path.of(folder).resolve("index.html"))
                    .toList()));
    MatrixPage.write(page, allScores(), reports, CONFIDENCE);
  }
}
