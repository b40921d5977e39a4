package dev.gatlingllm.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures how many short responses a second the client receives, beside Gatling's own {@code http}
 * and {@code wrk}, from a server that sends the same bytes to every request:
 *
 * <pre>{@code
 * mvn test-compile exec:java@requests
 * mvn test-compile exec:java@requests -Dexec.args="--responses STREAM --users 64 --rounds 3"
 * }</pre>
 *
 * Client and server are processes of their own. All processor time of the client counts: that of
 * the virtual machine's compiler and collector, too. The ratio is of the processor time: where the
 * server is the bottleneck, all clients receive as many responses a second.
 */
@Command(
    name = "requests",
    header = "Measures short responses a second beside plain Gatling http and wrk.")
public final class RequestsCommand implements Callable<Integer> {

  private static final int PATIENCE_SECONDS = 120;
  private static final Pattern WRK_RATE = Pattern.compile("Requests/sec:\\s*([0-9.]+)");

  @Mixin private RoundOptions options = new RoundOptions(30, 10, 1);

  @Option(
      names = "--users",
      paramLabel = "NUMBER",
      description = "who send one request after another (default: ${DEFAULT-VALUE})")
  private int users = 32;

  @Option(
      names = "--responses",
      split = ",",
      paramLabel = "NAME",
      description = "JSON or STREAM, of one token (default: ${DEFAULT-VALUE})")
  private List<ShortResponse> responses = List.of(ShortResponse.values());

  @Option(
      names = "--clients",
      split = ",",
      paramLabel = "NAME",
      description = "PLAIN, TIMED (default: ${DEFAULT-VALUE})")
  private List<ClientKind> clients = List.of(ClientKind.PLAIN, ClientKind.TIMED);

  /** What one client did; times in nanoseconds of processor time. */
  private record Measured(
      long requests, long nanos, long all, long loops, long recorder, long compiler, long bytes) {

    static Measured parse(String line) {
      long[] n =
          Arrays.stream(line.substring(ShortResponseClient.MEASURED.length()).split(" "))
              .mapToLong(Long::parseLong)
              .toArray();
      return new Measured(n[0], n[1], n[2], n[3], n[4], n[5], n[6]);
    }

    double perSecond() {
      return requests * 1e9 / nanos;
    }

    double micros(long time) {
      return time / 1e3 / requests;
    }
  }

  private RequestsCommand() {}

  /** Runs the clients and prints a table; exits with 2 for invalid arguments. */
  public static void main(String[] arguments) {
    LoadOptions.run(new RequestsCommand(), arguments);
  }

  /** Returns a command with these options, which was not run. */
  static RequestsCommand with(String... options) {
    return LoadOptions.given(new RequestsCommand(), options);
  }

  List<Placement> placements() {
    return options.placements();
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    System.out.println(Machine.describe());
    for (Placement placement : placements()) {
      for (ShortResponse kind : responses) {
        System.out.println(
            "\n%d users, %s, the client with one event loop; %s of %d bytes:\n\n%s"
                .formatted(
                    users, placement.name(), kind, kind.body().length(), table(placement, kind)));
      }
    }
    return 0;
  }

  MarkdownTable table(Placement placement, ShortResponse kind)
      throws IOException, InterruptedException {
    MarkdownTable table =
        new MarkdownTable(
            "client",
            "requests/s",
            "CPU µs per request",
            "× first",
            "event loop",
            "recorder",
            "JIT",
            "rest",
            "B per request on the loop");
    Process server =
        new JavaProcess(placement.serverCpus()).running(StaticServer.class, kind.name()).start();
    try {
      String url = server.inputReader().readLine().substring(StaticServer.READY.length());
      double first = Double.NaN;
      for (ClientKind client : clients) {
        Measured run = median(placement, client, url);
        first = Double.isNaN(first) ? run.micros(run.all()) : first;
        table.add(
            client,
            Numbers.whole(run.perSecond()),
            run.micros(run.all()),
            run.micros(run.all()) / first,
            run.micros(run.loops()),
            run.micros(run.recorder()),
            run.micros(run.compiler()),
            run.micros(run.all() - run.loops() - run.recorder() - run.compiler()),
            Numbers.whole((double) run.bytes() / run.requests()));
      }
      double wrk = wrk(placement, url);
      if (wrk > 0) {
        table.add("wrk", Numbers.whole(wrk), "–", "–", "–", "–", "–", "–", "–");
      }
      return table;
    } finally {
      server.destroy();
    }
  }

  private Measured median(Placement placement, ClientKind client, String url)
      throws IOException, InterruptedException {
    List<Measured> runs = new ArrayList<>();
    for (int round = 0; round < options.rounds(); round++) {
      runs.add(measured(placement, options.load(client, users), url));
    }
    runs.sort(Comparator.comparingDouble(Measured::perSecond));
    return runs.get(runs.size() / 2);
  }

  private static Measured measured(Placement placement, Load load, String url)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("gatling-llm-benchmark");
    Process process =
        load.givenTo(new JavaProcess(placement.clientCpus()).with(placement.clientOptions()))
            .with("llm.serverMetrics", "off")
            .with("llm.baseUrl", url)
            .running(
                "io.gatling.app.Gatling",
                "-s",
                ShortResponseClient.class.getName(),
                "-rf",
                folder.toString(),
                "-nr")
            .start();
    try {
      // as it comes, so that the client never waits for this process
      List<String> lines = process.inputReader().lines().toList();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the client does not end");
      }
      return lines.stream()
          .filter(line -> line.startsWith(ShortResponseClient.MEASURED))
          .findFirst()
          .map(Measured::parse)
          .orElseThrow(() -> new IOException("the client failed: " + String.join("\n", lines)));
    } finally {
      process.destroyForcibly();
      Folders.delete(folder);
    }
  }

  /** Returns the requests per second of {@code wrk}; 0 where it is not installed. */
  private double wrk(Placement placement, String url) throws IOException, InterruptedException {
    Path script = Files.createTempFile("gatling-llm-benchmark", ".lua");
    Files.writeString(
        script,
        "wrk.method = \"POST\"\nwrk.body = '"
            + ShortResponseClient.BODY
            + "'\nwrk.headers[\"Content-Type\"] = \"application/json\"\n");
    List<String> command = new ArrayList<>();
    if (!placement.clientCpus().isEmpty()) {
      command.addAll(List.of("taskset", "-c", placement.clientCpus()));
    }
    command.addAll(List.of("wrk", "-t1", "-c" + users, "-d10s", "-s", script.toString()));
    command.add(url + "/v1/chat/completions");
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      Matcher rate = WRK_RATE.matcher(String.join("\n", process.inputReader().lines().toList()));
      return process.waitFor() == 0 && rate.find() ? Double.parseDouble(rate.group(1)) : 0;
    } catch (IOException notInstalled) {
      return 0;
    } finally {
      Files.delete(script);
    }
  }
}
