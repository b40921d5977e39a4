package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.RunSummary.Arrivals;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class TokenRecorderTest {

  private static final Window ALL = Window.openEnded(Duration.ZERO);

  private static final class Notes implements ResponseSink {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void accept(Response response, String iteration) {
      lines.add(response.who().request() + " " + iteration);
    }

    @Override
    public void flush() {
      if (!lines.get(lines.size() - 1).equals("flushed")) {
        lines.add("flushed");
      }
    }

    @Override
    public void close() {
      lines.add("closed");
    }
  }

  @Test
  void comparesArrivalsInTheWindowWithTheirPlan() {
    TokenRecorder recorder =
        TokenRecorder.start(Runs.seconds(1, 4), Objectives.NONE, Deployment.UNKNOWN, List.of());
    recorder.recordArrivals(
        Optional.of(
            Stream.of(500, 1000, 2000, 3000, 4000, 9000, 7_200_000)
                .map(Duration::ofMillis)
                .iterator()));
    // all that is planned for the window is in the past
    long start = System.nanoTime() - TimeUnit.HOURS.toNanos(1);
    recorder.begin(start, 0);
    for (int millis : new int[] {4500, 1100, -3, 2600, 9000}) {
      recorder.recordArrival(start + TimeUnit.MILLISECONDS.toNanos(millis), true);
    }
    recorder.close();

    Arrivals arrivals = recorder.summary().arrivals();
    assertThat(arrivals.users()).isEqualTo(3);
    assertThat(arrivals.variation()).isCloseTo(0.2 / 1.7, within(1e-9));
    assertThat(arrivals.planned().users()).isEqualTo(4);
    assertThat(arrivals.planned().variation()).isZero();
  }

  @Test
  void knowsNoPlanWhereUsersComeWhoWereNotPlanned() {
    TokenRecorder recorder =
        TokenRecorder.start(Runs.seconds(0, 4), Objectives.NONE, Deployment.UNKNOWN, List.of());
    recorder.recordArrivals(Optional.of(List.of(Duration.ZERO).iterator()));
    long start = System.nanoTime() - TimeUnit.SECONDS.toNanos(4);
    recorder.begin(start, 0);
    recorder.recordArrival(start, false);
    recorder.recordArrival(start, true);
    recorder.close();

    assertThat(recorder.summary().arrivals().users()).isEqualTo(2);
    assertThat(recorder.summary().arrivals().planned()).isNull();
  }

  @Test
  void plansNoUsersForWhomNoConversationIsLeft() {
    TokenRecorder recorder =
        TokenRecorder.start(Runs.seconds(0, 4), Objectives.NONE, Deployment.UNKNOWN, List.of());
    recorder.recordArrivals(Optional.of(List.of(Duration.ofSeconds(2)).iterator()));
    recorder.noConversationLeft();
    long start = System.nanoTime() - TimeUnit.SECONDS.toNanos(4);
    recorder.begin(start, 0);
    recorder.recordArrival(start, true);
    recorder.record(endingAfter(1_000, start));
    recorder.close();

    assertThat(recorder.summary().arrivals().users()).isOne();
    assertThat(recorder.summary().arrivals().planned().users()).isZero();
    assertThat(recorder.summary().ranOut()).isTrue();
  }

  /** Returns a recorder of a window in seconds, with a response that ended after the first. */
  private static TokenRecorder begunFourSecondsAgo(long window) {
    TokenRecorder recorder =
        TokenRecorder.start(
            Runs.seconds(0, window), Objectives.NONE, Deployment.UNKNOWN, List.of());
    long start = System.nanoTime() - TimeUnit.SECONDS.toNanos(4);
    recorder.begin(start, 0);
    recorder.record(endingAfter(1_000, start));
    return recorder;
  }

  @Test
  void measuresToTheEndOfTheWindowWhereTheLoadWasIdleAtLast() {
    TokenRecorder over = begunFourSecondsAgo(4);
    over.close();

    assertThat(over.summary().durationSeconds()).isEqualTo(4);
    assertThat(over.summary().overall().totals().value(Figure.RESPONSES_PER_SECOND)).hasValue(0.25);
  }

  @Test
  void measuresToTheLastResponseWhereTheLoadEndsBeforeTheWindow() {
    TokenRecorder stopped = begunFourSecondsAgo(3_600);
    stopped.close();

    assertThat(stopped.summary().durationSeconds()).isEqualTo(1);
  }

  @Test
  void measuresToTheLastResponseWhereNoConversationIsLeft() {
    TokenRecorder ranOut = begunFourSecondsAgo(4);
    ranOut.noConversationLeft();
    ranOut.close();

    assertThat(ranOut.summary().durationSeconds()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"4, false, 4", "3600, false, 1", "4, true, 1"})
  void asksForTheMetricsOfTheServerUpToTheEndOfTheRun(long window, boolean ranOut, long end) {
    TokenRecorder recorder = begunFourSecondsAgo(window);
    if (ranOut) {
      recorder.noConversationLeft();
    }
    AtomicLong endNanos = new AtomicLong();
    recorder.setServer(
        nanos -> {
          endNanos.set(nanos);
          return ServerMetrics.NONE;
        });
    recorder.close();

    RunClock.Span whole = recorder.clock().windowUpTo(endNanos.get());
    assertThat(endNanos).hasValue(whole.toNanos());
    assertThat(whole.toNanos() - whole.fromNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(end));
  }

  @Test
  void endsWithoutTheMetricsOfTheServerIfTheyFail() {
    TokenRecorder recorder = begunFourSecondsAgo(4);
    recorder.setServer(
        nanos -> {
          throw new IllegalStateException("no metrics");
        });
    recorder.close();

    assertThat(recorder.summary().server()).isEqualTo(ServerMetrics.NONE);
    assertThat(recorder.sinkFailures()).containsOnlyKeys("the server's metrics");
  }

  private static Response endingAfter(long millis, long start) {
    long end = start + TimeUnit.MILLISECONDS.toNanos(millis);
    return ResponseBuilder.to("chat", "answer", 1).times(0, start, end).chunks(end).build();
  }

  @Test
  void doesNotRecordArrivalsOfAClosedLoad() {
    TokenRecorder recorder =
        TokenRecorder.start(ALL, Objectives.NONE, Deployment.UNKNOWN, List.of());
    recorder.begin(0, 0);
    recorder.recordArrival(5, true);
    recorder.close();

    assertThat(recorder.summary().arrivals()).isNull();
  }

  @Test
  void measuresElapsedTimeIndependentlyOfTheWallClock() {
    try (TokenRecorder recorder =
        TokenRecorder.start(ALL, Objectives.NONE, Deployment.UNKNOWN, List.of())) {
      assertThat(recorder.elapsedNanos()).isEmpty();

      // as if the wall clock had been set back by a day since the first request
      long tomorrow = System.currentTimeMillis() + TimeUnit.DAYS.toMillis(1);
      recorder.begin(System.nanoTime() - TimeUnit.HOURS.toNanos(1), tomorrow);

      assertThat(recorder.elapsedNanos().getAsLong())
          .isGreaterThanOrEqualTo(TimeUnit.HOURS.toNanos(1));
    }
  }

  @Test
  void comparesTheClocksByTheDatesOfResponses() {
    TokenRecorder recorder =
        TokenRecorder.start(ALL, Objectives.NONE, Deployment.UNKNOWN, List.of());
    recorder.begin(1_000, 1_795_777_200_000L);
    recorder.recordDate("Fri, 27 Nov 2026 11:00:05 GMT", 1_000, 2_000_001_000L);
    recorder.close();
    recorder.recordDate("Fri, 27 Nov 2026 12:00:00 GMT", 1_000, 2_000_001_000L);

    ServerClock clock = recorder.serverClock().orElseThrow();
    assertThat(clock.responses()).isEqualTo(1);
    assertThat(clock.atLeastNanos()).as("11:00:05 or later at 11:00:02").isEqualTo(3_000_000_000L);
    assertThat(clock.atMostNanos()).as("before 11:00:06 at 11:00:00").isEqualTo(6_000_000_000L);
  }

  @Test
  void includesEverythingThatAnyThreadRecordedBefore() throws Exception {
    int threads = 8;
    int responses = 2_000;
    CountDownLatch together = new CountDownLatch(threads);
    try (TokenRecorder recorder =
        TokenRecorder.start(ALL, Objectives.NONE, Deployment.UNKNOWN, List.of())) {
      recorder.begin(TestResponse.ORIGIN, 0);
      Runnable eventLoop =
          () -> {
            together.countDown();
            for (int i = 1; i <= responses; i++) {
              recorder.record(TestResponse.streamed(i, i + 1).build());
              if (i % 500 == 0) {
                assertThat(recorder.summary().overall().totals().requests())
                    .isGreaterThanOrEqualTo(i);
              }
            }
          };
      List<CompletableFuture<Void>> loops =
          IntStream.range(0, threads)
              .mapToObj(
                  i -> CompletableFuture.runAsync(eventLoop, task -> new Thread(task).start()))
              .toList();
      for (CompletableFuture<Void> loop : loops) {
        loop.get();
      }

      assertThat(recorder.summary().overall().totals().requests())
          .isEqualTo((long) threads * responses);
    }
  }

  @Test
  void callsSinksInOrderThenFlushesThenCloses() {
    Notes notes = new Notes();
    TokenRecorder recorder =
        TokenRecorder.start(
            Runs.seconds(1, 1), Objectives.NONE, Deployment.UNKNOWN, List.of(notes));
    recorder.begin(TestResponse.ORIGIN, 0);
    recorder.record(TestResponse.streamed(0, 500).request("early").build());
    recorder.summary();
    recorder.record(TestResponse.streamed(0, 1500).request("measured").build());
    recorder.summary();
    recorder.record(TestResponse.streamed(0, 2500).request("late").build());
    recorder.close();

    assertThat(notes.lines)
        .containsExactly(
            "early warmup", "flushed", "measured 1", "flushed", "late drain", "flushed", "closed");
  }

  /** Lines of requests.jsonl have the tokens that figures count. */
  @Test
  void countsTokensOfALeaverForFiguresAndSinksAlike() {
    List<Integer> tokens = new ArrayList<>();
    ResponseSink lines = (response, iteration) -> tokens.add(response.usage().outputTokens());
    TokenRecorder recorder =
        TokenRecorder.start(ALL, Objectives.NONE, Deployment.UNKNOWN, List.of(lines));
    recorder.record(TestResponse.streamed(0, 100, 200, 300, 400).output(12).build());
    recorder.record(
        TestResponse.streamed(0, 100, 200).source(OutputTokensSource.CHUNKS).abandoned().build());
    recorder.close();

    assertThat(tokens).containsExactly(12, 6);
    assertThat(recorder.summary().overall().totals().count(Figure.TOTAL_OUTPUT_TOKENS))
        .isEqualTo(18);
  }

  @Test
  void survivesASinkThatThrows() {
    Notes notes = new Notes();
    // its error is logged, and here on purpose
    ((Logger) LoggerFactory.getLogger(GuardedSink.class)).setLevel(Level.OFF);
    IOException noSpace = new IOException("No space left on device");
    ResponseSink fullDisk =
        new ResponseSink() {
          @Override
          public String what() {
            return "requests.jsonl";
          }

          @Override
          public void accept(Response response, String iteration) throws IOException {
            throw noSpace;
          }
        };
    TokenRecorder recorder =
        TokenRecorder.start(ALL, Objectives.NONE, Deployment.UNKNOWN, List.of(fullDisk, notes));
    recorder.record(TestResponse.streamed(0, 1).build());
    recorder.record(TestResponse.streamed(1, 2).build());
    recorder.close();

    assertThat(recorder.summary().overall().totals().requests()).isEqualTo(2);
    assertThat(notes.lines).contains("answer 1").endsWith("closed");
    assertThat(recorder.sinkFailures()).containsExactly(Map.entry("requests.jsonl", noSpace));
  }

  @Test
  void takesTheFirstBeginAsTheStart() {
    try (TokenRecorder recorder =
        TokenRecorder.start(Runs.seconds(1, 9), Objectives.NONE, Deployment.UNKNOWN, List.of())) {
      assertThat(recorder.startEpochMillis()).isEmpty();
      recorder.begin(TestResponse.nanos(0), 1_000);
      recorder.begin(TestResponse.nanos(5_000), 6_000);
      recorder.record(TestResponse.streamed(500, 3_000).build());

      assertThat(recorder.startEpochMillis()).hasValue(1_000);
      assertThat(recorder.summary().durationSeconds()).isEqualTo(2);
    }
  }

  @Test
  void takesTheFirstResponseAsTheStartWithoutABegin() {
    try (TokenRecorder recorder =
        TokenRecorder.start(Runs.seconds(1, 9), Objectives.NONE, Deployment.UNKNOWN, List.of())) {
      recorder.record(TestResponse.streamed(500, 3_000).build());

      assertThat(recorder.summary().durationSeconds()).isEqualTo(1.5);
      assertThat(recorder.startEpochMillis()).hasValue(500);
    }
  }

  @Test
  void recordsWhatIsQueuedWhenItCloses() {
    TokenRecorder recorder =
        TokenRecorder.start(ALL, Objectives.NONE, Deployment.UNKNOWN, List.of());
    recorder.record(TestResponse.streamed(0, 1).build());
    recorder.close();
    recorder.close();

    assertThat(recorder.summary().overall().totals().requests()).isEqualTo(1);
  }

  @Test
  void countsResponsesAfterTheCloseAsLate() {
    TokenRecorder recorder =
        TokenRecorder.start(ALL, Objectives.NONE, Deployment.UNKNOWN, List.of());
    assertThat(recorder.record(TestResponse.streamed(0, 1).build())).isTrue();
    recorder.close();
    assertThat(recorder.record(TestResponse.streamed(0, 1).build())).isFalse();
    assertThat(recorder.record(TestResponse.streamed(0, 1).build())).isFalse();

    assertThat(recorder.summary().overall().totals().requests()).isEqualTo(1);
    assertThat(recorder.lateResponses()).isEqualTo(2);
  }

  @Test
  void countsEveryResponseOfAShutdownEitherInTheSummaryOrAsLate() throws Exception {
    int threads = 4;
    int responses = 5_000;
    CountDownLatch underWay = new CountDownLatch(threads);
    TokenRecorder recorder =
        TokenRecorder.start(ALL, Objectives.NONE, Deployment.UNKNOWN, List.of());
    recorder.begin(TestResponse.ORIGIN, 0);
    Runnable eventLoop =
        () -> {
          for (int i = 1; i <= responses; i++) {
            recorder.record(TestResponse.streamed(i, i + 1).build());
            underWay.countDown();
          }
        };
    List<CompletableFuture<Void>> loops =
        IntStream.range(0, threads)
            .mapToObj(i -> CompletableFuture.runAsync(eventLoop, task -> new Thread(task).start()))
            .toList();
    underWay.await();
    recorder.close();
    for (CompletableFuture<Void> loop : loops) {
      loop.get();
    }

    assertThat(recorder.summary().overall().totals().requests() + recorder.lateResponses())
        .isEqualTo((long) threads * responses);
  }

  @Test
  void refusesASummaryToItsOwnSink() {
    CompletableFuture<TokenRecorder> self = new CompletableFuture<>();
    CompletableFuture<Throwable> refusal = new CompletableFuture<>();
    ResponseSink impatient =
        (response, iteration) -> {
          try {
            self.join().summary();
          } catch (IllegalStateException refused) {
            refusal.complete(refused);
          }
        };
    TokenRecorder recorder =
        TokenRecorder.start(ALL, Objectives.NONE, Deployment.UNKNOWN, List.of(impatient));
    self.complete(recorder);
    recorder.record(TestResponse.streamed(0, 1).build());
    recorder.close();

    assertThat(refusal).isCompleted();
  }
}
