package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is told apart is bounded; what is not told apart is pooled and still counted. */
class CapsTest {

  private static Reply[] replies(int count, IntFunction<Reply> reply) {
    return IntStream.range(0, count).mapToObj(reply).toArray(Reply[]::new);
  }

  @Test
  void lateTurnsArePooledUnderTheLastKey() {
    RunSummary run = Runs.of(replies(70, i -> Reply.streamed(i, i + 1).turn(i + 1)));

    assertThat(run.overall().byTurn()).hasSize(ScopeAccumulator.MAX_TURNS);
    assertThat(run.overall().byTurn().get(63).totals().requests()).isEqualTo(1);
    assertThat(run.overall().byTurn().get(64).totals().requests()).isEqualTo(7);
  }

  @Test
  void highGroupsArePooledUnderTheLastKey() {
    RunSummary run = Runs.of(replies(70, i -> Reply.streamed(i, i + 1).group(i)));

    assertThat(run.byGroup()).hasSize(RunAccumulator.MAX_GROUPS);
    assertThat(run.byGroup().get(63).totals().requests()).isEqualTo(7);
  }

  @Test
  void requestNamesPastTheCapArePooled() {
    int others = 5;
    RunSummary run =
        Runs.of(
            replies(
                RunAccumulator.MAX_REQUESTS + others,
                i -> Reply.streamed(i, i + 1).request("request " + i)));

    assertThat(run.byRequest()).hasSize(RunAccumulator.MAX_REQUESTS + 1);
    assertThat(run.byRequest().get(RunAccumulator.OTHERS).totals().requests()).isEqualTo(others);
  }

  @Test
  void scenariosPastTheCapArePooled() {
    RunSummary run =
        Runs.of(
            replies(
                RunAccumulator.MAX_SCENARIOS + 2,
                i -> Reply.streamed(i, i + 1).scenario("scenario " + i)));

    assertThat(run.byScenario()).hasSize(RunAccumulator.MAX_SCENARIOS + 1);
    assertThat(run.byScenario().get(RunAccumulator.OTHERS).totals().requests()).isEqualTo(2);
  }

  @Test
  void onlyTheFirstRequestNamesKeepTurnsAndATimeline() {
    RunSummary run =
        Runs.of(
            replies(
                RunAccumulator.MAX_DETAILED_REQUESTS + 1,
                i -> Reply.streamed(i, i + 1).request("request " + i)));

    assertThat(run.byRequest().get("request 0").byTurn()).isNotEmpty();
    assertThat(run.byRequest().get("request 0").timeline()).isNotEmpty();
    ScopeSummary last = run.byRequest().get("request " + RunAccumulator.MAX_DETAILED_REQUESTS);
    assertThat(last.totals().requests()).isEqualTo(1);
    assertThat(last.byTurn()).isEmpty();
    assertThat(last.timeline()).isEmpty();
  }

  @Test
  void repliesOutsideOfConversationsHaveNoTurnAndNoGroup() {
    RunSummary run = Runs.of(Reply.streamed(0, 1).turn(0).group(-1));

    assertThat(run.overall().byTurn()).isEmpty();
    assertThat(run.byGroup()).isEmpty();
  }
}
