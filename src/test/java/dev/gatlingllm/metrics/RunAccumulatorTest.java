package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Runs survive their file, and shards add up to the run of one load generator. */
class RunAccumulatorTest {

  private static final Window ITERATIONS =
      Window.ofIterations(
          List.of(Duration.ofSeconds(1), Duration.ofSeconds(1)),
          List.of(Duration.ofSeconds(3), Duration.ofSeconds(4)));

  private static final Objectives OBJECTIVES = Objectives.parse("ttft<150ms,tpot<=140ms");

  private static List<Response> randomResponses(long seed, int count) {
    Random random = new Random(seed);
    List<Response> responses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double written = random.nextInt(12_000);
      double[] chunks = new double[1 + random.nextInt(20)];
      double at = written;
      for (int c = 0; c < chunks.length; c++) {
        chunks[c] = at += random.nextInt(300_000) / 1e3;
      }
      long user = random.nextInt(12);
      int conversation = random.nextInt(5);
      TestResponse response =
          TestResponse.streamed(written, chunks)
              .conversation(user, "c" + conversation)
              .output(chunks.length + random.nextInt(9))
              .request("request " + random.nextInt(3))
              .group(30 * random.nextInt(4))
              .turn(1 + 25 * random.nextInt(4))
              .attempt(1 + random.nextInt(2))
              .dropped(random.nextInt(2) * 100)
              .firstOutput(at)
              .input(random.nextInt(5_000))
              .expected(random.nextInt(5_000), random.nextInt(900))
              .scheduleDelay(random.nextInt(1_000) / 1e3)
              .cached(random.nextInt(600) - 1);
      responses.add(
          (random.nextInt(5) == 0 ? response.failed("timeout", "late") : response).build());
    }
    return responses;
  }

  private static List<Response> where(List<Response> responses, int shard, int shards) {
    return responses.stream().filter(response -> response.who().user() % shards == shard).toList();
  }

  @Property(tries = 6)
  void writtenAndReadAgainHasTheSameSummary(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 200) int count) {
    List<Response> responses = randomResponses(seed, count);

    for (Window window :
        List.of(Window.openEnded(Duration.ofSeconds(3)), Runs.seconds(2, 3, 4), ITERATIONS)) {
      RunAccumulator run = Runs.accumulator(window, OBJECTIVES, responses);
      SameSummary.assertEqual(Accumulators.reread(run).summary(), run.summary());
    }
  }

  @Test
  void keepsAllDetailsOfManyRequestsWhenReadAgain() {
    TestResponse[] many = new TestResponse[2 * RunAccumulator.MAX_DETAILED_REQUESTS];
    Arrays.setAll(many, i -> TestResponse.streamed(i, 100 + i).request("request " + i));
    RunAccumulator run = run(Runs.seconds(0, 9), many);

    SameSummary.assertClose(Accumulators.reread(run).summary(), run.summary());
    SameSummary.assertClose(Runs.merged(List.of(run)).summary(), run.summary());
  }

  @Property(tries = 6)
  void shardsMergeIntoTheUnsplitRun(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int shards) {
    List<Response> responses = randomResponses(seed, 200);
    for (Window window : List.of(Runs.seconds(2, 8), ITERATIONS)) {
      List<RunAccumulator> states = new ArrayList<>();
      for (int shard = 0; shard < shards; shard++) {
        states.add(Runs.accumulator(window, OBJECTIVES, where(responses, shard, shards)));
      }

      SameSummary.assertClose(
          Runs.merged(states).summary(), Runs.of(window, OBJECTIVES, responses));
    }
  }

  @Example
  void shardsMergeWhereFractionsOfTokensAddUpToAHalf() {
    shardsMergeIntoTheUnsplitRun(-3137499020L, 3);
  }

  @Example
  void shardsMergeWhereTheClockIsNegativeAndNoFinishReasonCame() {
    shardsMergeIntoTheUnsplitRun(13, 2);
  }

  private static RunAccumulator run(Window window, TestResponse... responses) {
    return Runs.accumulator(
        window, Objectives.NONE, Arrays.stream(responses).map(TestResponse::build).toList());
  }

  @Test
  void countsAllFirstTokensInTheWindowAsServersDo() {
    RunAccumulator run =
        run(
            Runs.seconds(1, 4),
            TestResponse.streamed(200, 900),
            TestResponse.streamed(800, 1_200),
            TestResponse.streamed(2_000, 2_100),
            TestResponse.streamed(2_000, 2_400).failed("timeout", "late"),
            TestResponse.streamed(4_900, 5_100));

    assertThat(run.summary().firstTokens()).isEqualTo(new RunSummary.FirstTokens(3, 900, 0));
  }

  /** A server counts the first token that it generates, be it one that it never sends. */
  @Test
  void seesNoFirstTokenOfHiddenReasoning() {
    RunAccumulator run =
        run(
            Runs.seconds(0, 9),
            TestResponse.streamed(0, 100, 400).output(2),
            TestResponse.streamed(0, 3_000, 3_300).output(200).hidden(198));

    assertThat(run.summary().firstTokens()).isEqualTo(new RunSummary.FirstTokens(1, 100, 1));
  }

  @Test
  void seesNoFirstTokenOfAResponseInOnePiece() {
    RunAccumulator run =
        run(
            Runs.seconds(0, 9),
            TestResponse.streamed(0, 100, 400).output(20),
            TestResponse.streamed(0, 400).output(20),
            TestResponse.streamed(0, 50).output(1));

    assertThat(run.summary().firstTokens()).isEqualTo(new RunSummary.FirstTokens(2, 150, 1));
  }

  @Test
  void mergesTimelinesByWallClock() {
    Window window = Runs.seconds(1, 4);
    RunAccumulator early =
        Accumulators.at(
            50_000,
            run(window, TestResponse.streamed(1_200, 1_500), TestResponse.between(0, 4_900)));
    RunAccumulator late =
        Accumulators.at(
            52_100,
            run(window, TestResponse.streamed(1_200, 1_500), TestResponse.between(0, 4_900)));

    RunAccumulator merged = Runs.merged(List.of(late, early));
    RunSummary summary = merged.summary();

    assertThat(merged.startEpochMillis()).isEqualTo(50_000);
    assertThat(summary.durationSeconds()).as("from 51.0 s to 57.0 s").isEqualTo(6);
    assertThat(summary.overall().timeline())
        .filteredOn(second -> second.requests() > 0)
        .extracting(ScopeSummary.Second::second)
        .containsExactly(0L, 2L, 3L, 5L);
  }

  @Test
  void ratesOfAMergeAreOverTheTimeFromTheFirstOpeningToTheLastClosing() {
    Window window = Runs.seconds(0, 60);
    TestResponse[] responses =
        IntStream.rangeClosed(1, 60)
            .mapToObj(second -> TestResponse.streamed(second * 1_000 - 900, second * 1_000))
            .toArray(TestResponse[]::new);
    RunAccumulator early = Accumulators.at(50_000, run(window, responses));
    RunAccumulator late = Accumulators.at(53_000, run(window, responses));
    RunAccumulator halfAsLong = run(Runs.seconds(0, 30), responses);

    RunAccumulator two = Runs.merged(List.of(early, late));
    RunAccumulator three =
        Runs.merged(List.of(Accumulators.reread(two), Accumulators.at(51_000, halfAsLong)));

    assertThat(rate(early)).isCloseTo(59 / 60.0, within(1e-9));
    assertThat(rate(two)).isCloseTo(2 * 59 / 63.0, within(1e-9));
    assertThat(rate(three)).isCloseTo((2 * 59 + 29) / 63.0, within(1e-9));
  }

  @Test
  void aShardThatComesLateAndEndsEarlyDoesNotRaiseTheRatesOfTheMerge() {
    Window window = Window.openEnded(Duration.ZERO);
    RunAccumulator whole =
        run(
            window,
            TestResponse.streamed(0, 1_000),
            TestResponse.streamed(2_000, 3_000),
            TestResponse.streamed(9_000, 10_000));
    RunAccumulator one =
        run(window, TestResponse.streamed(0, 1_000), TestResponse.streamed(9_000, 10_000));
    RunAccumulator other = run(window, TestResponse.streamed(0, 1_000));

    RunAccumulator merged =
        Runs.merged(List.of(Accumulators.at(50_000, one), Accumulators.at(52_000, other)));

    assertThat(rate(whole)).isCloseTo(0.3, within(1e-9));
    assertThat(rate(merged)).isCloseTo(0.3, within(1e-9));
  }

  private static double rate(RunAccumulator run) {
    return run.summary().overall().totals().value(Figure.REQUESTS_PER_SECOND).orElseThrow();
  }

  @Test
  void countsEqualConversationsOfTwoLoadGeneratorsAsTwo() {
    Window window = Runs.seconds(0, 9);
    RunAccumulator one =
        run(
            window,
            TestResponse.streamed(0, 100).conversation(1, "a"),
            TestResponse.streamed(200, 300).conversation(1, "a").turn(2),
            TestResponse.streamed(400, 500).conversation(2, "a"));
    RunAccumulator other = run(window, TestResponse.streamed(0, 100).conversation(1, "a"));

    RunSummary merged = Runs.merged(List.of(one, other)).summary();

    assertThat(merged.overall().totals().count(Figure.CONVERSATIONS)).isEqualTo(3);
    assertThat(merged.repeatedConversations()).isEqualTo(2);
  }

  @Test
  void dropsTheTimelineOfARequestIfOneRunHasNone() {
    Window window = Runs.seconds(0, 9);
    TestResponse[] many = new TestResponse[RunAccumulator.MAX_DETAILED_REQUESTS + 1];
    Arrays.setAll(many, i -> TestResponse.streamed(i, 100 + i).request("request " + i));
    String last = "request " + RunAccumulator.MAX_DETAILED_REQUESTS;

    RunSummary merged =
        Runs.merged(
                List.of(
                    run(window, many), run(window, TestResponse.streamed(0, 100).request(last))))
            .summary();

    assertThat(merged.byRequest().get(last).timeline()).isEmpty();
    assertThat(merged.byRequest().get(last).byTurn()).isEmpty();
    assertThat(merged.byRequest().get(last).totals().requests()).isEqualTo(2);
    assertThat(merged.byRequest().get("request 0").timeline()).isNotEmpty();
  }

  @Test
  void keepsTheWorstHealthOfTheLoadGenerators() {
    RunAccumulator strained = run(Runs.seconds(0, 9), TestResponse.streamed(0, 100));
    strained.client().addLag(0, 4);
    strained.client().setUse(new ProcessUse(0, 0, 1, 0), new ProcessUse(100, 20, 1, 80));
    RunAccumulator busy = run(Runs.seconds(0, 9), TestResponse.streamed(0, 100));
    busy.client().addLag(0, 7);
    busy.client().setUse(new ProcessUse(0, 0, 1, 0), new ProcessUse(100, 95, 1, 10));
    RunAccumulator run = run(Runs.seconds(0, 9), TestResponse.streamed(0, 100));

    ClientHealth health = Runs.merged(List.of(strained, busy, run)).summary().client();

    assertThat(health.gcPauseMillis()).isEqualTo(80);
    assertThat(health.cpuPercent()).isEqualTo(95);
    assertThat(health.eventLoopLag().count()).isEqualTo(2);
    assertThat(health.worstLoopLag().min()).isEqualTo(7);
  }

  @Test
  void refusesToMergeDifferentObjectives() {
    RunAccumulator judged = Runs.accumulator(Runs.seconds(0, 9), OBJECTIVES, List.of());
    RunAccumulator other = Runs.accumulator(Runs.seconds(0, 9), Objectives.NONE, List.of());

    assertThatThrownBy(() -> Runs.merged(List.of(judged, other)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("objectives");
  }
}
