package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class IterationsAccumulatorTest {

  /** Two of a second each to warm up, then two of two seconds. */
  private static final Window WINDOW = Window.ofIterations(lengths(1, 1), lengths(2, 2));

  private static List<Duration> lengths(long... seconds) {
    return Arrays.stream(seconds).mapToObj(Duration::ofSeconds).toList();
  }

  @Test
  void countsEachThingWhereItHappens() {
    RunSummary run =
        Runs.of(
            WINDOW,
            TestResponse.streamed(0, 900),
            TestResponse.streamed(800, 1500, 1900, 2100, 4500),
            TestResponse.streamed(3600, 4100, 5900),
            TestResponse.streamed(4000, 4100, 7000));

    assertThat(run.byIteration()).containsOnlyKeys(-1, 0, 1, 2);
    assertThat(run.byIteration().get(-1).totals().requests()).isEqualTo(1);
    assertThat(run.byIteration().get(0).totals().requests()).isZero();
    assertThat(run.byIteration().get(0).totals().count(Figure.TOTAL_OUTPUT_TOKENS)).isEqualTo(2);
    assertThat(run.byIteration().get(1).totals().count(Figure.TOTAL_OUTPUT_TOKENS)).isEqualTo(1);
    assertThat(run.byIteration().get(0).metrics().get(Figure.TTFT).mean()).isEqualTo(700);
    assertThat(run.byIteration().get(1).totals().requests()).isZero();
    assertThat(run.byIteration().get(1).totals().count(Figure.WAITING)).isEqualTo(1);
    assertThat(run.byIteration().get(1).metrics())
        .containsOnlyKeys(
            Figure.WAITING_AGE,
            Figure.WAITING_FOR_OUTPUT_AGE,
            Figure.UNFINISHED_REQUEST_AGE,
            Figure.OPEN_GAP);
    assertThat(run.byIteration().get(1).metrics().get(Figure.WAITING_AGE).mean()).isEqualTo(400);
    assertThat(run.byIteration().get(2).totals().requests()).isEqualTo(2);
    assertThat(run.byIteration().get(2).totals().count(Figure.TOTAL_OUTPUT_TOKENS)).isEqualTo(4);
    assertThat(run.byIteration().get(2).metrics().get(Figure.TTFT).mean())
        .as("of the two whose first token came in it, one of which ended later")
        .isEqualTo(300);
    assertThat(run.byIteration().get(2).metrics().get(Figure.E2E).count())
        .as("without the one that was written in the warm-up")
        .isEqualTo(1);
  }

  @Test
  void countsARequestThatHangsAsWaitingInEachIteration() {
    RunSummary run = Runs.of(WINDOW, TestResponse.between(2_500, 60_000).failed("timeout", "late"));

    assertThat(run.byIteration()).containsOnlyKeys(1, 2);
    assertThat(run.byIteration().get(1).metrics().get(Figure.WAITING_AGE).max()).isEqualTo(1_500);
    assertThat(run.byIteration().get(2).metrics().get(Figure.WAITING_AGE).max()).isEqualTo(3_500);
    assertThat(run.byIteration().get(2).totals().requests()).isZero();
  }

  @Test
  void ratesAreOverTheWholeIteration() {
    RunSummary run =
        Runs.of(
            WINDOW,
            TestResponse.streamed(0, 500),
            TestResponse.streamed(2000, 2500, 3000),
            TestResponse.streamed(0, 5000));

    assertThat(run.byIteration().get(-1).totals().values().get(Figure.REQUESTS_PER_SECOND))
        .isEqualTo(1.0);
    assertThat(run.byIteration().get(1).totals().values().get(Figure.OUTPUT_TOKENS_PER_SECOND))
        .isEqualTo(1.0);
    assertThat(run.byIteration().get(2).totals().values().get(Figure.REQUESTS_PER_SECOND))
        .as("over two seconds, though the run ended after one of them")
        .isEqualTo(0.5);
  }

  @Test
  void measuredIterationsAddUpToTheRunWithoutWarmUp() {
    List<Response> responses = ScopesAgreeTest.randomResponses(7, 300);
    Window window = Window.ofIterations(lengths(2), lengths(1, 3, 2));
    RunSummary run = Runs.of(window, responses);
    var measured = run.byIteration().tailMap(1).values();

    assertThat(measured).hasSize(3);
    assertThat(measured.stream().mapToLong(scope -> scope.totals().requests()).sum())
        .isEqualTo(run.overall().totals().requests());
    assertThat(measured.stream().mapToLong(scope -> scope.metrics().get(Figure.ICL).count()).sum())
        .isEqualTo(run.overall().metrics().get(Figure.ICL).count());
    assertThat(
            measured.stream()
                .mapToDouble(scope -> scope.totals().count(Figure.TOTAL_OUTPUT_TOKENS))
                .sum())
        .isCloseTo(run.overall().totals().count(Figure.TOTAL_OUTPUT_TOKENS), within(2.0));
    SameSummary.assertEqual(
        run, Runs.of(Window.of(Duration.ofSeconds(2), lengths(1, 3, 2)), responses), "byIteration");
  }

  @Test
  void keepsNoIterationsUnlessAsked() {
    assertThat(Runs.of(Runs.seconds(1, 2, 2), TestResponse.streamed(0, 1500)).byIteration())
        .isEmpty();
  }

  @Test
  void acceptsAWindowWithoutWarmUp() {
    Window window = Window.ofIterations(List.of(), lengths(1));

    assertThat(Runs.of(window, TestResponse.streamed(0, 500)).byIteration()).containsOnlyKeys(1);
    assertThatThrownBy(() -> Window.ofIterations(lengths(1, 0), lengths(1)))
        .hasMessageContaining("warm-up iteration");
  }
}
