package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.ForkNote;
import dev.gatlingllm.bench.result.ResultReader;
import dev.gatlingllm.bench.steady.Warnings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.format.ResultFormatType;

class ResultsTest {

  private static class Benchmark {
    @Param({"1", "8"})
    int users;
  }

  @TempDir Path folder;

  private final Results results = new Results();
  private final List<Combination> combinations =
      Combination.of(Benchmark.class, BenchOptions.parse("-f 1 -i 4"));

  private ForkScores fork(String report, double... scores) {
    MeasuredFork fork = new MeasuredFork();
    DoubleStream.of(scores).forEach(score -> fork.iteration(score, Map.of()));
    return fork.scores(folder.resolve(report).toString());
  }

  @Test
  void addsLaterForksToEarlierOnes() {
    results.add(combinations.get(0), List.of(fork("a", 1, 2, 1, 2)));
    results.add(combinations.get(1), List.of(fork("b", 5, 5, 5, 5)));
    Result<?> primary =
        results.add(combinations.get(0), List.of(fork("c", 3, 4, 3, 4))).getPrimaryResult();

    assertThat(results.size()).isEqualTo(2);
    assertThat(results.forks(combinations.get(0))).isEqualTo(2);
    assertThat(primary.getScore()).isEqualTo(2.5);
    assertThat(primary.getSampleCount()).isEqualTo(8);
  }

  @Test
  void writesNumbersWithAPointInAnyLocale() {
    Locale usual = Locale.getDefault(Locale.Category.FORMAT);
    results.add(combinations.get(0), List.of(fork("a", 1.25, 1.25, 1.25, 1.25)));
    try {
      Locale.setDefault(Locale.Category.FORMAT, Locale.GERMANY);

      assertThat(results.table()).contains(" 1.250 ");
      assertThat(results.format(ResultFormatType.CSV)).contains(",1.250000,");
      assertThat(Locale.getDefault(Locale.Category.FORMAT)).isEqualTo(Locale.GERMANY);
    } finally {
      Locale.setDefault(Locale.Category.FORMAT, usual);
    }
  }

  @Test
  void linksReportsOfAllForksOnThePage() throws IOException {
    results.add(combinations.get(0), List.of(fork("a", 1, 2, 1, 2), fork("c", 1, 2, 1, 2)));
    results.add(combinations.get(1), List.of(fork("b", 5, 6, 5, 6)));

    results.writePage(folder.resolve("jmh.html"));

    assertThat(folder.resolve("jmh.html"))
        .content()
        .contains("\"a/index.html\"", "\"b/index.html\"", "\"c/index.html\"");
  }

  @Test
  void poolsThePercentilesOfAForkIfIterationsHaveFewSamples() throws IOException {
    Map<String, Double> others = Map.of("failures", 0.0);
    MeasuredFork fork =
        new MeasuredFork()
            .iteration(MeasuredFork.ttft(10, 19), others)
            .iteration(MeasuredFork.ttft(30, 40), others);
    results.add(combinations.get(0), List.of(fork.scores(), fork.scores()));

    assertThat(results.table().lines())
        .last()
        .asString()
        .matches(".*Benchmark +1 +avgt +2 +30\\.000 +ms by fork");
    assertThat(results.pooling().orElseThrow()).contains("ttft·p50 20").contains("ttft·p99 1000");
    assertThat(results.warnings())
        .as("one line for all scores with too few samples")
        .containsOnlyOnce(
            "ResultsTest$Benchmark (users=1), ttft·p95, ttft·p99: too few samples; measure for"
                + " longer (-i, -r).")
        .noneMatch(line -> line.contains("ttft·p50"));

    Path file = folder.resolve("jmh.json");
    Files.writeString(file, results.format(ResultFormatType.JSON));
    JsonNode primary = new ObjectMapper().readTree(file.toFile()).at("/0/primaryMetric");
    assertThat(primary.get("rawData").toString()).isEqualTo("[[30.0,\"NaN\"],[30.0,\"NaN\"]]");
    assertThat(primary.get("scoreUnit").asText()).isEqualTo("ms");
    BenchmarkScores read = ResultReader.read(file).get(0);
    assertThat(read.primary().forks()).isEqualTo(List.of(List.of(30.0), List.of(30.0)));
    assertThat(read.metric("ttft·p95").orElseThrow().forks())
        .isEqualTo(List.of(List.of(Double.NaN), List.of(Double.NaN)));
  }

  /** The slowest fork has the fewest samples: the mean of the others would be too good. */
  @Test
  void scoresNoPercentileOfWhichAForkHasTooFewSamples() throws IOException {
    Map<String, Double> others = Map.of("failures", 0.0);
    MeasuredFork fast = new MeasuredFork().iteration(MeasuredFork.ttft(10, 15), others);
    MeasuredFork slow = new MeasuredFork().iteration(MeasuredFork.ttft(90, 9), others);
    results.add(combinations.get(0), List.of(fast.scores(), fast.scores(), slow.scores()));

    assertThat(results.table().lines()).last().asString().containsPattern(" NaN +ms by fork");
    Path file = folder.resolve("jmh.json");
    Files.writeString(file, results.format(ResultFormatType.JSON));
    JsonNode primary = new ObjectMapper().readTree(file.toFile()).at("/0/primaryMetric");
    assertThat(primary.get("score").asText()).isEqualTo("NaN");
    assertThat(primary.get("rawData").toString()).isEqualTo("[[10.0],[10.0],[\"NaN\"]]");
    results.writePage(folder.resolve("jmh.html"));
    assertThat(folder.resolve("jmh.html"))
        .content()
        .contains("\"name\":\"ttft·p50\",\"unit\":\"ms by fork\",\"mean\":null");
  }

  /** Where no request was good, the cost of a good one is infinite: others' mean is too low. */
  @Test
  void scoresNoCostIfAnIterationHasNone() throws IOException {
    String cost = "costPerThousandGoodRequests";
    Combination combination =
        Combination.of(Benchmark.class, BenchOptions.parse("-f 1 -i 4 -metric ttft-p50," + cost))
            .get(0);
    MeasuredFork fork = new MeasuredFork();
    for (double value : new double[] {2, Double.NaN, 3, 4}) {
      fork.iteration(10, Map.of(cost, value));
    }
    MeasuredFork complete = new MeasuredFork();
    for (double value : new double[] {2, 2, 3, 5}) {
      complete.iteration(10, Map.of(cost, value));
    }
    results.add(combination, List.of(complete.scores()));
    assertThat(results.table()).containsPattern(cost + " .* 3\\.000 .*\\$");

    results.add(combination, List.of(fork.scores()));

    assertThat(results.table()).containsPattern(cost + " .* NaN .*\\$");
    assertThat(results.warnings())
        .contains(
            "ResultsTest$Benchmark (users=1), "
                + cost
                + ": iterations or forks without a value: 1; make them longer (-r), if no fork"
                + " failed.");
    Path file = folder.resolve("jmh.json");
    Files.writeString(file, results.format(ResultFormatType.JSON));
    JsonNode json = new ObjectMapper().readTree(file.toFile()).at("/0/secondaryMetrics/" + cost);
    assertThat(json.get("score").asText()).isEqualTo("NaN");
    assertThat(json.get("rawData").toString())
        .isEqualTo("[[2.0,2.0,3.0,5.0],[2.0,\"NaN\",3.0,4.0]]");
  }

  /** A server that hangs gives no samples, and those that it gave before may be good. */
  @Test
  void keepsHowManyIterationsOfAPooledPercentileHadNoSample() throws IOException {
    Map<String, Double> others = Map.of("failures", 0.0);
    MeasuredFork hung =
        new MeasuredFork()
            .iteration(MeasuredFork.ttft(10, 19), others)
            .iteration(MeasuredFork.none(), others)
            .iteration(MeasuredFork.none(), others);
    MeasuredFork whole =
        new MeasuredFork()
            .iteration(MeasuredFork.ttft(10, 19), others)
            .iteration(MeasuredFork.ttft(10, 19), others)
            .iteration(MeasuredFork.ttft(10, 19), others);
    results.add(combinations.get(0), List.of(hung.scores(), whole.scores()));

    Path file = folder.resolve("jmh.json");
    Files.writeString(file, results.format(ResultFormatType.JSON));
    BenchmarkScores read = ResultReader.read(file).get(0);
    assertThat(read.primary().missing()).isEqualTo(2);
    assertThat(read.primary().mean()).isEqualTo(10);
    assertThat(read.metric("ttft·p95").orElseThrow().missing())
        .as("and of two forks with too few samples")
        .isEqualTo(4);
    assertThat(results.table()).containsPattern("avgt +2 +10\\.000 +ms by fork");
  }

  /** Of two results, the one with a warm cache would look better. */
  @Test
  void keepsThatAForkFoundAWarmCacheOrOtherLoad() throws IOException {
    MeasuredFork warm =
        new MeasuredFork()
            .note(ForkNote.Kind.WARM_CACHE, "99 of 100 tokens \"cached\".")
            .note(ForkNote.Kind.OTHER_LOAD, "50 % for another client.");
    DoubleStream.of(10, 11, 10, 11).forEach(score -> warm.iteration(score, Map.of()));
    results.add(combinations.get(0), List.of(fork("a", 20, 21, 20, 21), warm.scores()));
    String warning =
        "ResultsTest$Benchmark (users=1), cacheHitPercent: 1 of 2 forks did not begin with a fresh"
            + " cache. 99 of 100 tokens \"cached\".";

    String other =
        "ResultsTest$Benchmark (users=1), outputTokensPerSecond: 1 of 2 forks had other load on the"
            + " server. 50 % for another client.";

    assertThat(results.warnings()).contains(warning, other);
    Path file = folder.resolve("jmh.json");
    Files.writeString(file, results.format(ResultFormatType.JSON));
    assertThat(Warnings.lines(ResultReader.read(file), 0.999)).contains(warning, other);

    String later = Files.readString(file).replace("other-load", "of-a-later-version");
    Files.writeString(file, later);
    assertThat(Warnings.lines(ResultReader.read(file), 0.999)).contains(warning);

    String earlier = later.replaceAll("\"notes\" : .*", "\"notes\" : [\"99 of 100 tokens.\"],");
    Files.writeString(file, earlier);
    assertThat(Warnings.lines(ResultReader.read(file), 0.999))
        .contains(warning.replace(" \"cached\"", ""));
  }

  @Test
  void keepsTheSettingsOfTheLoad() throws IOException {
    MeasuredFork fork = new MeasuredFork().settings(Map.of("questionTokens", "\"64\""));
    DoubleStream.of(10, 11).forEach(score -> fork.iteration(score, Map.of()));
    results.add(combinations.get(0), List.of(fork.scores()));

    Path file = folder.resolve("jmh.json");
    Files.writeString(file, results.format(ResultFormatType.JSON));
    assertThat(ResultReader.read(file).get(0).settings())
        .containsExactly(Map.entry("questionTokens", "\"64\""));
  }

  @Test
  void doesNotPoolIfIterationsHaveSamplesEnough() {
    results.add(combinations.get(0), List.of(fork("a", 1, 2, 1, 2)));

    assertThat(results.table()).doesNotContain("by fork");
    assertThat(results.pooling()).isEmpty();
  }

  @Test
  void warnsOfDrift() {
    results.add(combinations.get(0), List.of(fork("a", 10, 20.1, 30, 40)));

    assertThat(results.warnings().get(0))
        .startsWith("ResultsTest$Benchmark (users=1), ttft·p50: it rises by");
  }
}
