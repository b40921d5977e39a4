package dev.gatlingllm.benchmarks;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import joptsimple.OptionSpec;

/**
 * Whether a stream and a token cost the same however many streams are open: from 100 to 10,000 in
 * one process, with as many tokens a second in all, so that streams are the only thing that grows.
 *
 * <pre>{@code
 * mvn test-compile exec:java@scale
 * mvn test-compile exec:java@scale -Dexec.args="--streams 100,1000,10000 --rate 20000"
 * }</pre>
 *
 * Leaves {@code scale.md} and {@code scale.html}. Needs some file descriptors more than streams,
 * see {@code docs/tuning.md}.
 */
public final class ScaleCommand {

  /** Descriptors of a process that has no stream open. */
  private static final int OTHER_DESCRIPTORS = 500;

  private final LoadOptions options = new LoadOptions(30);
  private final OptionSpec<Integer> streams =
      options.number("streams", "open at once, for each run", 100, 1000, 3000, 10_000);
  private final OptionSpec<Integer> rate =
      options.number("rate", "tokens a second of all streams together", 10_000);
  private final OptionSpec<String> heap =
      options.texts("heap", "of the client's virtual machine", "4G");
  private final OptionSpec<String> out =
      options.texts("out", "folder for scale.md and scale.html", "target");

  private ScaleCommand() {}

  /** Runs the loads and prints a table; ends with 2 for wrong arguments. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    ScaleCommand command = new ScaleCommand();
    command.options.parse(arguments);
    command.run();
  }

  private void run() throws IOException, InterruptedException {
    ScalePage page = new ScalePage(Machine.describe(), options.one(heap));
    for (Placement placement : options.placements()) {
      Placement roomy = placement.withClientOptions(List.of("-Xmx" + options.one(heap)));
      for (int count : options.all(streams)) {
        requireDescriptors(count);
        double tokenMillis = 1e3 * count / options.one(rate);
        ServerPace pace = new ServerPace(tokenMillis, tokenMillis, count);
        page.add(roomy, Run.of(pace, roomy, options.load(ClientKind.TIMED, count)));
      }
    }
    Path folder = Files.createDirectories(Path.of(options.one(out)));
    Files.writeString(folder.resolve("scale.md"), page.table());
    page.writeCharts(folder.resolve("scale.html"));
    System.out.println(page.table());
  }

  private static void requireDescriptors(int count) throws IOException {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        && unix.getMaxFileDescriptorCount() < count + OTHER_DESCRIPTORS) {
      throw new IOException(
          count
              + " streams need more than the "
              + unix.getMaxFileDescriptorCount()
              + " file descriptors that a process may have here: ulimit -n "
              + (count + OTHER_DESCRIPTORS));
    }
  }
}
