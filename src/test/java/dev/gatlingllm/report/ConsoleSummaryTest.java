package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.ClientHealth;
import dev.gatlingllm.metrics.Deployment;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.Response.Status;
import dev.gatlingllm.metrics.ResponseBuilder;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.RunSummary.Arrivals;
import dev.gatlingllm.metrics.RunSummary.FirstTokens;
import dev.gatlingllm.metrics.ServerMetrics;
import dev.gatlingllm.metrics.ServerMetrics.Observed;
import dev.gatlingllm.metrics.ServerSignal;
import dev.gatlingllm.metrics.TokenRecorder;
import dev.gatlingllm.metrics.Window;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleSummaryTest {

  private static final long SECOND = 1_000_000_000;

  @Test
  void summarizesABusyRun() {
    assertThat(ConsoleSummary.of(SampleRun.busy()))
        .isEqualTo(
            """
            ========================================================================================================================
            ---- Verdict -----------------------------------------------------------------------------------------------------------
            > BAD. Objectives missed: 89.3 % of requests met TTFT < 500 ms (93.3 %), TPOT <= 50 ms (90.3 %)
            > 0.8 % of responses failed: http 429 rate_limit_error 61, truncated 23
            > Steady: TTFT went from 149 ms to 143 ms over the window (95 % interval of the change -17.9 ms to +4.77 ms)
            > Cache works: 69.0 % of prompt tokens of turns were hits, 78.3 % had been sent before
            > The load generator kept up: event loops were at most 1.28 ms late at p99
            ---- Load --------------------------------------------------------------------------------------------------------------
            > ReportSimulation: chat: constantConcurrentUsers(64, 300 seconds)
            > server: http://gpu-box:8000
            > measured 60.0 s
            > arrivals: 612 users, 10.2/s, variation 1.03; planned: 600 users, 10/s, variation 0.98
            ---- Responses ---------------------------------------------------------------------------------------------------------
            > OK                                                                                                              10,990
            > KO                                                                                                                  84
            > responses/s                                                                                                      183.2
            > goodput                                                                                                89.3 %, 164.9/s
            >   ttft < 500 ms                                                                                                 93.3 %
            >   tpot <= 50 ms                                                                                                 90.3 %
            > TTFT p50 of cold and warm prompts                                                                       374 and 149 ms
            >   ratio of geometric means                                        warm 2.43 times as fast (95 % interval 2.37 to 2.48)
            ---- Failures ----------------------------------------------------------------------------------------------------------
            > http 429 rate_limit_error                                                                                           61
                Rate limit reached for requests per minute: limit 3000, used 3000. Please try again in 20ms.
            > truncated                                                                                                           23
                the stream ended without [DONE]
            ---- Times (ms) --------------------------------|---count---|---mean----|----p50----|----p95----|----p99----|----max----
            > TTFT                                          |     10,990|        160|        141|        326|        446|        804
            > ICL                                           |     43,960|       22.4|       21.0|       35.5|       47.9|        506
            > TPOT                                          |     10,990|       22.2|       22.0|       28.1|       31.2|       39.5
            > E2E                                           |     10,990|      1,580|      1,512|      2,496|      3,042|      4,992
            ---- Tokens ------------------------------------------------------------------------------------------------------------
            > input tokens                                                                                                10,728,572
            > output tokens                                                                                                  708,175
            > cached tokens                                                                                                7,353,939
            > cache hit                                                                                                       68.5 %
            > output tokens/s                                                                                               11,802.9
            ---- Findings ----------------------------------------------------------------------------------------------------------
            > 42 prompts omitted earlier turns, 43,008 tokens in total, to fit the context window. Where a prompt omits more of them
              than the one before it, the server's prefix cache cannot hold what follows the gap.
            ========================================================================================================================
            """);
  }

  @ParameterizedTest
  @CsvSource({"99996, > 99.9 %", "100000, 100.0 %", "4, < 0.1 %", "0, 0.0 %", "99940, 99.9 %"})
  void roundsNoPercentageToAllOrNothing(int cached, String shown) {
    assertThat(
            summaryOf(response().promptTokens(100_000, cached).output(3, OutputTokensSource.USAGE)))
        .containsPattern("> cache hit +" + shown + "\n");
  }

  @Test
  void namesTheSimulatedServerOfARunThatHasNoOther() {
    RunInfo info = SampleRun.withSettings(Map.of("baseUrl", "embedded simulated server"));

    assertThat(ConsoleSummary.of(new RunReport(info, SampleRun.busy().summary())))
        .contains("\n> server: embedded simulated server\n");
  }

  @Test
  void usersWhoWereToComeAtOnceHaveNoRate() {
    Arrivals planned = new Arrivals(100, 5, null, null);

    assertThat(ConsoleSummary.arrivals(new Arrivals(98, 4.9, 3.2, planned)))
        .isEqualTo("98 users; planned: 100 users at once");
    assertThat(ConsoleSummary.arrivals(new Arrivals(98, 4.9, null, planned)))
        .as("merged runs, of which no variation is known")
        .isEqualTo("98 users, 4.9/s; planned: 100 users, 5/s");
  }

  @Test
  void showsNoPercentileOfTooFewSamples() {
    ResponseBuilder[] responses = new ResponseBuilder[30];
    for (int i = 1; i <= 30; i++) {
      responses[i - 1] =
          ResponseBuilder.to("chat", "answer", i)
              .times(0, 0, 4_000_000L * i)
              .chunks(2_000_000L * i, 4_000_000L * i)
              .output(2, OutputTokensSource.USAGE);
    }

    assertThat(summaryOf(responses))
        .contains(
            """
            > TTFT                                          |         30|       31.0|       31.0|       58.9|          -|       60.0
            """);
  }

  @Test
  void saysOnlyOnceThatAnAssertionFailed() {
    RunReport busy = SampleRun.busy();
    Finding failed =
        Finding.warning(RunReport.ASSERTION_FAILED, "TTFT p95 is less than 1 ms, but it is 2");

    assertThat(
            ConsoleSummary.of(
                new RunReport(busy.info().withRemarks(List.of(failed)), busy.summary())))
        .containsOnlyOnce(failed.text());
  }

  private static String summaryOf(ResponseBuilder... responses) {
    return summaryOf(Duration.ZERO, responses);
  }

  private static String summaryOf(Duration warmUp, ResponseBuilder... responses) {
    TokenRecorder recorder =
        TokenRecorder.start(
            Window.openEnded(warmUp), Objectives.NONE, Deployment.UNKNOWN, List.of());
    recorder.begin(0, 0);
    for (ResponseBuilder response : responses) {
      recorder.record(response.build());
    }
    recorder.close();
    return ConsoleSummary.of(new RunReport(SampleRun.INFO, recorder.summary()));
  }

  private static ResponseBuilder response() {
    return ResponseBuilder.to("support", "answer", 1).times(0, 0, 40_000_000).chunks(1_000_000);
  }

  @Test
  void showsBothBoundsOfTheCacheHitRate() {
    assertThat(
            summaryOf(
                response().promptTokens(100, -1).output(3, OutputTokensSource.USAGE),
                response().promptTokens(100, 80).output(3, OutputTokensSource.USAGE)))
        .contains(
            "> cache hit                                                                           "
                + "                  40.0 % to 80.0 %");
    assertThat(
            summaryOf(
                response().promptTokens(100, -1).output(3, OutputTokensSource.USAGE),
                response().promptTokens(-1, 80).output(3, OutputTokensSource.USAGE)))
        .as("the server reports cached tokens, but of no prompt of known length")
        .contains(
            "> cache hit                                                                           "
                + "                    at least 0.0 %");
  }

  @Test
  void saysHowItKnowsWhichPromptsWereWarm() {
    assertThat(summaryOf(prompt(0, -1), prompt(0, -1), prompt(90, -1), prompt(90, -1)))
        .containsPattern("cold and warm prompts +1.00 and 1.00 ms, by what had been sent before\n");
    assertThat(summaryOf(prompt(0, 0), prompt(0, 0), prompt(90, 80), prompt(90, 80)))
        .containsPattern("cold and warm prompts +1.00 and 1.00 ms\n");
  }

  /**
   * Later turns that bring new text are longer, and take as long although most of them is cached.
   */
  @Test
  void comparesNoPromptsOfOtherLengths() {
    ResponseBuilder longer = prompt(0, 400).promptTokens(500, 400);
    assertThat(summaryOf(prompt(0, 0), prompt(0, 0), longer, longer))
        .containsPattern("geometric means +not comparable: warm prompts are 5.00 times as long\n")
        .doesNotContain("no difference shown");

    ResponseBuilder faster = prompt(0, 400).promptTokens(500, 400).chunks(500_000);
    assertThat(summaryOf(prompt(0, 0), prompt(0, 0), faster, faster))
        .contains("warm 2.00 times as fast (95 % interval 2.00 to 2.00); warm prompts are 5.00");
  }

  private static ResponseBuilder prompt(int sentBefore, int cached) {
    return response()
        .turn(new Response.Turn(1, 1, 100, sentBefore, 0, -1))
        .promptTokens(100, cached)
        .output(3, OutputTokensSource.USAGE);
  }

  /** A turn of a second of a conversation, which a turn with the results of tools may follow. */
  private static ResponseBuilder turn(int number, boolean isLast, boolean afterTools) {
    long written = 3 * number * SECOND;
    return response()
        .conversation("c1", 0)
        .turn(new Response.Turn(number, 1, 9, 0, 0, 2, 8, isLast, afterTools))
        .times(0, written, written + SECOND);
  }

  @Test
  void saysHowConversationsOfSeveralTurnsWent() {
    assertThat(summaryOf(turn(1, true, false))).doesNotContain("> conversations");
    assertThat(
            summaryOf(
                turn(1, false, false).failure("timeout", "late"),
                turn(1, true, false)
                    .turn(new Response.Turn(1, 2, 9, 0, 0, 2, 8, true, false))
                    .times(0, 5 * SECOND, 6 * SECOND)))
        .as("half of the requests failed, and all users have their response")
        .containsPattern("> conversations +1 completed, 0 failed, 0 not ended\\n");
    assertThat(summaryOf(turn(1, false, false), turn(2, true, false)))
        .containsPattern("> conversations +1 completed, 0 failed, 0 not ended\\n")
        .containsPattern("> +mean turns and duration +2\\.0, 4,000 ms\\n");
    assertThat(
            summaryOf(
                Duration.ofSeconds(5),
                turn(1, false, false),
                turn(2, true, false),
                turn(1, false, false).conversation("c2", 1).times(0, 6 * SECOND, 7 * SECOND),
                turn(2, true, false).conversation("c2", 1).times(0, 9 * SECOND, 10 * SECOND)))
        .as("one began in the warm-up")
        .containsPattern("> conversations +2 completed")
        .containsPattern("> +mean turns and duration +2\\.0, 4,000 ms; 1 has a duration\\n");
    assertThat(summaryOf(turn(1, false, false), turn(2, false, true), turn(3, true, false)))
        .containsPattern("> +mean turns and duration +3\\.0, 7,000 ms, of which tools 2,000 ms\\n");
    assertThat(summaryOf(turn(1, false, false), turn(2, true, false).failure("timeout", "late")))
        .containsPattern("> conversations +0 completed, 1 failed, 0 not ended\\n")
        .doesNotContain("mean turns");
  }

  @Test
  void saysWhoCountedTokensOfAServerWithoutUsage() {
    ResponseBuilder uncounted =
        response()
            .turn(new Response.Turn(1, 1, 178, 0, 0, 2))
            .output(9, OutputTokensSource.TOKENIZER);

    assertThat(summaryOf(uncounted))
        .contains("> input tokens (counted by the client)  ", "> output tokens (counted by the ");
    assertThat(
            summaryOf(uncounted, response().promptTokens(1, 0).output(3, OutputTokensSource.USAGE)))
        .contains("> input tokens (partly counted by the client)  ");
    assertThat(summaryOf(response().output(9, OutputTokensSource.TOKENIZER)))
        .containsPattern("> input tokens +not reported\n");
    assertThat(
            summaryOf(
                response().output(9, OutputTokensSource.TOKENIZER),
                response().promptTokens(7, 0).output(3, OutputTokensSource.USAGE)))
        .containsPattern("> input tokens \\(of 1 of 2 responses\\) +7\n");
  }

  @Test
  void tellsFinishReasonsApartIfThereAreSeveral() {
    assertThat(summaryOf(response().finishReason("stop"), response().finishReason("stop")))
        .doesNotContain("finish reason");
    assertThat(
            summaryOf(
                response().finishReason("length"),
                response().finishReason("length"),
                response().finishReason("stop"),
                response().finishReason("stop"),
                response().finishReason("stop").failure("check", "no JSON")))
        .contains(
            """
            ---- By finish reason (ms) ---------------------|----OK-----|----KO-----|-TTFT p50--|-TTFT p95--|-TPOT p50--|--E2E p50--
            > stop                                          |          2|          1|       1.00|          -|          -|       40.0
            > length                                        |          2|          0|       1.00|          -|          -|       40.0
            """);
  }

  @Test
  void listsTheMostFrequentModelsOfMany() {
    ResponseBuilder[] responses =
        IntStream.range(0, 11)
            .mapToObj(i -> response().model("lora-" + i % 10))
            .toArray(ResponseBuilder[]::new);

    assertThat(summaryOf(responses))
        .containsSubsequence("---- By model (ms) --", "> lora-0  ", "> and 2 more, in tokens.json");
  }

  @Test
  void countsRequestsThatWereCutOrWrittenTwice() {
    assertThat(summaryOf(response().resent(true), response().status(Status.CUT)))
        .contains(
            """
            > OK                                                                                                                   1
            > KO                                                                                                                   0
            > cut requests                                                                                                         1
            > re-sent requests                                                                                                     1
            """);
  }

  @Test
  void summarizesARunWithFailuresOnly() {
    assertThat(ConsoleSummary.of(SampleRun.refused()))
        .isEqualTo(
            """
            ========================================================================================================================
            ---- Verdict -----------------------------------------------------------------------------------------------------------
            > BAD. All 200 responses failed: http 401 invalid_api_key 200
            ---- Load --------------------------------------------------------------------------------------------------------------
            > ReportSimulation: chat: constantConcurrentUsers(64, 300 seconds)
            > server: http://gpu-box:8000
            > measured 20.0 s
            ---- Responses ---------------------------------------------------------------------------------------------------------
            > OK                                                                                                                   0
            > KO                                                                                                                 200
            > responses/s                                                                                                        0.0
            ---- Failures ----------------------------------------------------------------------------------------------------------
            > http 401 invalid_api_key                                                                                           200
                You didn't provide an API key.
            ---- Times (ms) --------------------------------|---count---|---mean----|----p50----|----p95----|----p99----|----max----
            > TTFT                                          |          -|          -|          -|          -|          -|          -
            > ICL                                           |          -|          -|          -|          -|          -|          -
            > TPOT                                          |          -|          -|          -|          -|          -|          -
            > E2E                                           |          -|          -|          -|          -|          -|          -
            ---- Tokens ------------------------------------------------------------------------------------------------------------
            > input tokens                                                                                              not reported
            > output tokens                                                                                             not reported
            > cached tokens                                                                                             not reported
            > cache hit                                                                                                 not reported
            > output tokens/s                                                                                           not reported
            ========================================================================================================================
            """);
  }

  @Test
  void saysWhyTtftIsNotComparedWithTheServers() {
    ServerMetrics server = server(3.5);

    assertThat(console(server, new FirstTokens(19, 19_000, 1)))
        .contains(
            "> mean TTFT here ",
            " unknown: responses in one piece, or reasoning that was not sent\n");
    assertThat(console(server, new FirstTokens(20, 20_000, 1)))
        .containsPattern("> mean TTFT here +1,000 ms\n> mean TTFT in the server +250 ms")
        .doesNotContain("unknown:");
  }

  /** A guard or a router's other model answered some, or the server serves other clients, too. */
  @Test
  void comparesNoTtftWithAServerThatCountedOtherResponses() {
    for (int count : new int[] {23, 18}) {
      assertThat(console(server(3.5), new FirstTokens(count, count * 1_000, 0)))
          .containsPattern(
              "> mean TTFT here +unknown: "
                  + count
                  + " first tokens came, and the server counted 20\n"
                  + "> mean TTFT in the server +250 ms");
    }
    assertThat(console(server(3.5), new FirstTokens(20, 20 * 225, 0)))
        .containsPattern("> mean TTFT here +225 ms\n");
    assertThat(console(server(3.5), new FirstTokens(20, 20 * 200, 0)))
        .containsPattern(
            "> mean TTFT here +unknown: the mean in the server is longer, so it has"
                + " other responses, too\n");
    for (int count : new int[] {22, 19}) {
      assertThat(console(server(3.5), new FirstTokens(count, count * 1_000, 0)))
          .containsPattern("> mean TTFT here +1,000 ms");
    }
  }

  /** A server counts its queue when a request ends: of a mean TTFT of 250 ms, 50 are prefill. */
  @Test
  void saysHowMuchOfTheServersTtftIsNotKnown() {
    FirstTokens all = new FirstTokens(20, 20_000, 0);
    assertThat(console(server(1), all))
        .containsPattern("in prefill +50.0 ms\n> +not known: of requests that had .* +150 ms\n");
    assertThat(console(server(3.1), all)).doesNotContain("not known");
  }

  /** Such as of a cold start, whose requests end in the window. */
  @Test
  void leavesOutPartsThatAreLongerThanTheWhole() {
    FirstTokens all = new FirstTokens(20, 20_000, 0);
    assertThat(console(server(5.2), all))
        .containsPattern("in its queue +260 ms\n> .*in prefill +50");
    assertThat(console(server(5.3), all))
        .containsPattern(
            "queue and in prefill +unknown: it counted them of other requests\n> network")
        .doesNotContain("> +of this in its queue ");
  }

  private static ServerMetrics server(double queueSeconds) {
    return new ServerMetrics(
        List.of(new ServerMetrics.Endpoint("http://a/metrics", 10, 0, 0, false, null, null)),
        0,
        SampleRun.busy().summary().durationSeconds(),
        Map.of(
            ServerSignal.TTFT_SECONDS, Observed.counter(5),
            ServerSignal.TTFT_COUNT, Observed.counter(20),
            ServerSignal.QUEUE_SECONDS, Observed.counter(queueSeconds),
            ServerSignal.QUEUE_COUNT, Observed.counter(20),
            ServerSignal.PREFILL_SECONDS, Observed.counter(1),
            ServerSignal.PREFILL_COUNT, Observed.counter(20)),
        new TreeMap<>(),
        new TreeMap<>(),
        new double[0],
        Map.of(),
        new TreeMap<>());
  }

  private static String console(ServerMetrics server, FirstTokens firstTokens) {
    ClientHealth slow = new ClientHealth(null, null, 12.0, 97.0);
    return ConsoleSummary.of(new RunReport(SampleRun.INFO, summary(slow, firstTokens, server)));
  }

  @Test
  void listsFindings() {
    ClientHealth slow = new ClientHealth(null, null, 12.0, 97.0);
    RunSummary strained = summary(slow, FirstTokens.NONE, ServerMetrics.NONE);

    assertThat(ConsoleSummary.of(new RunReport(SampleRun.INFO, strained)))
        .endsWith(
            """
            ---- Findings ----------------------------------------------------------------------------------------------------------
            > The load generator used 97 % of all CPU cores. It may have caused the latencies itself.
            > 42 prompts omitted earlier turns, 43,008 tokens in total, to fit the context window. Where a prompt omits more of them
              than the one before it, the server's prefix cache cannot hold what follows the gap.
            ========================================================================================================================
            """);
  }

  private static RunSummary summary(
      ClientHealth client, FirstTokens firstTokens, ServerMetrics server) {
    RunSummary run = SampleRun.busy().summary();
    return new RunSummary(
        run.durationSeconds(),
        run.overall(),
        run.byRequest(),
        run.breakdowns(),
        run.byGroup(),
        run.byIteration(),
        run.coldWarm(),
        new TreeMap<>(),
        run.inWarmUp(),
        run.inDrain(),
        run.oddities(),
        run.promptLengths(),
        run.samples(),
        run.repeatedConversations(),
        run.ranOut(),
        client,
        firstTokens,
        server,
        null);
  }

  @Test
  void saysWhatTheFiguresLeaveOut() {
    TokenRecorder recorder =
        TokenRecorder.start(
            Window.of(Duration.ofSeconds(2), List.of(Duration.ofSeconds(4))),
            Objectives.NONE,
            Deployment.UNKNOWN,
            List.of());
    recorder.begin(0, 0);
    for (long second : new long[] {1, 3, 4, 7, 8}) {
      long end = second * 1_000_000_000;
      recorder.record(
          ResponseBuilder.to("chat", "answer", second).times(0, 0, end).chunks(end - 1).build());
    }
    recorder.close();

    assertThat(ConsoleSummary.of(new RunReport(SampleRun.INFO, recorder.summary())))
        .contains(" s (excludes 1 response in the warm-up, 2 after the window)");
  }

  @Test
  void removesControlCharacters() {
    assertThat(ConsoleSummary.of(SampleRun.refused("\u001b[2J\u202egone\r\nnext\u0007")))
        .contains("\n    [2Jgone next\n")
        .doesNotContain("\u001b", "\r", "\u202e", "\u0007");
  }
}
