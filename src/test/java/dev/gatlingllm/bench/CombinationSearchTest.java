package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.search.LimitSearch;
import dev.gatlingllm.bench.search.LimitSearch.MeasureFailedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.annotations.Param;

class CombinationSearchTest {

  private static class Benchmark {
    @Param("8")
    int users;
  }

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<String> asked = new ArrayList<>();

  private final BenchOptions options =
      BenchOptions.parse(
          List.of("-search", "users=1..16", "-objective", "ttft p50 < 100ms", "-i", "4"));

  private boolean search(Path json, LimitSearch.Load load) {
    return new CombinationSearch(
            options.search().orElseThrow(),
            new PrintWriter(out, true, StandardCharsets.UTF_8),
            json,
            folder.resolve("jmh-search.html"))
        .run(load);
  }

  /** Ten milliseconds for each user. */
  private BenchmarkScores law(String users) {
    asked.add(users);
    double ttft = 10 * Double.parseDouble(users);
    Map<String, Double> counts = Map.of("requests", 1000.0, "failures", 0.0);
    MeasuredFork fork = new MeasuredFork();
    IntStream.range(0, 4).forEach(i -> fork.iteration(ttft, counts));
    return Combination.of(Benchmark.class, options)
        .get(0)
        .with("users", users)
        .scores(List.of(fork.scores()));
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void printsAndWritesTheLimit() {
    Path json = folder.resolve("deep/jmh-search.json");

    assertThat(search(json, this::law)).isTrue();

    assertThat(asked).containsExactly("1", "2", "4", "8", "16", "11", "9", "10");
    assertThat(printed())
        .startsWith(
            """
            # Search: the largest users from 1 to 16 that meets ttft·p50 < 100 ms & failures <= 1 %
            # Doubling, then bisecting down to 5 %; at most 9 points; intervals of 99 %; undecided \
            points are measured up to 3 times
            """)
        .contains(
            "# Search users=10: not sustained after 4 iterations: ttft·p50 100 ms (100 to 100),"
                + " failures 0 %")
        .contains("# Search result: 9 users met every objective", "10 users did not: ");
    assertThat(json).content().contains("\"limit\" : 9.0");
    assertThat(folder.resolve("jmh-search.html")).content().contains("9 users met every objective");
  }

  @Test
  void writesPartialResultIfALoadCannotBeMeasured() {
    Path json = folder.resolve("jmh-search.json");

    boolean complete =
        search(
            json,
            users -> {
              if (users.equals("4")) {
                throw new MeasureFailedException("no fork has a score");
              }
              return law(users);
            });

    assertThat(complete).isFalse();
    assertThat(printed())
        .contains(
            "2 users met every objective. The search stopped early: users=4 could not be measured");
    assertThat(json).content().contains("\"complete\" : false");
  }

  @Test
  void failsIfItsFilesCannotBeWritten() throws IOException {
    Path taken = Files.createDirectory(folder.resolve("jmh-search.json"));

    assertThat(search(taken, this::law)).isFalse();

    assertThat(printed()).contains("# Search result: 9 users met every objective", "# FAILED: ");
  }
}
