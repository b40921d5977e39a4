package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.Deployment;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.ResponseBuilder;
import dev.gatlingllm.metrics.TokenRecorder;
import dev.gatlingllm.metrics.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Findings about why responses ended. */
class FinishFindingsTest {

  private static final int MAX_TOKENS = 64;

  private final List<Response> responses = new ArrayList<>();
  private Map<String, String> settings = Map.of();

  private FinishFindingsTest ended(int count, String reason, int tokens) {
    for (int i = 0; i < count; i++) {
      responses.add(
          ResponseBuilder.to("chat", "answer", i)
              .turn(new Response.Turn(1, 1, 10, 0, 0, 2, MAX_TOKENS, true, false))
              .times(0, 0, 1_000)
              .chunks(500)
              .finishReason(reason)
              .output(tokens, OutputTokensSource.USAGE)
              .build());
    }
    return this;
  }

  private FinishFindingsTest ended(int count, String reason) {
    return ended(count, reason, MAX_TOKENS);
  }

  private FinishFindingsTest with(String setting, String value) {
    settings = Map.of(setting, value);
    return this;
  }

  private List<Finding> found() {
    TokenRecorder recorder =
        TokenRecorder.start(
            Window.openEnded(Duration.ZERO), Objectives.NONE, Deployment.UNKNOWN, List.of());
    recorder.begin(0, 0);
    responses.forEach(recorder::record);
    recorder.close();
    List<Finding> found = new ArrayList<>();
    new FinishFindings(SampleRun.withSettings(settings), recorder.summary(), found).find();
    return found;
  }

  private List<String> kinds() {
    return found().stream().map(Finding::kind).toList();
  }

  @Test
  void tellsTheShareThatEndedByLength() {
    assertThat(ended(31, "length").ended(69, "stop", 40).found())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.kind()).isEqualTo("length-mixed");
              assertThat(finding.level()).isEqualTo(Finding.Level.NOTE);
              assertThat(finding.text())
                  .startsWith("31 % of the responses that call no tools ended by length,");
            });
  }

  @Test
  void isSilentIfAllResponsesEndInTheSameWay() {
    assertThat(ended(100, "length").kinds()).isEmpty();
    responses.clear();
    assertThat(ended(100, "stop", 40).kinds()).isEmpty();
    responses.clear();
    assertThat(ended(100, null).kinds()).isEmpty();
    responses.clear();
    assertThat(kinds()).isEmpty();
  }

  @Test
  void isSilentAboutASingleException() {
    assertThat(ended(1, "stop", 40).ended(199, "length").kinds()).isEmpty();
  }

  @Test
  void doesNotCountCallsOfToolsAmongTheTexts() {
    assertThat(ended(50, "tool_calls", 20).ended(50, "length").kinds()).isEmpty();
  }

  @Test
  void notesCallsOfToolsInALoadWithoutResults() {
    for (int user = 0; user < 4; user++) {
      respond(user, 1, false);
      respond(user, 2, false);
    }

    assertThat(found())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.kind()).isEqualTo("tool-calls-unanswered");
              assertThat(finding.text()).startsWith("4 of 8 successful responses ended by");
            });
  }

  @Test
  void isSilentAboutCallsOfToolsWithResults() {
    for (int user = 0; user < 4; user++) {
      respond(user, 1, false);
      respond(user, 2, true);
    }

    assertThat(kinds()).isEmpty();
  }

  private void respond(int user, int turn, boolean isAfterTools) {
    long written = 1_000_000L * turn + (isAfterTools ? 500_000 : 0);
    responses.add(
        ResponseBuilder.to("chat", "answer", user)
            .conversation("c" + user, 0)
            .turn(new Response.Turn(turn, 1, 10, 0, 0, 2, MAX_TOKENS, turn == 2, isAfterTools))
            .times(0, written, written + 1_000_000)
            .chunks(written + 500_000)
            .finishReason(turn == 1 ? "tool_calls" : "length")
            .output(MAX_TOKENS, OutputTokensSource.USAGE)
            .build());
  }

  @Test
  void warnsIfTheServerDoesNotKeepExactLengths() {
    ended(31, "length").ended(69, "stop", 40);

    for (String setting : List.of("ignoreEos true", "minTokens max")) {
      assertThat(with(setting.split(" ")[0], setting.split(" ")[1]).found())
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.kind()).isEqualTo("length-not-kept");
                assertThat(finding.level()).isEqualTo(Finding.Level.WARNING);
                assertThat(finding.text())
                    .startsWith("69 of 100 successful responses ended before the length");
              });
    }
    assertThat(with("minTokens", "8").kinds()).containsExactly("length-mixed");
  }

  /** A request of one's own, such as for a title, asks for no length. */
  @Test
  void judgesExactLengthsOfResponsesThatWereAskedForThem() {
    ended(75, "length").ended(20, "stop", MAX_TOKENS);
    for (int i = 0; i < 5; i++) {
      responses.add(
          ResponseBuilder.to("chat", "title", i)
              .times(0, 0, 1_000)
              .chunks(500)
              .finishReason("stop")
              .output(3, OutputTokensSource.USAGE)
              .build());
    }

    assertThat(with("ignoreEos", "true").kinds()).isEmpty();

    responses.clear();
    responses.add(
        ResponseBuilder.to("chat", "answer", 9)
            .turn(new Response.Turn(1, 1, 10, 0, 0, 2, MAX_TOKENS, true, false))
            .times(0, 0, 1_000)
            .chunks(500, 600)
            .choices(0, 1)
            .finishReason("stop")
            .output(2 * MAX_TOKENS - 1, OutputTokensSource.USAGE)
            .build());
    assertThat(with("ignoreEos", "true").kinds()).as("two choices").hasSize(1);
  }

  @Test
  void warnsOfResponsesThatWereCutBelowTheLengthAskedFor() {
    assertThat(ended(5, "length", 12).ended(95, "length").found())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.kind()).isEqualTo("length-below-limit");
              assertThat(finding.text())
                  .startsWith("5 of 100 successful responses ended by length");
            });
  }

  @Test
  void warnsOfFilteredResponses() {
    assertThat(ended(1, "content_filter", 3).ended(999, "stop").found())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.kind()).isEqualTo("content-filtered");
              assertThat(finding.text()).startsWith("1 of 1,000 successful responses");
            });
  }
}
