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
    assertThat(run.byRequest().get(RunAccumulator.OTHERS).totals().requests()).isEqualTo(others);
  }

  @Test
  void poolsScenariosAboveTheCap() {
    RunSummary run =
        Runs.of(
            responses(
                RunAccumulator.MAX_SCENARIOS + 2,
                i -> TestResponse.streamed(i, i + 1).scenario("scenario " + i)));

    assertThat(run.byScenario()).hasSize(RunAccumulator.MAX_SCENARIOS + 1);
    assertThat(run.byScenario().get(RunAccumulator.OTHERS).totals().requests()).isEqualTo(2);
  }

  @Test
  void keepsModelsApartAndPoolsThoseAboveTheCap() {
    RunSummary run =
        Runs.of(
            responses(
                RunAccumulator.MAX_MODELS + 2,
                i -> TestResponse.streamed(i, i + 1).model("model " + i)));

    assertThat(run.byModel()).hasSize(RunAccumulator.MAX_MODELS + 1);
    assertThat(run.byModel().get("model 0").totals().requests()).isEqualTo(1);
    assertThat(run.byModel().get(RunAccumulator.OTHERS).totals().requests()).isEqualTo(2);
  }

  @Test
  void countsARequestWithoutAModelForNone() {
    RunSummary run =
        Runs.of(responses(3, i -> TestResponse.streamed(i, i + 1).model(i == 0 ? "base" : " ")));

    assertThat(run.overall().totals().requests()).isEqualTo(3);
    assertThat(run.byModel()).containsOnlyKeys("base");
  }

  @Test
  void keepsReplicasApartAndPoolsThoseAboveTheCap() {
    RunSummary run =
        Runs.of(
            responses(
                RunAccumulator.MAX_REPLICAS + 2,
                i -> TestResponse.streamed(i, i + 1).replica("replica " + i)));

    assertThat(run.byReplica()).hasSize(RunAccumulator.MAX_REPLICAS + 1);
    assertThat(run.byReplica().get("replica 0").totals().requests()).isEqualTo(1);
    assertThat(run.byReplica().get(RunAccumulator.OTHERS).totals().requests()).isEqualTo(2);
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
