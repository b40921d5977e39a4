package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Accumulators;
import dev.gatlingllm.metrics.Deployment;
import dev.gatlingllm.metrics.HistogramLogs;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.Response.Status;
import dev.gatlingllm.metrics.ResponseBuilder;
import dev.gatlingllm.metrics.ResponseSink;
import dev.gatlingllm.metrics.RunAccumulator;
import dev.gatlingllm.metrics.TokenRecorder;
import dev.gatlingllm.metrics.Window;
import dev.gatlingllm.report.assertion.Assertions;
import dev.gatlingllm.stream.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/** Responses of a made-up load, and the files that load generators write of it. */
public final class Load {

  public static final long START_MILLIS = 1_767_322_445_000L;

  private static final Objectives OBJECTIVES = Objectives.parse("ttft<150ms,tpot<=110ms");
  private static final Window WINDOW =
      Window.of(Duration.ofSeconds(2), List.of(Duration.ofSeconds(8)));

  private Load() {}

  /** Returns responses of twelve users over ten seconds, in order of completion, in whole µs. */
  public static List<Response> responses(int count) {
    Random random = new Random(7);
    List<Response> responses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      // the first one begins the run
      responses.add(response(random, i == 0 ? 0 : random.nextInt(9_500)));
    }
    responses.sort(Comparator.comparingLong(response -> response.timing().endNanos()));
    return responses;
  }

  private static Response response(Random random, long writtenMillis) {
    long written = writtenMillis * 1_000_000;
    long[] chunks = new long[1 + random.nextInt(12)];
    long at = written;
    for (int i = 0; i < chunks.length; i++) {
      chunks[i] = at += random.nextInt(200_000) * 1_000L;
    }
    boolean fails = random.nextInt(8) == 0;
    boolean isCut = !fails && random.nextInt(12) == 0;
    long user = random.nextInt(12);
    return ResponseBuilder.to("support chat", random.nextInt(3) == 0 ? "summary" : "answer", user)
        .conversation("conversation-" + user, (int) user % 3)
        .model(user % 3 == 0 ? "lora" : "base")
        .api(user % 2 == 0 ? "chat" : "messages")
        .turn(new Response.Turn(1 + random.nextInt(5), 1, 500, 300, 0, 2, 16, user == 5, false))
        .times(START_MILLIS + writtenMillis, written, at + (200 + random.nextInt(300)) * 1_000L)
        .chunks(chunks)
        .ttfo(chunks[0] - written)
        .scheduleDelay(random.nextInt(2_000) * 1_000L)
        .status(isCut ? Status.CUT : fails ? Status.KO : Status.OK)
        .resent(random.nextInt(20) == 0)
        .failure(fails ? new Failure("http 503", "try \"later\"") : null)
        .promptTokens(800 + random.nextInt(200), random.nextInt(800))
        // every other model counts the end of the sequence, which came in a chunk of its own
        .output(chunks.length + (int) user % 2, OutputTokensSource.USAGE)
        .finish(user == 7 ? "length" : "stop", at + 100_000)
        .reasoning(user < 3 ? 1 : 0, 0)
        .responseId("id-" + random.nextInt(1_000_000))
        .replica("replica-" + random.nextInt(3))
        .build();
  }

  public static Predicate<Response> ofShard(int shard, int shards) {
    return response -> response.who().user() % shards == shard;
  }

  /**
   * Returns the run of a load generator that received some of the responses.
   *
   * @param files sinks that receive them, too
   */
  public static RunAccumulator recorded(
      List<Response> responses, Predicate<Response> seen, ResponseSink... files) {
    RunAccumulator state =
        state(
            TokenRecorder.start(WINDOW, OBJECTIVES, Deployment.UNKNOWN, List.of(files)),
            responses,
            seen);
    // how this process fares is no part of what is compared
    return Accumulators.withoutClient(state);
  }

  private static RunAccumulator state(
      TokenRecorder recorder, List<Response> responses, Predicate<Response> seen) {
    recorder.begin(0, START_MILLIS);
    responses.stream().filter(seen).forEach(recorder::record);
    recorder.close();
    return recorder.run();
  }

  /** Writes the folder of a load generator that received some of the responses. */
  public static Path leave(
      Path folder,
      List<Response> responses,
      Predicate<Response> seen,
      boolean chunkTimes,
      boolean complete)
      throws IOException {
    Files.createDirectories(folder);
    RunAccumulator state =
        recorded(responses, seen, new RequestsFile(folder, chunkTimes), new HistogramLogs(folder));
    StateFile.write(
        info(folder),
        complete ? state : RunAccumulator.empty(WINDOW, OBJECTIVES),
        complete,
        folder);
    return folder;
  }

  public static RunInfo info(Path folder) {
    return info(folder.getFileName().toString(), "Qwen/Qwen3-8B");
  }

  public static RunInfo info(String id, String model) {
    return new RunInfo(
        id,
        "SupportChat",
        Instant.ofEpochMilli(START_MILLIS),
        new RunInfo.Versions("0.1.0", "3.15.1", "17.0.12"),
        42L,
        new RunInfo.Target("http://gpu-box:8000", model, "chat", "o200k_base"),
        RunInfo.Load.UNKNOWN,
        new RunInfo.Shard(1, 1, "not set"),
        null,
        Assertions.NONE,
        List.of(),
        List.of());
  }
}
