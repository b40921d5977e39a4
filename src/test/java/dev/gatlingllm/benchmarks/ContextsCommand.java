package dev.gatlingllm.benchmarks;

import dev.gatlingllm.gatling.BodyWriting;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures what requests with long contexts cost: their processor time, the time until they are
 * written, and memory. The server, in a process of its own, drops their bodies.
 *
 * <pre>{@code
 * mvn test-compile exec:java@contexts -Dexec.args="--users 50 --tokens 25000,100000"
 * }</pre>
 */
@Command(name = "contexts", header = "Measures what requests with long contexts cost.")
public final class ContextsCommand implements Callable<Integer> {

  private static final int PATIENCE_SECONDS = 60;

  @Option(
      names = "--users",
      paramLabel = "NUMBER",
      description = "at once (default: ${DEFAULT-VALUE})")
  private int users = 50;

  @Option(
      names = "--tokens",
      split = ",",
      paramLabel = "NUMBER",
      description = "of the context, for each run (default: ${DEFAULT-VALUE})")
  private List<Integer> tokens = List.of(64, 25_000, 100_000);

  @Option(
      names = "--private",
      description = "gives each conversation a context of its own (default: all share one)")
  private boolean isPrivate;

  @Option(
      names = "--pause",
      paramLabel = "MILLISECONDS",
      description =
          "of a user between two turns; 0 for the highest rate (default: ${DEFAULT-VALUE})")
  private int pauseMillis = 300;

  @Option(
      names = "--warmup",
      paramLabel = "SECONDS",
      description = "before anything is measured (default: ${DEFAULT-VALUE})")
  private int warmUp = 20;

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      description = "measured time (default: ${DEFAULT-VALUE})")
  private int seconds = 20;

  @Option(
      names = "--bodies",
      split = ",",
      paramLabel = "KILOBYTES",
      description = "lengths of bodies that are sent alone (default: ${DEFAULT-VALUE})")
  private List<Integer> bodies = List.of(4, 32, 128, 512);

  @Option(
      names = "--rounds",
      paramLabel = "NUMBER",
      description = "measurements of each kind of body, in turns (default: ${DEFAULT-VALUE})")
  private int rounds = 5;

  private ContextsCommand() {}

  /** Runs the loads and prints tables; exits with 2 for invalid arguments. */
  public static void main(String[] arguments) {
    LoadOptions.run(new ContextsCommand(), arguments);
  }

  /** Returns a command with these options, which was not run. */
  static ContextsCommand with(String... options) {
    return LoadOptions.given(new ContextsCommand(), options);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    System.out.println(Machine.describe());
    System.out.println("\n" + tables());
    return 0;
  }

  String tables() throws IOException, InterruptedException {
    MarkdownTable table =
        new MarkdownTable(
            (isPrivate ? "private" : "shared") + " context, users",
            "requests/s",
            "CPU µs per request",
            "event loop",
            "JIT",
            "KB allocated by the loop",
            "GC, % of the time",
            "turn 20 written after, ms p50",
            "p99",
            "heap after, MB",
            "failed");
    Placement placement =
        JavaProcess.canPin() ? Placement.named("apart") : Placement.named("shared");
    for (int context : tokens) {
      String name = "%,d tokens, %,d".formatted(context, users);
      Object[] row =
          Arrays.stream(client(placement, context).split(";")).map(ContextsCommand::cell).toArray();
      Object[] whole = new Object[row.length + 1];
      whole[0] = name;
      System.arraycopy(row, 0, whole, 1, row.length);
      table.add(whole);
    }
    return table + "\n" + writing();
  }

  /** Returns what the event loop needs to send a body, beside sending as many bytes. */
  private String writing() throws IOException, InterruptedException {
    MarkdownTable table =
        new MarkdownTable(
            "body of", "bytes alone, µs", "fragments, µs", "×", "concatenated, µs", "×");
    for (int kilobytes : bodies) {
      double[] bytes = new double[rounds];
      double[] fragments = new double[rounds];
      double[] arrays = new double[rounds];
      try (BodyWriting body = new BodyWriting(kilobytes << 10)) {
        body.fragmentsMicros(1);
        for (int round = 0; round < rounds; round++) {
          bytes[round] = body.bytesMicros(1);
          fragments[round] = body.fragmentsMicros(1);
          arrays[round] = body.arrayMicros(1);
        }
      }
      double alone = median(bytes);
      table.add(
          kilobytes + " KB",
          alone,
          median(fragments),
          median(fragments) / alone,
          median(arrays),
          median(arrays) / alone);
    }
    return table.toString();
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static Object cell(String value) {
    return value.contains(".") || value.equals("NaN") ? (Object) Double.valueOf(value) : value;
  }

  private String client(Placement placement, int context) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("gatling-llm-contexts");
    Process server = new JavaProcess(placement.serverCpus()).running(ContextsServer.class).start();
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
      String address = said.readLine().substring(BenchmarkServer.READY.length());
      Path output = folder.resolve("output.txt");
      Process client =
          new JavaProcess(placement.clientCpus())
              .with(placement.clientOptions())
              .with(ContextsClient.FILE, folder.resolve("row.txt"))
              .with(ContextsClient.USERS, users)
              .with(ContextsClient.TOKENS, context)
              .with(ContextsClient.SHARED, !isPrivate)
              .with(ContextsClient.PAUSE_MILLIS, pauseMillis)
              .with(ContextsClient.WARM_UP, warmUp)
              .with(ContextsClient.SECONDS, seconds)
              .with("llm.baseUrl", address)
              .with("llm.serverMetrics", "off")
              .running(
                  "io.gatling.app.Gatling",
                  "-s",
                  ContextsClient.class.getName(),
                  "-rf",
                  folder.toString(),
                  "-nr")
              .redirectOutput(output.toFile())
              .start();
      if (!client.waitFor(PATIENCE_SECONDS + warmUp + seconds, TimeUnit.SECONDS)
          || client.exitValue() != 0) {
        client.destroyForcibly();
        throw new IOException("the client failed: " + Files.readString(output));
      }
      return Files.readString(folder.resolve("row.txt"));
    } finally {
      server.destroy();
      Folders.delete(folder);
    }
  }
}
