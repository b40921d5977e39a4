package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LiveFiguresTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final LiveFigures live = new LiveFigures();

  @Test
  void eachLookIsAtTheTimeSinceTheLastOne() {
    live.written(0);
    live.firstToken(20_000_000);
    live.chunks(1);
    live.chunks(9);

    LiveMoment first = live.since(2 * SECOND);
    live.chunks(3);
    LiveMoment second = live.since(3 * SECOND);

    assertThat(first.seconds()).isEqualTo(2);
    assertThat(first.outputTokensPerSecond()).isEqualTo(5);
    assertThat(first.ttftP50()).isCloseTo(20, within(0.2));
    assertThat(second.seconds()).isEqualTo(1);
    assertThat(second.outputTokensPerSecond()).isEqualTo(3);
    assertThat(second.ttftP95()).as("none came").isNaN();
  }

  @Test
  void theFirstLookBeginsWithTheFirstRequest() {
    live.written(5 * SECOND);
    live.written(6 * SECOND);

    assertThat(live.since(7 * SECOND).seconds()).isEqualTo(2);
  }

  @Test
  void requestsInFlightAreThoseThatWereWrittenAndHaveNotEnded() {
    live.written(0);
    live.written(0);
    live.written(0);
    live.ended();

    assertThat(live.since(SECOND).activeStreams()).isEqualTo(2);
  }

  @Test
  void chunksCountForAsManyTokensAsThoseOfRepliesThatHaveEnded() {
    live.written(0);
    live.accept(Reply.streamed(0, 1, 2).output(6).measured(), "1");
    live.chunks(10);

    assertThat(live.since(SECOND).outputTokensPerSecond()).isEqualTo(30);
  }

  @Test
  void hitsAreWeightedByTokensAndOfTheRepliesThatReportThem() {
    live.written(0);
    live.accept(Reply.streamed(0, 1).input(100).cached(0).measured(), "1");
    live.accept(Reply.streamed(0, 1).input(300).cached(200).measured(), "1");
    live.accept(Reply.streamed(0, 1).input(5_000).measured(), "1");

    assertThat(live.since(SECOND).cacheHitPercent()).isEqualTo(50);
    assertThat(live.since(2 * SECOND).cacheHitPercent()).as("none ended").isNaN();
  }

  @Test
  void failuresAndThePartOfTheRunAreTold() {
    live.written(0);
    assertThat(live.since(SECOND).iteration()).isEqualTo("warmup");
    live.accept(Reply.streamed(0, 1).failed("timeout", "late").measured(), "1");

    LiveMoment moment = live.since(2 * SECOND);

    assertThat(moment.failed()).isEqualTo(1);
    assertThat(moment.iteration()).isEqualTo("1");
    assertThat(live.since(3 * SECOND).failed()).isZero();
  }
}
