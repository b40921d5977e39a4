package dev.gatlingllm.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Measures how close the simulated server keeps to its engine's clock, and how many events it can
 * write, on one processor of its own:
 *
 * <pre>{@code
 * mvn test-compile exec:java@server-speed
 * mvn test-compile exec:java@server-speed -Dexec.args="1000 500 --step-base 10ms --step-per-sequence 10us"
 * mvn test-compile exec:java@server-speed -Dexec.args="64 20000"
 * }</pre>
 *
 * A step writes its tokens one after the other. If nothing spreads them, as with {@code --step-base
 * 20ms} alone, the last of a thousand waits for 999 writes.
 *
 * <p>Figures are of each stream's second half, because the virtual machine warms up in the first. A
 * minimal client shares the remaining processors.
 */
@Command(
    name = "server-speed",
    header = "Measures how close the simulated server keeps to its clock, for two minutes at most.")
public final class ServerSpeedCommand implements Callable<Integer> {

  private static final String SERVER_CPU = "1";
  private static final int SECONDS = 120;
  private static final Pattern ADDRESS = Pattern.compile("http://[^ ]+");

  @Parameters(index = "0", paramLabel = "STREAMS", description = "number of streams")
  private int streams;

  @Parameters(index = "1", paramLabel = "TOKENS", description = "tokens of each stream")
  private int tokens;

  @Parameters(
      index = "2..*",
      paramLabel = "OPTION",
      description = "options of the server, beside --profile instant")
  private List<String> options = new ArrayList<>();

  private ServerSpeedCommand() {}

  /** Runs the load; exits with 2 for invalid arguments. */
  public static void main(String... arguments) {
    String[] given =
        arguments.length == 0
            ? new String[] {"1000", "500", "--step-base", "10ms", "--step-per-sequence", "10us"}
            : arguments;
    // what follows the tokens belongs to the server
    System.exit(
        Main.of(new ServerSpeedCommand())
            .setUnmatchedOptionsArePositionalParams(true)
            .execute(given));
  }

  /** Runs the load and prints the results. */
  @Override
  public Integer call() throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(List.of(Integer.toString(streams), Integer.toString(tokens)));
    arguments.addAll(options);
    System.out.println(Machine.describe());
    System.out.println(run(arguments));
    return 0;
  }

  /** Starts a server, reads the streams, and returns the results. */
  static String run(List<String> arguments) throws IOException, InterruptedException {
    int streams = Integer.parseInt(arguments.get(0));
    int tokens = Integer.parseInt(arguments.get(1));
    List<String> options =
        new ArrayList<>(List.of("server", "--port", "0", "--profile", "instant"));
    options.addAll(arguments.subList(2, arguments.size()));
    Process server =
        new JavaProcess(JavaProcess.canPin() ? SERVER_CPU : "")
            .running(Main.class, options.toArray(String[]::new))
            .start();
    try {
      return measure(server, address(server), streams, tokens);
    } finally {
      server.destroy();
      server.waitFor();
    }
  }

  private static URI address(Process server) throws IOException {
    BufferedReader said =
        new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
    String line = said.readLine();
    Matcher matcher = ADDRESS.matcher(String.valueOf(line));
    if (!matcher.find()) {
      throw new IOException("the server said: " + line);
    }
    return URI.create(matcher.group());
  }

  private static String measure(Process server, URI address, int streams, int tokens)
      throws IOException, InterruptedException {
    List<RawStream> read = new RawClient(address, streams, tokens).run(SECONDS);
    Map<String, JsonNode> truths = truths(address);
    Samples written = new Samples();
    Samples arrived = new Samples();
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (RawStream stream : read) {
      JsonNode truth = truths.get(stream.id());
      for (int i = tokens / 2; i < tokens; i++) {
        long due = truth.get("tokenDueNanos").get(i).asLong();
        written.add(truth.get("tokenNanos").get(i).asLong() - due);
        arrived.add(stream.arrivals()[i] - due);
        first = Math.min(first, stream.arrivals()[i]);
        last = Math.max(last, stream.arrivals()[i]);
      }
    }
    return "%,d streams of %,d tokens: %,.0f events/s arrived; the server's process used %.1f s%n%s%n%s"
        .formatted(
            streams,
            tokens,
            arrived.count() * 1e9 / (last - first),
            server.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3,
            lateness("written", written),
            lateness("arrived", arrived));
  }

  private static String lateness(String what, Samples late) {
    return "%s after it was due, ms: median %.3f   p90 %.3f   p99 %.3f   worst %.3f"
        .formatted(what, late.millis(0.5), late.millis(0.9), late.millis(0.99), late.millis(1));
  }

  private static Map<String, JsonNode> truths(URI address)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(address.resolve("/admin/truth")).build();
    Map<String, JsonNode> truths = new HashMap<>();
    for (String line :
        HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body().split("\n")) {
      JsonNode truth = new ObjectMapper().readTree(line);
      truths.put(truth.path("id").asText(), truth);
    }
    return truths;
  }
}
