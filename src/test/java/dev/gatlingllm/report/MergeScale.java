package dev.gatlingllm.report;

import com.sun.management.OperatingSystemMXBean;
import dev.gatlingllm.cli.Main;
import dev.gatlingllm.metrics.Deployment;
import dev.gatlingllm.metrics.HistogramLogs;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.ResponseBuilder;
import dev.gatlingllm.metrics.RunAccumulator;
import dev.gatlingllm.metrics.TokenRecorder;
import dev.gatlingllm.metrics.Window;
import dev.gatlingllm.report.assertion.Assertions;
import dev.gatlingllm.report.runs.MergeCommand;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Writes the folders that many load generators would leave, merges them, and prints what that took.
 *
 * <pre>{@code
 * mvn test-compile exec:exec@merge-scale -Dexec.args="--shards 256 --responses 20000"
 * }</pre>
 */
@Command(
    name = "merge-scale",
    header = "Merges the made-up runs of many load generators and prints what that took.")
public final class MergeScale implements Callable<Integer> {

  /** Shards with responses of their own; the others have the same ones under another number. */
  private static final int DISTINCT = 4;

  private static final long START_MILLIS = 1_767_322_445_000L;

  /** Responses on their way to the recorder's thread, which a run bounds by its users. */
  private static final int UNDER_WAY = 2_000;

  @Option(
      names = "--shards",
      paramLabel = "NUMBER",
      description = "load generators (default: ${DEFAULT-VALUE})")
  private int shards = 256;

  @Option(
      names = "--responses",
      paramLabel = "NUMBER",
      description = "of each load generator (default: ${DEFAULT-VALUE})")
  private int responses = 20_000;

  @Option(
      names = "--tokens",
      paramLabel = "NUMBER",
      description = "of each response (default: ${DEFAULT-VALUE})")
  private int tokens = 64;

  @Option(
      names = "--seconds",
      paramLabel = "NUMBER",
      description = "of the run (default: ${DEFAULT-VALUE})")
  private int seconds = 600;

  @Option(
      names = "--groups",
      paramLabel = "NUMBER",
      description = "groups, and replicas of the server (default: ${DEFAULT-VALUE})")
  private int groups = 16;

  @Option(
      names = "--turns",
      paramLabel = "NUMBER",
      description = "of a conversation (default: ${DEFAULT-VALUE})")
  private int turns = 8;

  @Option(
      names = "--in",
      paramLabel = "FOLDER",
      description = "new folder for the runs; deleted at the end (default: a temporary one)")
  private Path in;

  private MergeScale() {}

  /** Runs it; exits with 2 for invalid arguments. */
  public static void main(String[] arguments) {
    System.exit(Main.of(new MergeScale()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    Path folder = in == null ? Files.createTempDirectory("merge-scale") : Files.createDirectory(in);
    try {
      return measure(folder);
    } finally {
      delete(folder);
    }
  }

  private int measure(Path folder) throws IOException {
    Path runs = Files.createDirectory(folder.resolve("runs"));
    List<RunAccumulator> states = new ArrayList<>();
    List<String> arguments = new ArrayList<>();
    for (int shard = 1; shard <= shards; shard++) {
      Path run = Files.createDirectory(runs.resolve("shard-" + shard));
      int number = (shard - 1) % DISTINCT;
      if (shard <= DISTINCT) {
        states.add(recorded(run, number));
      } else {
        linkLines(runs.resolve("shard-" + (number + 1)), run);
      }
      StateFile.write(info(shard), states.get(number), true, run);
      arguments.add(run.toString());
    }
    states.clear();
    printSizes("one shard", runs.resolve("shard-1"));
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    long began = System.nanoTime();
    arguments.addAll(List.of("--into", folder.resolve("merged").toString()));
    int status = Main.of(new MergeCommand()).execute(arguments.toArray(String[]::new));
    System.out.printf(
        Locale.ROOT,
        "%,d shards of %,d responses merged in %.1f s, %.1f CPU-s, in a heap of at most %,d MB%n",
        shards,
        responses,
        (System.nanoTime() - began) / 1e9,
        (system.getProcessCpuTime() - cpu) / 1e9,
        Runtime.getRuntime().maxMemory() >> 20);
    printSizes("merged", folder.resolve("merged"));
    return status;
  }

  private static void linkLines(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(file -> !file.endsWith(StateFile.FILE_NAME)).toList()) {
        Files.createLink(to.resolve(file.getFileName()), file);
      }
    }
  }

  private static void printSizes(String what, Path folder) throws IOException {
    System.out.printf("%s:", what);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        System.out.printf(
            Locale.ROOT, " %s %,d KB", file.getFileName(), Files.size(file) + 1023 >> 10);
      }
    }
    System.out.println();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
        Files.delete(file);
      }
    }
  }

  private RunInfo info(int shard) {
    return new RunInfo(
        "shard-" + shard,
        "SupportChat",
        Instant.ofEpochMilli(START_MILLIS),
        new RunInfo.Versions("0.1.0", "3.15.1", "17.0.12"),
        42L,
        new RunInfo.Target("http://gpu-box:8000", "simulated", "chat", "o200k_base"),
        RunInfo.Load.UNKNOWN,
        new RunInfo.Shard(shard, shards, "llm.shard=" + shard + "/" + shards),
        null,
        Assertions.NONE,
        List.of(),
        List.of());
  }

  private RunAccumulator recorded(Path folder, int number) throws IOException {
    SplittableRandom random = new SplittableRandom(number);
    TokenRecorder recorder =
        TokenRecorder.start(
            Window.of(Duration.ofSeconds(1), List.of(Duration.ofSeconds(seconds - 1L))),
            Objectives.parse("ttft<500ms,tpot<50ms"),
            Deployment.UNKNOWN,
            List.of(new RequestsFile(folder, false), new HistogramLogs(folder)));
    recorder.begin(0, START_MILLIS);
    long apart = Duration.ofSeconds(seconds).toNanos() / responses;
    for (int i = 0; i < responses; i++) {
      recorder.record(response(i, i * apart, random));
      if (i % UNDER_WAY == 0) {
        recorder.summary();
      }
    }
    recorder.close();
    return recorder.run();
  }

  private Response response(int number, long written, SplittableRandom random) {
    long[] chunks = new long[tokens];
    long at = written + (long) (50e6 * Math.exp(random.nextDouble(-1, 2)));
    for (int i = 0; i < chunks.length; i++) {
      chunks[i] = at;
      at += (long) (20e6 * Math.exp(random.nextDouble(-0.5, 0.5)));
    }
    int conversation = number / turns;
    int input = 500 + 150 * (number % turns) + random.nextInt(50);
    return ResponseBuilder.to("support chat", "chat turn", conversation)
        .conversation("0-" + conversation, conversation % groups)
        .model("simulated")
        .turn(new Response.Turn(number % turns + 1, 1, input, input - 100, 0, -1))
        .times(START_MILLIS + written / 1_000_000, written, at)
        .chunks(chunks)
        .ttfo(chunks[0] - written)
        .scheduleDelay(random.nextInt(2_000_000))
        .promptTokens(input, input - 100)
        .output(tokens, OutputTokensSource.USAGE)
        .finish("stop", at)
        .replica("replica-" + random.nextInt(groups))
        .responseId("chatcmpl-" + Long.toHexString(random.nextLong()))
        .build();
  }
}
