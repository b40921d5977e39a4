package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.metrics.RunSummary.Arrivals;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rate and variation of the arrivals of an open load. */
class ArrivalsAccumulatorTest {

  private static final Window ALL = Window.openEnded(Duration.ZERO);

  private static ArrivalsAccumulator of(boolean isPlanned, long... seconds) {
    ArrivalsAccumulator arrivals = new ArrivalsAccumulator();
    arrivals.setOpen(isPlanned);
    for (long second : seconds) {
      arrivals.add(second * 1_000_000_000, ALL);
      arrivals.addPlanned(second * 1_000_000_000 + 1, ALL);
    }
    return arrivals;
  }

  @Test
  void variationIsTheDeviationOfGapsOverTheirMean() {
    Arrivals arrivals = of(true, 1, 2, 5).summary(10);

    assertThat(arrivals.users()).isEqualTo(3);
    assertThat(arrivals.perSecond()).isEqualTo(0.3);
    assertThat(arrivals.variation()).isCloseTo(0.5, within(1e-9));
    assertThat(arrivals.planned().variation()).isCloseTo(0.5, within(1e-9));
  }

  @Test
  void knowsNothingOfUsersWhoAreNotSeen() {
    ArrivalsAccumulator planned = of(true);
    planned.addPlanned(1, ALL);

    assertThat(planned.summary(10)).isNull();
  }

  @Test
  void ignoresUsersOutsideOfTheWindow() {
    ArrivalsAccumulator arrivals = of(false);
    Window window = Window.of(Duration.ofSeconds(1), List.of(Duration.ofSeconds(10)));
    arrivals.add(1, window);
    arrivals.add(1_000_000_001, window);
    arrivals.add(11_000_000_000L, window);

    assertThat(arrivals.summary(10)).isEqualTo(new Arrivals(1, 0.1, null, null));
    assertThat(arrivals.figures(1, 10)).isEmpty();
  }

  @Test
  void keepsTheIterationsOfABenchmarkApart() {
    Duration ten = Duration.ofSeconds(10);
    Window window = Window.ofIterations(List.of(Duration.ofSeconds(1)), List.of(ten, ten));
    ArrivalsAccumulator arrivals = of(true);
    for (int second = 0; second < 21; second++) {
      arrivals.addPlanned(second * 1_000_000_000L, window);
    }
    for (int second = 0; second < 11; second++) {
      arrivals.add(second * 1_000_000_000L, window);
    }

    assertThat(arrivals.figures(1, 10))
        .isEqualTo(
            Map.of(
                Figure.ARRIVALS_PER_SECOND, 1.0,
                Figure.ARRIVAL_VARIATION, 0.0,
                Figure.ARRIVALS_OF_PLAN_PERCENT, 100.0));
    assertThat(arrivals.figures(2, 10))
        .as("nobody came")
        .isEqualTo(Map.of(Figure.ARRIVALS_PER_SECOND, 0.0, Figure.ARRIVALS_OF_PLAN_PERCENT, 0.0));
    assertThat(arrivals.figures(3, 10)).isEmpty();
  }

  @Test
  void twoUsersAndUsersAtOnceHaveNoVariation() {
    assertThat(of(false, 1, 2).summary(10).variation()).isNull();
    assertThat(of(false, 1, 1, 1).summary(10).variation()).isNull();
  }

  @Test
  void closedLoadHasNoArrivals() {
    assertThat(new ArrivalsAccumulator().summary(10)).isNull();
  }

  @Test
  void loadGeneratorsAddUpUsersOfTheWholeWindowButNoGaps() {
    ArrivalsAccumulator sum = new ArrivalsAccumulator();
    sum.add(of(true, 1, 2, 5));
    sum.add(of(true, 1, 2));

    Arrivals arrivals = sum.summary(10);
    assertThat(arrivals.users()).isEqualTo(5);
    assertThat(arrivals.perSecond()).isEqualTo(0.5);
    assertThat(arrivals.variation()).isNull();
    assertThat(arrivals.planned().users()).isEqualTo(5);
    sum.add(of(false, 3));
    assertThat(sum.summary(12).planned()).isNull();
    sum.add(new ArrivalsAccumulator());
    assertThat(sum.summary(12)).isNull();
  }

  private static RunAccumulator ofOneResponse() {
    return Runs.accumulator(
        Window.openEnded(Duration.ZERO),
        Objectives.NONE,
        List.of(TestResponse.streamed(0, 9_000).build()));
  }

  @Test
  void arrivalsAreTotalsOfARun() {
    RunAccumulator run = ofOneResponse();
    assertThat(run.summary().overall().totals().value(Figure.ARRIVALS_PER_SECOND)).isEmpty();
    run.arrivals().setOpen(true);
    for (long second : new long[] {1, 2, 5}) {
      run.arrivals().add(second * 1_000_000_000L, ALL);
    }
    Totals unplanned = run.summary().overall().totals();
    assertThat(unplanned.value(Figure.ARRIVALS_OF_PLAN_PERCENT)).isEmpty();
    for (long second = 1; second <= 4; second++) {
      run.arrivals().addPlanned(second * 1_000_000_000L, ALL);
    }

    Totals totals = run.summary().overall().totals();
    assertThat(totals.value(Figure.ARRIVALS_PER_SECOND))
        .hasValue(3 / run.summary().durationSeconds());
    assertThat(totals.value(Figure.ARRIVAL_VARIATION).orElseThrow()).isCloseTo(0.5, within(1e-9));
    assertThat(totals.value(Figure.ARRIVALS_OF_PLAN_PERCENT)).hasValue(75);
    assertThat(Condition.parse("arrivalsOfPlanPercent > 95%").indicator().figure())
        .isEqualTo(Figure.ARRIVALS_OF_PLAN_PERCENT);
  }

  @Test
  void runKeepsArrivalsInItsFile() {
    RunAccumulator run = ofOneResponse();
    run.arrivals().setOpen(true);
    for (int second = 1; second < 9; second++) {
      run.arrivals().add(second * second * 100_000_000L, ALL);
      run.arrivals().addPlanned(second * 1_000_000_000L, ALL);
    }

    RunAccumulator read = Accumulators.reread(run);
    assertThat(read.summary().arrivals()).isEqualTo(run.summary().arrivals()).isNotNull();
    assertThat(Runs.merged(List.of(read, run)).summary().arrivals().users()).isEqualTo(16);
  }
}
