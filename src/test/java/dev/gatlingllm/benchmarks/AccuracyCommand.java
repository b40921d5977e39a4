package dev.gatlingllm.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import joptsimple.OptionSpec;

/**
 * How far off the client is: TTFT and ICL as it measured them, beside the moments that the
 * simulated server, in a process of its own, wrote down.
 *
 * <pre>{@code
 * mvn test-compile exec:java@accuracy
 * mvn test-compile exec:java@accuracy -Dexec.args="--streams 1,128 --seconds 20 --out target"
 * }</pre>
 *
 * The client has one event loop, on cores that it shares with the server, and then on a core of its
 * own where {@code taskset} can give it one. What the loopback and the operating system add is part
 * of each figure. Leaves {@code accuracy.md} and {@code accuracy.html}.
 */
public final class AccuracyCommand {

  private final LoadOptions options = new LoadOptions(40);
  private final OptionSpec<Integer> streams =
      options.number("streams", "open at once, for each run", 1, 16, 128, 512, 2000);
  private final OptionSpec<String> pace =
      options.texts("pace", "50 ms, then 10 ms a token; even, or in bursts of all streams", "even");
  private final OptionSpec<String> out =
      options.texts("out", "folder for accuracy.md and accuracy.html", "target");

  private AccuracyCommand() {}

  /** Runs the loads and prints a table; ends with 2 for wrong arguments. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    AccuracyCommand command = new AccuracyCommand();
    command.options.parse(arguments);
    command.run();
  }

  private void run() throws IOException, InterruptedException {
    AccuracyPage page = new AccuracyPage(Machine.describe());
    for (Placement placement : options.placements()) {
      for (int count : options.all(streams)) {
        ServerPace server = ServerPace.named(options.one(pace), count);
        page.add(
            placement, server, Run.of(server, placement, options.load(ClientKind.TIMED, count)));
      }
    }
    Path folder = Files.createDirectories(Path.of(options.one(out)));
    Files.writeString(folder.resolve("accuracy.md"), page.table());
    page.writeCharts(folder.resolve("accuracy.html"));
    System.out.println(page.table());
  }
}
