package dev.gatlingllm.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.RunSummary.FailureCount;
import dev.gatlingllm.metrics.ScopeSummary;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What each page of one report is drawn from, as JSON that can stand inside of the page. */
public final class PageData {

  private static final JsonFactory JSON =
      new JsonFactory().setCharacterEscapes(new InlineJsonEscapes());

  private static final int LONGEST_WORDS = 300;
  private static final int MAX_KINDS_WITH_EXAMPLES = 20;

  private final RunInfo info;
  private final RunSummary run;

  public PageData(RunReport report) {
    info = report.info();
    run = report.summary().get();
  }

  /** The index page: all replies. */
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
   * One request's page, or nothing where none of its replies was measured.
   *
   * @param pages on how many pages these figures stand
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
    try (JsonGenerator json = JSON.createGenerator(text)) {
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
                          ? failure.examples().stream().map(PageData::shortened).toList()
                          : List.of()));
            });
    return shortened;
  }

  private static String shortened(String words) {
    return words.length() <= LONGEST_WORDS ? words : words.substring(0, LONGEST_WORDS) + "…";
  }
}
