package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Deployment;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.ResponseBuilder;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.TokenRecorder;
import dev.gatlingllm.metrics.Window;
import dev.gatlingllm.stream.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * A run of two hours with as much to tell apart as there can be: turns, groups, scenarios, request
 * names and failures past their caps. Made up of a seed.
 */
final class TwoHours {

  static final int RESPONSES = 14_400;

  private static final long MILLI = 1_000_000;
  private static final int EVERY_MILLIS = 500;

  private final Random random = new Random(7);

  static RunReport report() {
    RunSummary summary = new TwoHours().run();
    return new RunReport(SampleRun.INFO, summary);
  }

  private RunSummary run() {
    TokenRecorder recorder =
        TokenRecorder.start(
            Window.openEnded(Duration.ofSeconds(30)),
            Objectives.NONE,
            Deployment.UNKNOWN,
            List.of());
    for (int i = 0; i < RESPONSES; i++) {
      recorder.record(response(i));
    }
    recorder.close();
    return recorder.summary();
  }

  private Response response(int number) {
    int conversation = number / 80;
    int turn = 1 + number % 80;
    boolean failed = number % 36 == 35;
    int input = 700 + 150 * turn + random.nextInt(200);
    int reusable = turn == 1 ? 512 : 600 + 150 * (turn - 1);
    long written = (long) number * EVERY_MILLIS * MILLI;
    double ttft = 40 + (input - (turn == 1 ? 512 : .9 * reusable)) * .15;
    long[] chunks = new long[failed ? 0 : 8];
    long at = written + Math.round(ttft * Math.exp(.3 * random.nextGaussian()) * MILLI);
    for (int i = 0; i < chunks.length; i++) {
      chunks[i] = at;
      at += Math.round(20 * Math.exp(.3 * random.nextGaussian()) * MILLI);
    }
    return ResponseBuilder.to(
            "scenario " + number % 70,
            number % 2 == 0
                ? "answer"
                : "a request of a name that takes its room " + number % 1_999,
            conversation)
        .conversation("c" + conversation, conversation % 100)
        .model("a-team/a-model-of-a-name-" + number % 70)
        .turn(new Response.Turn(turn, 1, input - turn % 3, reusable, 0, -1))
        .times(written / MILLI, written, at)
        .chunks(chunks)
        .ttfo(failed ? Response.UNKNOWN : chunks[0] - written)
        .scheduleDelay(random.nextInt(2_000_000))
        .failure(
            failed ? new Failure("http 5xx number " + number % 7_001, "<&>".repeat(200)) : null)
        .promptTokens(input, (int) (.9 * reusable) / 16 * 16)
        .output(8, Response.OutputTokensSource.USAGE)
        .build();
  }
}
