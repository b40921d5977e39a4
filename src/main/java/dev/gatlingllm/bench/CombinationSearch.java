package dev.gatlingllm.bench;

import dev.gatlingllm.bench.page.SearchPage;
import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.search.LimitSearch;
import dev.gatlingllm.bench.search.LimitSearch.MeasureFailedException;
import dev.gatlingllm.bench.search.SearchConsole;
import dev.gatlingllm.bench.search.SearchJson;
import dev.gatlingllm.bench.search.SearchResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A search for the limit of one parameter; a combination sets the others.
 *
 * @param json file for the result
 * @param page file for the page that shows it
 */
record CombinationSearch(
    Combination base, BenchOptions.Search search, PrintWriter out, Path json, Path page) {

  /** Measures a combination. */
  @FunctionalInterface
  interface Measured {
    /** Returns the scores of new forks only. */
    BenchmarkScores of(Combination combination) throws MeasureFailedException;
  }

  /** Searches, and returns whether the search is complete and its files could be written. */
  boolean run(Measured measured) {
    SearchConsole.plan(search.axis(), search.objectives()).forEach(out::println);
    out.println();
    SearchResult result =
        LimitSearch.run(
            search.axis(),
            search.objectives(),
            value -> measured.of(base.with(search.axis().name(), value)),
            point -> {
              out.println(SearchConsole.line(search.axis(), point));
              out.println();
            });
    out.println("# Search result: " + result.summary());
    try {
      Files.createDirectories(json.toAbsolutePath().getParent());
      SearchJson.write(result, json);
      SearchPage.write(page, result);
      out.println("# Search: " + page + " and " + json);
    } catch (IOException e) {
      out.println("# FAILED: " + json + " or " + page + " could not be written (" + e + ")");
      return false;
    }
    return result.isComplete();
  }
}
