package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeploymentTest {

  private static RunAccumulator run(Deployment deployment, String objectives) {
    RunAccumulator run =
        Runs.accumulator(
            Window.openEnded(Duration.ZERO),
            Objectives.parse(objectives),
            List.of(
                TestResponse.streamed(0, 100, 200, 300).build(),
                TestResponse.streamed(0, 1000).build()));
    run.on(deployment);
    return run;
  }

  /** 4 tokens and one good request in a second. */
  private static RunAccumulator run(Deployment deployment) {
    return run(deployment, "ttft<400ms");
  }

  @Test
  void dividesTheRunsTokensAndCost() {
    Totals totals = run(new Deployment(2, 36)).summary().overall().totals();

    assertThat(totals.values().get(Figure.OUTPUT_TOKENS_PER_SECOND)).isEqualTo(4);
    assertThat(totals.values().get(Figure.OUTPUT_TOKENS_PER_SECOND_PER_GPU)).isEqualTo(2);
    // a cent per second
    assertThat(totals.values().get(Figure.COST_PER_MILLION_OUTPUT_TOKENS))
        .isCloseTo(2_500, within(1e-6));
    assertThat(totals.values().get(Figure.COST_PER_THOUSAND_GOOD_REQUESTS))
        .isCloseTo(10, within(1e-9));
  }

  @Test
  void aConversationIsGoodIfEveryRequestOfItMetTheObjectives() {
    RunAccumulator run =
        Runs.accumulator(
            Window.openEnded(Duration.ZERO),
            Objectives.parse("ttft<400ms"),
            List.of(
                TestResponse.streamed(0, 100).conversation(1, "good").turn(1).build(),
                TestResponse.streamed(500, 600).conversation(1, "good").turn(2).last().build(),
                TestResponse.streamed(0, 450).conversation(2, "slow").turn(1).build(),
                TestResponse.streamed(500, 600).conversation(2, "slow").turn(2).last().build(),
                TestResponse.streamed(0, 450).conversation(3, "failed").failed("x", "y").build(),
                TestResponse.streamed(500, 600).conversation(3, "failed").attempt(2).last().build(),
                TestResponse.streamed(900, 1000).conversation(4, "unfinished").turn(1).build()));
    run.on(new Deployment(2, 36));

    Totals totals = run.summary().overall().totals();

    assertThat(totals.values().get(Figure.GOOD_CONVERSATIONS_PER_SECOND)).isEqualTo(1);
    assertThat(totals.values().get(Figure.COST_PER_THOUSAND_GOOD_CONVERSATIONS))
        .isCloseTo(10, within(1e-9));
  }

  @Test
  void conversationsMissObjectivesInTheWarmUpToo() {
    RunSummary run =
        Runs.of(
            Runs.seconds(1, 1),
            Objectives.parse("ttft<400ms"),
            List.of(
                TestResponse.streamed(0, 450).conversation(2, "slow").turn(1).build(),
                TestResponse.streamed(1500, 1600).conversation(2, "slow").turn(2).last().build()));

    assertThat(run.overall().totals().values())
        .containsEntry(Figure.GOOD_CONVERSATIONS_PER_SECOND, 0.0)
        .doesNotContainKey(Figure.COST_PER_THOUSAND_GOOD_CONVERSATIONS);
  }

  @Test
  void partsOfARunHaveNoCost() {
    RunSummary summary = run(new Deployment(2, 36)).summary();

    assertThat(summary.byRequest().values())
        .isNotEmpty()
        .allMatch(part -> part.totals().value(Figure.COST_PER_THOUSAND_GOOD_REQUESTS).isEmpty())
        .allMatch(part -> part.totals().value(Figure.OUTPUT_TOKENS_PER_SECOND_PER_GPU).isEmpty());
  }

  @Test
  void nothingGoodHasNoCost() {
    Totals totals = run(new Deployment(2, 36), "ttft<1ms").summary().overall().totals();

    assertThat(totals.value(Figure.COST_PER_THOUSAND_GOOD_REQUESTS)).isEmpty();
    assertThat(totals.value(Figure.COST_PER_MILLION_OUTPUT_TOKENS)).isPresent();
  }

  @Test
  void mergedRunsMustAgreeOnTheServer() {
    Deployment eight = new Deployment(8, 36);

    assertThat(perGpu(run(eight), run(eight))).isEqualTo(1);
    assertThat(perGpu(run(eight), run(Deployment.UNKNOWN))).isNull();
  }

  private static Double perGpu(RunAccumulator... runs) {
    return Runs.merged(List.of(runs))
        .summary()
        .overall()
        .totals()
        .values()
        .get(Figure.OUTPUT_TOKENS_PER_SECOND_PER_GPU);
  }
}
