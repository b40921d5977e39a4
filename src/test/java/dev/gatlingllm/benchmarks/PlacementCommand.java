package dev.gatlingllm.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures the error of the client: compares its TTFT and ICL with the times that the simulated
 * server, in a separate process, recorded.
 *
 * <pre>{@code
 * mvn test-compile exec:java@placement
 * mvn test-compile exec:java@placement -Dexec.args="--streams 1,128 --seconds 20 --out target"
 * }</pre>
 *
 * The client has one event loop, on cores that it shares with the server, and then on a core of its
 * own where {@code taskset} can give it one. What the loopback and the operating system add is part
 * of each figure. Leaves {@code placement.md} and {@code placement.html}.
 */
@Command(
    name = "placement",
    header = "Measures how far off the client's times are, by its processors.")
public final class PlacementCommand implements Callable<Integer> {

  @Mixin private LoadOptions options = new LoadOptions(40, 10);

  @Option(
      names = "--streams",
      split = ",",
      paramLabel = "NUMBER",
      description = "open at once, for each run (default: ${DEFAULT-VALUE})")
  private List<Integer> streams = List.of(1, 16, 128, 512, 2000);

  @Option(
      names = "--pace",
      paramLabel = "NAME",
      description =
          "50 ms, then 10 ms a token: even, or bursts of all streams (default: ${DEFAULT-VALUE})")
  private String pace = "even";

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "for placement.md and placement.html (default: ${DEFAULT-VALUE})")
  private Path out = Path.of("target");

  private PlacementCommand() {}

  /** Runs the loads and prints a table; exits with 2 for invalid arguments. */
  public static void main(String[] arguments) {
    LoadOptions.run(new PlacementCommand(), arguments);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PlacementPage page = new PlacementPage(Machine.describe());
    for (Placement placement : options.placements()) {
      for (int count : streams) {
        ServerPace server = ServerPace.named(pace, count);
        page.add(
            placement, server, Run.of(server, placement, options.load(ClientKind.TIMED, count)));
      }
    }
    Path folder = Files.createDirectories(out);
    Files.writeString(folder.resolve("placement.md"), page.table());
    page.writeCharts(folder.resolve("placement.html"));
    System.out.println(page.table());
    return 0;
  }
}
