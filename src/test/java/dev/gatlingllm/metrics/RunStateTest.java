package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.metrics.RunState.ClientState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Runs come back from their state, and several add up to the one that saw it all. */
class RunStateTest {

  private static final Window ITERATIONS =
      Window.ofIterations(
          List.of(Duration.ofSeconds(1), Duration.ofSeconds(1)),
          List.of(Duration.ofSeconds(3), Duration.ofSeconds(4)));

  private static final Objectives OBJECTIVES = Objectives.parse("ttft<150ms,tpot<=140ms");

  private static List<Response> randomReplies(long seed, int count) {
    Random random = new Random(seed);
    List<Response> replies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double written = random.nextInt(12_000);
      double[] chunks = new double[1 + random.nextInt(20)];
      double at = written;
      for (int c = 0; c < chunks.length; c++) {
        chunks[c] = at += random.nextInt(300_000) / 1e3;
      }
      long user = random.nextInt(12);
      int conversation = random.nextInt(5);
      Reply reply =
          Reply.streamed(written, chunks)
              .conversation(user, "c" + conversation)
              // every chunk the same share: sums of shares do not depend on their order
              .output(chunks.length * (1 + random.nextInt(3)))
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
      replies.add((random.nextInt(5) == 0 ? reply.failed("timeout", "late") : reply).measured());
    }
    return replies;
  }

  private static List<Response> where(List<Response> replies, int shard, int shards) {
    return replies.stream().filter(reply -> reply.who().user() % shards == shard).toList();
  }

  private static void same(RunSummary actual, RunSummary expected) {
    assertThat(Digits.of(actual)).isEqualTo(Digits.of(expected));
  }

  @Property(tries = 6)
  void aRunComesBackToTheLastDigit(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 200) int count) {
    List<Response> replies = randomReplies(seed, count);

    for (Window window :
        List.of(Window.openEnded(Duration.ofSeconds(3)), Runs.seconds(2, 3, 4), ITERATIONS)) {
      RunState state = Runs.state(window, OBJECTIVES, replies);
      same(state.summary(), Runs.of(window, OBJECTIVES, replies));
    }
  }

  @Property(tries = 6)
  void shardsAddUpToTheRunThatSawThemAll(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int shards) {
    List<Response> replies = randomReplies(seed, 200);
    for (Window window : List.of(Runs.seconds(2, 8), ITERATIONS)) {
      List<RunState> states = new ArrayList<>();
      for (int shard = 0; shard < shards; shard++) {
        states.add(Runs.state(window, OBJECTIVES, where(replies, shard, shards)));
      }

      same(RunState.merged(states).summary(), Runs.of(window, OBJECTIVES, replies));
    }
  }

  private static RunState run(Window window, Reply... replies) {
    return Runs.state(
        window, Objectives.NONE, Arrays.stream(replies).map(Reply::measured).toList());
  }

  @Test
  void timelinesMeetOnTheWallClock() {
    Window window = Runs.seconds(1, 4);
    RunState early =
        States.at(50_000, run(window, Reply.streamed(1_200, 1_500), Reply.between(0, 4_900)));
    RunState late =
        States.at(52_100, run(window, Reply.streamed(1_200, 1_500), Reply.between(0, 4_900)));

    RunState merged = RunState.merged(List.of(late, early));
    RunSummary summary = merged.summary();

    assertThat(merged.startEpochMillis()).isEqualTo(50_000);
    assertThat(summary.durationSeconds()).as("from 51.0 s to 57.0 s").isEqualTo(6);
    assertThat(summary.overall().timeline())
        .filteredOn(second -> second.requests() > 0)
        .extracting(ScopeSummary.Second::second)
        .containsExactly(0L, 2L, 3L, 5L);
    assertThat(summary.overall().totals().requestsPerSecond()).isEqualTo(4 / 6.0);
  }

  @Test
  void conversationsOfSeveralLoadGeneratorsAreNotTheSameEvenIfTheySayTheSame() {
    Window window = Runs.seconds(0, 9);
    RunState one =
        run(
            window,
            Reply.streamed(0, 100).conversation(1, "a"),
            Reply.streamed(200, 300).conversation(1, "a").turn(2),
            Reply.streamed(400, 500).conversation(2, "a"));
    RunState other = run(window, Reply.streamed(0, 100).conversation(1, "a"));

    RunSummary merged = RunState.merged(List.of(one, other)).summary();

    assertThat(merged.overall().totals().conversations()).isEqualTo(3);
    assertThat(merged.repeatedConversations()).isEqualTo(2);
  }

  @Test
  void whatOneRunKeptNoTimelineOfHasNoneInTheSum() {
    Window window = Runs.seconds(0, 9);
    Reply[] many = new Reply[RunAggregate.MAX_DETAILED_REQUESTS + 1];
    Arrays.setAll(many, i -> Reply.streamed(i, 100 + i).request("request " + i));
    String last = "request " + RunAggregate.MAX_DETAILED_REQUESTS;

    RunSummary merged =
        RunState.merged(
                List.of(run(window, many), run(window, Reply.streamed(0, 100).request(last))))
            .summary();

    assertThat(merged.byRequest().get(last).timeline()).isEmpty();
    assertThat(merged.byRequest().get(last).byTurn()).isEmpty();
    assertThat(merged.byRequest().get(last).totals().requests()).isEqualTo(2);
    assertThat(merged.byRequest().get("request 0").timeline()).isNotEmpty();
  }

  @Test
  void ofTheLoadGeneratorsHealthTheWorstIsKept() {
    RunState run = run(Runs.seconds(0, 9), Reply.streamed(0, 100));
    ValueHistogram lag = ValueHistogram.ofMillis(3);
    lag.add(4);
    RunState strained = States.with(new ClientState(lag.state(), 80.0, 20.0), run);
    RunState busy = States.with(new ClientState(null, 10.0, 95.0), run);

    ClientHealth health = RunState.merged(List.of(strained, busy, run)).summary().client();

    assertThat(health.gcPauseMillis()).isEqualTo(80);
    assertThat(health.cpuPercent()).isEqualTo(95);
    assertThat(health.eventLoopLag().count()).isEqualTo(1);
  }

  @Test
  void differentObjectivesCannotBeAddedUp() {
    RunState judged = Runs.state(Runs.seconds(0, 9), OBJECTIVES, List.of());
    RunState other = Runs.state(Runs.seconds(0, 9), Objectives.NONE, List.of());

    assertThatThrownBy(() -> RunState.merged(List.of(judged, other)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("objectives");
  }
}
