package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LiveFiguresTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final LiveFigures live = new LiveFigures();

  @Test
  void coversTheTimeSinceTheLastCall() {
    live.recordWritten(0);
    live.recordFirstToken(20_000_000);
    live.recordChunks(1);
    live.recordChunks(9);

    LiveSummary first = live.since(2 * SECOND);
    live.recordChunks(3);
    LiveSummary second = live.since(3 * SECOND);

    assertThat(first.seconds()).isEqualTo(2);
    assertThat(first.outputTokensPerSecond()).isEqualTo(5);
    assertThat(first.ttftP50()).isCloseTo(20, within(0.2));
    assertThat(second.seconds()).isEqualTo(1);
    assertThat(second.outputTokensPerSecond()).isEqualTo(3);
    assertThat(second.ttftP95()).as("none came").isNaN();
  }

  @Test
  void firstCallCoversTheTimeSinceTheFirstRequest() {
    live.recordWritten(5 * SECOND);
    live.recordWritten(6 * SECOND);

    assertThat(live.since(7 * SECOND).seconds()).isEqualTo(2);
  }

  @Test
  void coversNoTimeBeforeTheFirstRequest() {
    assertThat(live.since(9 * SECOND).seconds()).isZero();
    live.recordWritten(10 * SECOND);

    assertThat(live.since(12 * SECOND).seconds()).isEqualTo(2);
  }

  @Test
  void countsRequestsInFlight() {
    live.recordWritten(0);
    live.recordWritten(0);
    live.recordWritten(0);
    live.recordEnd();

    assertThat(live.since(SECOND).activeStreams()).isEqualTo(2);
  }

  @Test
  void estimatesTokensByTheTokensPerChunkOfEndedResponses() {
    live.recordWritten(0);
    live.accept(TestResponse.streamed(0, 1, 2).output(6).build(), "1");
    live.recordChunks(10);

    assertThat(live.since(SECOND).outputTokensPerSecond()).isEqualTo(30);
  }

  @Test
  void countsPromptsWithoutAReportAsUncachedOnceTheServerReportsAny() {
    live.recordWritten(0);
    live.accept(TestResponse.streamed(0, 1).input(5_000).build(), "1");
    assertThat(live.since(SECOND).cacheHitPercent()).as("never reported").isNaN();

    live.accept(TestResponse.streamed(0, 1).input(300).cached(200).build(), "1");
    live.accept(TestResponse.streamed(0, 1).input(100).build(), "1");

    assertThat(live.since(SECOND).cacheHitPercent()).isEqualTo(50);
    assertThat(live.since(2 * SECOND).cacheHitPercent()).as("none ended").isNaN();
  }

  @Test
  void reportsFailures() {
    live.recordWritten(0);
    live.accept(TestResponse.streamed(0, 1).failed("timeout", "late").build(), "1");

    assertThat(live.since(2 * SECOND).failed()).isEqualTo(1);
    assertThat(live.since(3 * SECOND).failed()).isZero();
  }

  @Test
  void namesTheIterationInWhichMostOfTheTimeWas() {
    RunClock clock =
        new RunClock(Window.of(Duration.ofSeconds(5), List.of(Duration.ofSeconds(20))));
    live.setClock(clock);
    clock.begin(0, 0);
    live.recordWritten(0);

    assertThat(live.since(5 * SECOND).iteration()).isEqualTo("warmup");
    assertThat(live.since(10 * SECOND).iteration()).isEqualTo("1");
    assertThat(live.since(25 * SECOND).iteration()).isEqualTo("1");
    assertThat(live.since(30 * SECOND).iteration()).isEqualTo("drain");
  }
}
