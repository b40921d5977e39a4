package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.results.Result;

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
    return new ForkScores(
        DoubleStream.of(scores).mapToObj(score -> Map.of("ttft·p50", score)).toList(),
        folder.resolve(report).toString(),
        List.of());
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
  void linksReportsOfAllForksOnThePage() throws IOException {
    results.add(combinations.get(0), List.of(fork("a", 1, 2, 1, 2), fork("c", 1, 2, 1, 2)));
    results.add(combinations.get(1), List.of(fork("b", 5, 6, 5, 6)));

    results.writePage(folder.resolve("jmh.html"));

    assertThat(folder.resolve("jmh.html"))
        .content()
        .contains("\"a/index.html\"", "\"b/index.html\"", "\"c/index.html\"");
  }

  @Test
  void warnsOfDrift() {
    results.add(combinations.get(0), List.of(fork("a", 10, 20.1, 30, 40)));

    assertThat(results.warnings())
        .singleElement()
        .asString()
        .startsWith("ResultsTest$Benchmark (users=1), ttft·p50: it rises by");
  }
}
