package dev.gatlingllm.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.bench.search.LimitSearch;
import dev.gatlingllm.bench.search.Point;
import dev.gatlingllm.bench.search.SearchAxis;
import dev.gatlingllm.bench.search.SearchJson;
import dev.gatlingllm.bench.search.SearchResult;
import dev.gatlingllm.report.AtomicFile;
import dev.gatlingllm.report.HtmlPage;
import dev.gatlingllm.text.Numbers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * A search for the limit of one parameter, with its console lines, in the form of JMH's, and its
 * files.
 *
 * @param json file for the result
 * @param page file for the page that shows it
 */
record CombinationSearch(BenchOptions.Search search, PrintWriter out, Path json, Path page) {

  /** Searches, and returns whether the search is complete and its files could be written. */
  boolean run(LimitSearch.Load load) {
    SearchAxis axis = search.axis();
    out.printf(
        "# Search: the largest %s from %s to %s that meets %s%n",
        axis.name(), axis.written(axis.start()), axis.written(axis.end()), search.objectives());
    out.printf(
        "# Doubling, then bisecting down to %s; at most %d points; intervals of %s; undecided"
            + " points are measured up to %d times%n%n",
        Numbers.percentOf(SearchAxis.STEP),
        LimitSearch.maxPoints(axis),
        Numbers.percentOf(LimitSearch.CONFIDENCE),
        LimitSearch.MAX_ROUNDS);
    SearchResult result = LimitSearch.run(axis, search.objectives(), load, this::print);
    out.println("# Search result: " + result.summary());
    try {
      Files.createDirectories(json.toAbsolutePath().getParent());
      ObjectNode data = SearchJson.of(result);
      AtomicFile.write(json.toAbsolutePath(), data.toPrettyString() + "\n");
      HtmlPage.SEARCH.write(page, data);
      out.println("# Search: " + page + " and " + json);
    } catch (IOException e) {
      out.println("# FAILED: " + json + " or " + page + " could not be written (" + e + ")");
      return false;
    }
    return result.isComplete();
  }

  private void print(Point point) {
    out.printf(
        "# Search %s=%s: %s after %d iterations: %s%n%n",
        search.axis().name(),
        search.axis().written(point.value()),
        point.verdict(),
        point.iterations(),
        point.checks().stream().map(Point.Check::toString).collect(Collectors.joining(", ")));
  }
}
