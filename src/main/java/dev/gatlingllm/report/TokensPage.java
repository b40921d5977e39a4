package dev.gatlingllm.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.RunSummary.FailureCount;
import dev.gatlingllm.metrics.ScopeSummary;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The data of the Tokens tab of each page of a report, as JSON that can stand inside the page. */
public final class TokensPage {

  private static final int LONGEST_WORDS = 300;
  private static final int MAX_KINDS_WITH_EXAMPLES = 20;

  private final RunInfo info;
  private final RunSummary run;

  /** Takes the report's figures as they are now. */
  public TokensPage(RunReport report) {
    info = report.info();
    run = report.summary().get();
  }

  /**
   * Writes a page of its own with the content of the index page's tab, replacing an earlier one.
   *
   * @throws IOException if the file cannot be written
   */
  public static void write(RunReport report, Path file) throws IOException {
    HtmlPage.TOKENS.writeJson(file, new TokensPage(report).index());
  }

  /** Returns the data of the index page: all responses. */
  public String index() {
    return write(
        json -> {
          json.writeNullField("request");
          scope(json, run.overall());
          SnapshotJson snapshot = new SnapshotJson(json);
          snapshot.briefScopes("byRequest", run.byRequest());
          snapshot.briefScopes("byScenario", run.byScenario());
          snapshot.briefScopes("byGroup", run.byGroup());
          snapshot.failures(shortened(run.failures()));
          snapshot.coldWarm(run.coldWarm());
          snapshot.client(run.client());
          snapshot.notes(Findings.of(info, run));
        });
  }

  /**
   * Returns the data of a request's page; empty if none of its responses was measured.
   *
   * @param pages number of pages that show this request
   */
  public Optional<String> request(String name, int pages) {
    return Optional.ofNullable(run.byRequest().get(name))
        .map(
            scope ->
                write(
                    json -> {
                      json.writeStringField("request", name);
                      json.writeNumberField("pages", pages);
                      scope(json, scope);
                    }));
  }

  private interface Content {
    void writeTo(JsonGenerator json) throws IOException;
  }

  private String write(Content content) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = Json.PAGES.createGenerator(text)) {
      json.writeStartObject();
      json.writeObjectFieldStart("run");
      new SnapshotJson(json).runFields(info, run.durationSeconds());
      json.writeEndObject();
      content.writeTo(json);
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  private static void scope(JsonGenerator json, ScopeSummary scope) throws IOException {
    SnapshotJson snapshot = new SnapshotJson(json);
    snapshot.totals(scope.totals());
    snapshot.metrics(scope.metrics());
    snapshot.figures();
    snapshot.scopes("byTurn", scope.byTurn());
    new ChartsJson(json).write(scope);
  }

  /**
   * A server's words are for reading here, the most frequent failures'; all of them are in {@code
   * tokens.json}.
   */
  private static Map<String, FailureCount> shortened(Map<String, FailureCount> failures) {
    Map<String, FailureCount> shortened = new LinkedHashMap<>();
    failures.entrySet().stream()
        .sorted(Comparator.comparingLong(kind -> -kind.getValue().count()))
        .forEach(
            kind -> {
              boolean withWords = shortened.size() < MAX_KINDS_WITH_EXAMPLES;
              FailureCount failure = kind.getValue();
              shortened.put(
                  kind.getKey(),
                  new FailureCount(
                      failure.count(),
                      withWords
                          ? failure.examples().stream().map(TokensPage::shortened).toList()
                          : List.of()));
            });
    return shortened;
  }

  private static String shortened(String words) {
    return words.length() <= LONGEST_WORDS ? words : words.substring(0, LONGEST_WORDS) + "…";
  }
}
