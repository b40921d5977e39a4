package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The number of scopes is bounded; responses above a cap are pooled and still counted. */
class CapsTest {

  private static TestResponse[] responses(int count, IntFunction<TestResponse> response) {
    return IntStream.range(0, count).mapToObj(response).toArray(TestResponse[]::new);
  }

  @Test
  void poolsLateTurnsUnderTheLastKey() {
    RunSummary run = Runs.of(responses(70, i -> TestResponse.streamed(i, i + 1).turn(i + 1)));

    assertThat(run.overall().byTurn()).hasSize(ScopeAccumulator.MAX_TURNS);
    assertThat(run.overall().byTurn().get(63).totals().requests()).isEqualTo(1);
    assertThat(run.overall().byTurn().get(64).totals().requests()).isEqualTo(7);
  }

  @Test
  void poolsHighGroupsUnderTheLastKey() {
    RunSummary run = Runs.of(responses(70, i -> TestResponse.streamed(i, i + 1).group(i)));

    assertThat(run.byGroup()).hasSize(RunAccumulator.MAX_GROUPS);
    assertThat(run.byGroup().get(63).totals().requests()).isEqualTo(7);
  }

  @Test
  void poolsRequestNamesAboveTheCap() {
    int others = 5;
    RunSummary run =
        Runs.of(
            responses(
                RunAccumulator.MAX_REQUESTS + others,
                i -> TestResponse.streamed(i, i + 1).request("request " + i)));

    assertThat(run.byRequest()).hasSize(RunAccumulator.MAX_REQUESTS + 1);
    assertThat(run.byRequest().get(Breakdown.OTHERS).totals().requests()).isEqualTo(others);
  }

  @Test
  void poolsScenariosAboveTheCap() {
    RunSummary run =
        Runs.of(
            responses(
                Breakdown.SCENARIO.most() + 2,
                i -> TestResponse.streamed(i, i + 1).scenario("scenario " + i)));

    assertThat(run.by(Breakdown.SCENARIO)).hasSize(Breakdown.SCENARIO.most() + 1);
    assertThat(run.by(Breakdown.SCENARIO).get(Breakdown.OTHERS).totals().requests()).isEqualTo(2);
  }

  @Test
  void keepsModelsApartAndPoolsThoseAboveTheCap() {
    RunSummary run =
        Runs.of(
            responses(
                Breakdown.MODEL.most() + 2,
                i -> TestResponse.streamed(i, i + 1).model("model " + i)));

    assertThat(run.by(Breakdown.MODEL)).hasSize(Breakdown.MODEL.most() + 1);
    assertThat(run.by(Breakdown.MODEL).get("model 0").totals().requests()).isEqualTo(1);
    assertThat(run.by(Breakdown.MODEL).get(Breakdown.OTHERS).totals().requests()).isEqualTo(2);
  }

  @Test
  void countsARequestWithoutAModelForNone() {
    RunSummary run =
        Runs.of(responses(3, i -> TestResponse.streamed(i, i + 1).model(i == 0 ? "base" : " ")));

    assertThat(run.overall().totals().requests()).isEqualTo(3);
    assertThat(run.by(Breakdown.MODEL)).containsOnlyKeys("base");
  }

  @Test
  void keepsReplicasApartAndPoolsThoseAboveTheCap() {
    RunSummary run =
        Runs.of(
            responses(
                Breakdown.REPLICA.most() + 2,
                i -> TestResponse.streamed(i, i + 1).replica("replica " + i)));

    assertThat(run.by(Breakdown.REPLICA)).hasSize(Breakdown.REPLICA.most() + 1);
    assertThat(run.by(Breakdown.REPLICA).get("replica 0").totals().requests()).isEqualTo(1);
    assertThat(run.by(Breakdown.REPLICA).get(Breakdown.OTHERS).totals().requests()).isEqualTo(2);
  }

  @Test
  void keepsApisApartAndPoolsThoseAboveTheCap() {
    RunSummary run =
        Runs.of(
            responses(
                Breakdown.API.most() + 2, i -> TestResponse.streamed(i, i + 1).api("api " + i)));

    assertThat(run.by(Breakdown.API)).hasSize(Breakdown.API.most() + 1);
    assertThat(run.by(Breakdown.API).get(Breakdown.OTHERS).totals().requests()).isEqualTo(2);
  }

  @Test
  void poolsFinishReasonsAboveTheCap() {
    RunSummary run =
        Runs.of(
            responses(
                Breakdown.FINISH_REASON.most() + 3,
                i -> TestResponse.streamed(i, i + 1).finishReason("because of " + i)));

    assertThat(run.by(Breakdown.FINISH_REASON)).hasSize(Breakdown.FINISH_REASON.most() + 1);
    assertThat(run.by(Breakdown.FINISH_REASON).get(Breakdown.OTHERS).totals().ok()).isEqualTo(3);
  }

  @Test
  void goodResponsesWithoutAFinishReasonAreAScopeOfTheirOwn() {
    RunSummary run =
        Runs.of(
            TestResponse.streamed(0, 1).finishReason(null),
            TestResponse.streamed(1, 2).finishReason(null).failed("timeout", "late"),
            TestResponse.streamed(2, 3).finishReason("stop").failed("check", "no JSON"),
            TestResponse.streamed(3, 4).finishReason("length"));

    assertThat(run.by(Breakdown.FINISH_REASON))
        .hasEntrySatisfying("(none)", none -> assertThat(none.totals().requests()).isEqualTo(1))
        .hasEntrySatisfying("stop", stop -> assertThat(stop.totals().ko()).isEqualTo(1))
        .hasEntrySatisfying("length", length -> assertThat(length.totals().ok()).isEqualTo(1))
        .hasSize(3);
  }

  @Test
  void keepsTurnsAndATimelineOfTheFirstRequestNamesOnly() {
    RunSummary run =
        Runs.of(
            responses(
                RunAccumulator.MAX_DETAILED_REQUESTS + 1,
                i -> TestResponse.streamed(i, i + 1).request("request " + i)));

    assertThat(run.byRequest().get("request 0").byTurn()).isNotEmpty();
    assertThat(run.byRequest().get("request 0").timeline()).isNotEmpty();
    ScopeSummary last = run.byRequest().get("request " + RunAccumulator.MAX_DETAILED_REQUESTS);
    assertThat(last.totals().requests()).isEqualTo(1);
    assertThat(last.byTurn()).isEmpty();
    assertThat(last.timeline()).isEmpty();
  }

  @Test
  void keepsNoTurnAndNoGroupOutsideOfConversations() {
    RunSummary run = Runs.of(TestResponse.streamed(0, 1).turn(0).group(-1));

    assertThat(run.overall().byTurn()).isEmpty();
    assertThat(run.byGroup()).isEmpty();
  }
}
