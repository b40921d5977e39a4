package dev.gatlingllm.report;

import dev.gatlingllm.cli.Main;
import dev.gatlingllm.metrics.Deployment;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.ResponseBuilder;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.TokenRecorder;
import dev.gatlingllm.metrics.Window;
import dev.gatlingllm.report.assertion.Assertions;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Records a run of 50 million tokens, in 8 requests, 8 turns and 16 groups over two hours, and
 * makes its report. Started with the heap that Gatling's build plugins give a simulation, it ends
 * well or not at all:
 *
 * <pre>{@code
 * mvn test-compile exec:exec@report-memory
 * }</pre>
 */
@Command(
    name = "report-memory",
    header = "Records a long run and makes its report, which must fit the heap.")
public final class ReportMemory implements Callable<Integer> {

  private static final int REPLY_TOKENS = 250;
  private static final long RUN_NANOS = Duration.ofHours(2).toNanos();

  /** Responses on their way to the recorder's thread, which a run bounds by its users. */
  private static final int UNDER_WAY = 2_000;

  @Parameters(
      arity = "0..1",
      paramLabel = "TOKENS",
      description = "number of tokens (default: ${DEFAULT-VALUE})")
  private long tokens = 50_000_000;

  private ReportMemory() {}

  /** Runs it; exits with 2 for invalid arguments. */
  public static void main(String[] arguments) {
    System.exit(Main.of(new ReportMemory()).execute(arguments));
  }

  /** Records, reports, and says what that took. */
  @Override
  public Integer call() throws IOException {
    long began = System.nanoTime();
    RunSummary run = recorded(tokens / REPLY_TOKENS);
    long recorded = System.nanoTime();
    RunInfo info =
        new RunInfo(
            "memory",
            "Memory",
            Instant.EPOCH,
            new RunInfo.Versions("-", "-", "-"),
            42L,
            new RunInfo.Target(null, "simulated", "chat", null),
            RunInfo.Load.UNKNOWN,
            null,
            null,
            Assertions.NONE,
            List.of(),
            List.of());
    RunReport report = new RunReport(info, run);
    StringWriter json = new StringWriter();
    TokensJson.write(report, json);
    TokensPage pages = new TokensPage(report);
    long characters = pages.index().length();
    for (String request : run.byRequest().keySet()) {
      characters += pages.request(request, 1).orElseThrow().length();
    }
    long reported = System.nanoTime();
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    System.out.printf(
        Locale.ROOT,
        "%,d tokens recorded in %.1f s; tokens.json of %,d characters and pages' data of %,d made"
            + " in %.1f s; %,d MB of heap in use, of %,d MB at most%n",
        run.overall().totals().count(Figure.TOTAL_OUTPUT_TOKENS),
        (recorded - began) / 1e9,
        json.getBuffer().length(),
        characters,
        (reported - recorded) / 1e9,
        (runtime.totalMemory() - runtime.freeMemory()) >> 20,
        runtime.maxMemory() >> 20);
    return 0;
  }

  private static RunSummary recorded(long responses) {
    SplittableRandom random = new SplittableRandom(42);
    try (TokenRecorder recorder =
        TokenRecorder.start(
            Window.openEnded(Duration.ZERO), Objectives.NONE, Deployment.UNKNOWN, List.of())) {
      recorder.begin(0, 0);
      for (long i = 0; i < responses; i++) {
        recorder.record(response(i, RUN_NANOS / responses * i, random));
        if (i % UNDER_WAY == 0) {
          recorder.summary();
        }
      }
      return recorder.summary();
    }
  }

  private static Response response(long number, long written, SplittableRandom random) {
    long[] chunks = new long[REPLY_TOKENS];
    long at = written + random.nextLong(20_000_000, 900_000_000);
    for (int i = 0; i < chunks.length; i++) {
      chunks[i] = at;
      at += random.nextLong(2_000_000, 40_000_000);
    }
    return ResponseBuilder.to("memory", "request " + number % 8, number / 8)
        .conversation("c" + number / 8, (int) (number / 8 % 16))
        .turn(new Response.Turn((int) (number % 8) + 1, 1, 1_000, 800, 0, -1))
        .times(written / 1_000_000, written, at)
        .chunks(chunks)
        .ttfo(chunks[0] - written)
        .scheduleDelay(0)
        .promptTokens(1_000, 768)
        .output(REPLY_TOKENS, OutputTokensSource.USAGE)
        .build();
  }
}
