package dev.gatlingllm.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.metrics.Breakdown;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.RunSummary.FailureCount;
import dev.gatlingllm.metrics.ScopeSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The data of the Tokens tab of each page of a report, as JSON that can stand inside the page. */
public final class TokensPage {

  private static final int LONGEST_WORDS = 300;
  private static final int MAX_KINDS_WITH_EXAMPLES = 20;

  private static final List<Map<String, String>> BREAKDOWNS =
      Breakdown.ofResponses().stream()
          .map(
              by ->
                  Map.of(
                      "key", by.key(),
                      "label", by.label(),
                      "title", "By " + by.words(),
                      "scopes", by.fileKey()))
          .toList();

  private final RunInfo info;
  private final RunSummary run;

  /** The figures of the run before, or null for a first run. */
  private final @Nullable JsonNode previous;

  /** Takes the report's figures as they are now. */
  public TokensPage(RunReport report) {
    this(report, null);
  }

  /**
   * Takes the report's figures as they are now.
   *
   * @param previous what the list of runs has of an earlier run to compare with, or null
   */
  public TokensPage(RunReport report, @Nullable JsonNode previous) {
    info = report.info();
    run = report.summary();
    this.previous = previous;
  }

  /**
   * Writes a page of its own with the content of the index page's tab, replacing an earlier one.
   *
   * @throws IOException if the file cannot be written
   */
  public static void write(RunReport report, Path file) throws IOException {
    HtmlPage.TOKENS.writeJson(file, new TokensPage(report).index());
  }

  /** Returns the names of the requests that have responses. */
  public Set<String> requests() {
    return run.byRequest().keySet();
  }

  /** Returns the data of the index page: all responses. */
  public String index() {
    Map<String, Object> data = data(null, run.overall());
    data.put("verdict", Verdict.of(new RunReport(info, run)));
    data.put("byRequest", RunJson.briefScopes(run.byRequest()));
    data.put("breakdowns", BREAKDOWNS);
    Map<Breakdown, Set<String>> several = new EnumMap<>(Breakdown.class);
    for (Breakdown by : Breakdown.ofResponses()) {
      if (by != Breakdown.SCENARIO && run.by(by).size() > 1) {
        several.put(by, run.by(by).keySet());
      }
      data.put(by.fileKey(), RunJson.briefScopes(run.by(by)));
    }
    data.put("byGroup", RunJson.briefScopes(run.byGroup()));
    data.put("failures", shortened(run.failures()));
    data.put("conversations", RunJson.conversations(run));
    data.put("coldWarm", run.coldWarm());
    data.put("client", run.client());
    data.put("arrivals", RunJson.arrivals(run.arrivals()));
    data.put("samples", ChartData.samples(run.samples(), several));
    data.put("drawn", DrawnColumns.of(run.samples().drawn()));
    data.put("notes", Findings.of(info, run));
    data.put("server", ServerJson.page(run));
    data.put(
        "outsideWindow",
        Map.of("warmUp", run.inWarmUp().requests(), "drain", run.inDrain().requests()));
    data.put("previous", previous);
    return Json.inPage(Json.FIGURES, data);
  }

  /**
   * Returns the data of a request's page; empty if none of its responses was measured.
   *
   * @param pages number of pages that show this request
   */
  public Optional<String> request(String name, int pages) {
    return Optional.ofNullable(run.byRequest().get(name))
        .map(
            scope -> {
              Map<String, Object> data = data(name, scope);
              data.put("pages", pages);
              return Json.inPage(Json.FIGURES, data);
            });
  }

  private Map<String, Object> data(@Nullable String request, ScopeSummary scope) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("run", RunJson.run(info, run.durationSeconds()));
    data.put("request", request);
    data.put("totals", RunJson.totals(scope.totals()));
    data.put("metrics", RunJson.metrics(scope.metrics()));
    data.put("intervals", RunJson.intervals(scope));
    data.put("byTurn", RunJson.turns(scope.byTurn()));
    data.putAll(RunJson.figures());
    data.putAll(ChartData.of(scope));
    return data;
  }

  /** Shortens examples, and keeps those of the most frequent kinds; tokens.json has all of them. */
  private static Map<String, FailureCount> shortened(Map<String, FailureCount> failures) {
    Map<String, FailureCount> shortened = new LinkedHashMap<>();
    failures.entrySet().stream()
        .sorted(Comparator.comparingLong(kind -> -kind.getValue().count()))
        .forEach(
            kind -> {
              FailureCount failure = kind.getValue();
              long kept = shortened.size() < MAX_KINDS_WITH_EXAMPLES ? Long.MAX_VALUE : 0;
              List<String> examples =
                  failure.examples().stream().limit(kept).map(TokensPage::shortened).toList();
              shortened.put(kind.getKey(), new FailureCount(failure.count(), examples));
            });
    return shortened;
  }

  private static String shortened(String words) {
    return words.length() <= LONGEST_WORDS ? words : words.substring(0, LONGEST_WORDS) + "…";
  }
}
