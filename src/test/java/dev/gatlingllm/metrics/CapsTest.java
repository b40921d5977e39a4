package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

  @ParameterizedTest
  @EnumSource(names = {"SCENARIO", "MODEL", "REPLICA", "API", "FINISH_REASON"})
  void keepsValuesApartAndPoolsThoseAboveTheCap(Breakdown by) {
    RunSummary run =
        Runs.of(
            responses(by.most() + 2, i -> of(by, "value " + i, TestResponse.streamed(i, i + 1))));

    assertThat(run.by(by)).hasSize(by.most() + 1);
    assertThat(run.by(by).get("value 0").totals().requests()).isEqualTo(1);
    assertThat(run.by(by).get(Breakdown.OTHERS).totals().requests()).isEqualTo(2);
  }

  private static TestResponse of(Breakdown by, String value, TestResponse response) {
    return switch (by) {
      case SCENARIO -> response.scenario(value);
      case MODEL -> response.model(value);
      case REPLICA -> response.replica(value);
      case API -> response.api(value);
      case FINISH_REASON -> response.finishReason(value);
      default -> throw new IllegalArgumentException(by.toString());
    };
  }

  @Test
  void countsARequestWithoutAModelForNone() {
    RunSummary run =
        Runs.of(responses(3, i -> TestResponse.streamed(i, i + 1).model(i == 0 ? "base" : " ")));

    assertThat(run.overall().totals().requests()).isEqualTo(3);
    assertThat(run.by(Breakdown.MODEL)).containsOnlyKeys("base");
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
