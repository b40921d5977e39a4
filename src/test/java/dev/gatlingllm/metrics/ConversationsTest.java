package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConversationsTest {

  private static final Duration ONE_SECOND = Duration.ofSeconds(1);

  /** A turn of conversation "c1" of user 1. */
  private static TestResponse turn(int number, double written, double end) {
    return TestResponse.streamed(written, end).turn(number);
  }

  private static double mean(RunSummary run, Figure figure) {
    return run.overall().metrics().get(figure).mean();
  }

  private static long count(RunSummary run, Figure total) {
    return run.overall().totals().count(total);
  }

  private static double successPercent(RunSummary run) {
    return run.overall().totals().value(Figure.CONVERSATION_SUCCESS_PERCENT).orElseThrow();
  }

  @Test
  void dividesTheDurationIntoTimesOfModelToolsAndUser() {
    RunSummary run =
        Runs.of(
            turn(1, 100, 400),
            turn(2, 1_000, 1_200).afterTools(),
            turn(3, 1_250, 1_300).afterTools(),
            turn(4, 3_300, 3_600).last());

    assertThat(mean(run, Figure.CONVERSATION_TURNS)).isEqualTo(4);
    assertThat(mean(run, Figure.CONVERSATION_DURATION)).isEqualTo(3_500);
    assertThat(mean(run, Figure.CONVERSATION_MODEL_TIME)).isEqualTo(300 + 200 + 50 + 300);
    assertThat(mean(run, Figure.CONVERSATION_TOOL_TIME)).isEqualTo(600 + 50);
    assertThat(mean(run, Figure.CONVERSATION_THINK_TIME)).isEqualTo(2_000);
    assertThat(run.overall().metrics().get(Figure.CONVERSATION_TURNS).count()).isEqualTo(1);
    assertThat(count(run, Figure.COMPLETED_CONVERSATIONS)).isEqualTo(1);
    assertThat(run.overall().totals().unfinishedConversations()).isZero();
    assertThat(successPercent(run)).isEqualTo(100);
  }

  @Test
  void retriesAddModelTimeButNeitherTurnsNorThinkTime() {
    RunSummary run =
        Runs.of(
            turn(1, 0, 100).failed("timeout", "late"),
            turn(1, 600, 800).attempt(2),
            turn(2, 900, 1_000).last());

    assertThat(mean(run, Figure.CONVERSATION_TURNS)).isEqualTo(2);
    assertThat(mean(run, Figure.CONVERSATION_MODEL_TIME)).isEqualTo(100 + 200 + 100);
    assertThat(mean(run, Figure.CONVERSATION_THINK_TIME)).isEqualTo(100);
    assertThat(mean(run, Figure.CONVERSATION_DURATION)).isEqualTo(1_000);
  }

  @Test
  void theHitRateIsOfAllPromptTokensOfTheConversation() {
    RunSummary run =
        Runs.of(
            turn(1, 0, 100).input(100),
            turn(2, 200, 300).input(300).cached(90),
            turn(3, 400, 500).input(600).failed("timeout", "late"),
            turn(4, 600, 700).input(600).cached(410).last());

    assertThat(mean(run, Figure.CONVERSATION_CACHE_HIT)).isEqualTo(50);
  }

  @Test
  void theHitRateIsUnknownWhereNothingIsReported() {
    RunSummary run = Runs.of(turn(1, 0, 100).input(100).last());

    assertThat(run.overall().metrics())
        .containsKey(Figure.CONVERSATION_TURNS)
        .doesNotContainKey(Figure.CONVERSATION_CACHE_HIT);
  }

  @Test
  void aConversationFailsWithItsLastTurn() {
    RunSummary run =
        Runs.of(
            turn(1, 0, 100).conversation(1, "broken").failed("timeout", "late").breaking().last(),
            turn(1, 0, 100).conversation(2, "full").unsent().last(),
            turn(1, 0, 100).conversation(3, "skipped").failed("timeout", "late"),
            turn(2, 200, 300).conversation(3, "skipped").last(),
            turn(1, 0, 100).conversation(4, "goes on"));

    assertThat(count(run, Figure.CONVERSATIONS)).isEqualTo(4);
    assertThat(count(run, Figure.FAILED_CONVERSATIONS)).isEqualTo(2);
    assertThat(count(run, Figure.COMPLETED_CONVERSATIONS)).isEqualTo(1);
    assertThat(run.overall().totals().unfinishedConversations()).isEqualTo(1);
    assertThat(successPercent(run)).isEqualTo(100 / 3.0);
    assertThat(run.overall().metrics().get(Figure.CONVERSATION_DURATION).count())
        .as("failed conversations are shorter")
        .isEqualTo(1);
  }

  @Test
  void aConversationFailedAfterWhichNothingCameOfIt() {
    List<Response> responses =
        responses(
            turn(1, 0, 500).conversation(1, "before").failed("timeout", "late"),
            turn(1, 1_000, 1_100).conversation(2, "given up"),
            turn(2, 1_200, 1_300).conversation(2, "given up").failed("timeout", "late"),
            turn(1, 1_000, 1_400).conversation(3, "again").failed("timeout", "late"),
            turn(1, 1_500, 1_600).conversation(3, "again").last(),
            turn(1, 1_000, 1_800).conversation(4, "cut").cut(),
            turn(1, 1_000, 1_900).conversation(5, "goes on").failed("timeout", "late"),
            turn(2, 3_000, 3_100).conversation(5, "goes on").last(),
            turn(1, 3_000, 3_500).conversation(6, "after").failed("timeout", "late"));
    RunAccumulator accumulator =
        Runs.accumulator(
            Window.ofIterations(List.of(ONE_SECOND), List.of(ONE_SECOND, ONE_SECOND)),
            Objectives.NONE,
            responses);
    accumulator.end();
    RunSummary run = accumulator.summary();

    assertThat(count(run, Figure.FAILED_CONVERSATIONS)).isEqualTo(2);
    assertThat(count(run, Figure.COMPLETED_CONVERSATIONS)).isEqualTo(1);
    assertThat(successPercent(run)).isEqualTo(100 / 3.0);
    assertThat(run.overall().totals().unfinishedConversations()).isEqualTo(1);
    assertThat(run.overall().metrics().get(Figure.CONVERSATION_AGE).count())
        .as("one was given up before, two go on")
        .isEqualTo(2);
    assertThat(run.byRequest().get("answer").totals().count(Figure.FAILED_CONVERSATIONS))
        .isEqualTo(2);
    assertThat(run.by(Breakdown.OUTCOME).get("failed").totals().count(Figure.CONVERSATIONS))
        .isEqualTo(2);
    assertThat(run.byIteration().get(1).totals().count(Figure.FAILED_CONVERSATIONS)).isEqualTo(2);
  }

  @Test
  void aConversationGoesOnWhoseUserWasInAPauseWhenTheWindowEnded() {
    RunAccumulator accumulator =
        Runs.accumulator(
            Window.of(Duration.ZERO, List.of(ONE_SECOND)),
            Objectives.NONE,
            responses(
                turn(1, 0, 500).conversation(1, "thinks").failed("timeout", "late"),
                turn(1, 0, 500).conversation(2, "thought, and left").failed("timeout", "late"),
                turn(1, 0, 1_200).conversation(3, "lasts").last()));
    accumulator.pause(1, "thinks", TestResponse.nanos(1_100));
    accumulator.pause(2, "thought, and left", TestResponse.nanos(900));
    accumulator.end();
    RunSummary run = accumulator.summary();

    assertThat(count(run, Figure.FAILED_CONVERSATIONS)).isEqualTo(1);
    assertThat(run.overall().totals().unfinishedConversations()).isEqualTo(1);
    assertThat(run.overall().metrics().get(Figure.CONVERSATION_AGE).count()).isEqualTo(2);
  }

  @Test
  void aConversationFailedAfterATurnThatWasNotSent() {
    RunAccumulator accumulator =
        accumulator(
            turn(1, 0, 100).conversation(1, "given up"),
            turn(2, 200, 200).conversation(1, "given up").unsent(),
            turn(1, 0, 100).conversation(2, "never sent").unsent());
    accumulator.end();
    RunSummary run = accumulator.summary();

    assertThat(count(run, Figure.FAILED_CONVERSATIONS)).isEqualTo(1);
    assertThat(run.overall().totals().unfinishedConversations()).isZero();
  }

  @Test
  void theAgeOfUnfinishedConversationsBoundsTheDuration() {
    Window window = Window.of(Duration.ofSeconds(1), List.of(Duration.ofSeconds(9)));
    RunAccumulator accumulator =
        Runs.accumulator(
            window,
            Objectives.NONE,
            Arrays.asList(
                turn(1, 2_000, 2_500).last().build(),
                turn(1, 500, 3_000).conversation(2, "goes on").build(),
                turn(1, 4_000, 9_000).conversation(3, "ends in the drain").build(),
                turn(2, 9_500, 11_000).conversation(3, "ends in the drain").last().build(),
                turn(1, 10_500, 11_500).conversation(4, "begins in the drain").build()));
    accumulator.end();
    accumulator.end();
    ScopeSummary run = accumulator.summary().overall();

    assertThat(run.metrics().get(Figure.CONVERSATION_AGE).count()).isEqualTo(2);
    assertThat(run.metrics().get(Figure.CONVERSATION_AGE).mean()).isEqualTo((9_500 + 6_000) / 2.0);
    assertThat(run.metrics().get(Figure.CONVERSATION_DURATION).max()).isEqualTo(500);
    Indicator longest = Indicator.parse("conversationDuration max").orElseThrow();
    assertThat(longest.bound(run, true).value()).hasValue(9_500);
    assertThat(longest.bound(run, true).remark())
        .isEqualTo("2 conversations that had not ended count with their age");
    assertThat(longest.bound(run, false).value()).hasValue(500);
  }

  @Test
  void theAgeOfUnfinishedConversationsBoundsTheDurationOfEachPartOfTheRun() {
    RunAccumulator accumulator =
        Runs.accumulator(
            Window.of(Duration.ZERO, List.of(Duration.ofSeconds(10))),
            Objectives.NONE,
            Arrays.asList(
                agents(1, 0, 500, 1).last().build(),
                agents(1, 2_000, 3_000, 2).build(),
                turn(1, 1_000, 1_200).conversation(3, "others").last().build(),
                turn(1, 0, 10_000).conversation(4, "others, too").build()));
    accumulator.end();
    RunSummary run = accumulator.summary();

    Indicator longest = Indicator.parse("conversationDuration max").orElseThrow();
    for (ScopeSummary agents :
        List.of(
            run.byRequest().get("act"),
            run.byGroup().get(7),
            run.by(Breakdown.SCENARIO).get("agents"),
            run.by(Breakdown.MODEL).get("large"),
            run.by(Breakdown.API).get("messages"))) {
      assertThat(longest.bound(agents, true).value()).hasValue(8_000);
      assertThat(agents.metrics().get(Figure.CONVERSATION_AGE).count()).isEqualTo(1);
    }
    assertThat(longest.bound(run.overall(), true).value()).hasValue(10_000);
  }

  private static TestResponse agents(int turn, double written, double end, long user) {
    return turn(turn, written, end)
        .conversation(user, "c" + user)
        .scenario("agents")
        .request("act")
        .group(7)
        .model("large")
        .api("messages");
  }

  @Test
  void figuresOfConversationsAreKnownForEachOutcome() {
    RunSummary run =
        Runs.of(
            turn(1, 0, 100).conversation(1, "whole"),
            turn(2, 200, 500).conversation(1, "whole").last(),
            turn(1, 0, 700).conversation(2, "broken").failed("timeout", "late").last(),
            turn(1, 0, 60).conversation(3, "left").abandoned().last(),
            turn(1, 0, 40).conversation(4, "left, too").abandoned().last(),
            turn(2, 0, 10).conversation(5, "in progress").failed("timeout", "late").last());

    assertThat(run.by(Breakdown.OUTCOME)).containsOnlyKeys("abandoned", "completed", "failed");
    assertThat(durationOf(run, "completed")).isEqualTo(500);
    assertThat(durationOf(run, "failed")).as("of those known as a whole").isEqualTo(700);
    assertThat(durationOf(run, "abandoned")).isEqualTo(50);
    assertThat(run.by(Breakdown.OUTCOME).get("failed").totals().count(Figure.CONVERSATIONS))
        .isEqualTo(2);
    assertThat(mean(run, Figure.CONVERSATION_DURATION)).isEqualTo(500);
  }

  private static double durationOf(RunSummary run, String outcome) {
    return run.by(Breakdown.OUTCOME)
        .get(outcome)
        .metrics()
        .get(Figure.CONVERSATION_DURATION)
        .mean();
  }

  @Test
  void aConversationInProgressHasNoFiguresBecauseTheyWouldBeTooLow() {
    RunSummary run = Runs.of(turn(3, 0, 100), turn(4, 200, 300).last());

    assertThat(count(run, Figure.COMPLETED_CONVERSATIONS)).isEqualTo(1);
    assertThat(run.overall().metrics()).doesNotContainKey(Figure.CONVERSATION_DURATION);
  }

  @Test
  void aConversationBelongsToTheWindowInWhichItEnds() {
    List<Response> responses =
        responses(
            turn(1, 0, 100).conversation(1, "before").last(),
            turn(1, 500, 900).conversation(2, "begun in the warm-up"),
            turn(2, 1_100, 1_200).conversation(2, "begun in the warm-up").last(),
            turn(1, 1_200, 1_300).conversation(3, "inside").last(),
            turn(1, 1_500, 1_600).conversation(4, "after"),
            turn(2, 2_100, 2_200).conversation(4, "after").last());

    RunSummary run = Runs.of(Runs.seconds(1, 1), responses);

    assertThat(count(run, Figure.COMPLETED_CONVERSATIONS)).isEqualTo(2);
    assertThat(run.overall().totals().unfinishedConversations()).isEqualTo(1);
    assertThat(run.overall().metrics().get(Figure.CONVERSATION_TURNS).count()).isEqualTo(2);
    assertThat(run.overall().metrics().get(Figure.CONVERSATION_DURATION).count())
        .as("what began in the warm-up has no times")
        .isEqualTo(1);
    assertThat(mean(run, Figure.CONVERSATION_DURATION)).isEqualTo(100);
  }

  @Test
  void aUserMayHaveTheSameConversationAgain() {
    RunSummary run =
        Runs.of(
            turn(1, 0, 100), turn(2, 100, 200).last(), turn(1, 500, 600), turn(2, 700, 900).last());

    assertThat(count(run, Figure.CONVERSATIONS)).isEqualTo(2);
    assertThat(count(run, Figure.COMPLETED_CONVERSATIONS)).isEqualTo(2);
    assertThat(mean(run, Figure.CONVERSATION_DURATION)).isEqualTo((200 + 400) / 2.0);
  }

  @Test
  void aUserMayHaveAConversationAgainThatBeginsWithALaterTurn() {
    RunSummary run =
        Runs.of(
            turn(3, 0, 100),
            turn(4, 100, 200).last(),
            turn(3, 500, 600),
            turn(4, 700, 900).last(),
            turn(3, 1_000, 1_100));

    assertThat(count(run, Figure.CONVERSATIONS)).isEqualTo(3);
    assertThat(count(run, Figure.COMPLETED_CONVERSATIONS)).isEqualTo(2);
    assertThat(run.overall().totals().unfinishedConversations()).isEqualTo(1);
  }

  @Test
  void mergedRunsAddTheirConversations() {
    RunAccumulator one = accumulator(turn(1, 0, 100).last());
    RunAccumulator other = accumulator(turn(1, 0, 300).failed("timeout", "late").last());

    RunSummary run =
        Runs.merged(List.of(Accumulators.reread(one), Accumulators.reread(other))).summary();

    assertThat(mean(run, Figure.CONVERSATION_DURATION)).isEqualTo(100);
    assertThat(successPercent(run)).isEqualTo(50);
  }

  private static RunAccumulator accumulator(TestResponse... responses) {
    return Runs.accumulator(Window.openEnded(Duration.ZERO), Objectives.NONE, responses(responses));
  }

  private static List<Response> responses(TestResponse... responses) {
    return Arrays.stream(responses).map(TestResponse::build).toList();
  }
}
