package dev.gatlingllm.benchmarks;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures whether the cost of a stream and of a token depends on the number of open streams: from
 * 100 to 10,000 in one process, at the same total token rate.
 *
 * <pre>{@code
 * mvn test-compile exec:java@scale
 * mvn test-compile exec:java@scale -Dexec.args="--streams 100,1000,10000 --rate 20000"
 * }</pre>
 *
 * Leaves {@code scale.md} and {@code scale.html}. Needs more file descriptors than streams, see
 * {@code docs/tuning.md}.
 */
@Command(name = "scale", header = "Measures what a stream costs as their number grows.")
public final class ScaleCommand implements Callable<Integer> {

  /** File descriptors of a process without open streams. */
  private static final int OTHER_DESCRIPTORS = 500;

  @Mixin private LoadOptions options = new LoadOptions(30, 10);

  @Option(
      names = "--streams",
      split = ",",
      paramLabel = "NUMBER",
      description = "open at once, for each run (default: ${DEFAULT-VALUE})")
  private List<Integer> streams = List.of(100, 1000, 3000, 10_000);

  @Option(
      names = "--rate",
      paramLabel = "NUMBER",
      description = "tokens per second of all streams together (default: ${DEFAULT-VALUE})")
  private int rate = 10_000;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      description = "of the client's JVM (default: ${DEFAULT-VALUE})")
  private String heap = "4G";

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "for scale.md and scale.html (default: ${DEFAULT-VALUE})")
  private Path out = Path.of("target");

  private ScaleCommand() {}

  /** Runs the loads and prints a table; exits with 2 for invalid arguments. */
  public static void main(String[] arguments) {
    LoadOptions.run(new ScaleCommand(), arguments);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    ScalePage page = new ScalePage(Machine.describe(), heap);
    for (Placement placement : options.placements()) {
      Placement roomy = placement.withClientOptions(List.of("-Xmx" + heap));
      for (int count : streams) {
        requireDescriptors(count);
        double tokenMillis = 1e3 * count / rate;
        ServerPace pace = new ServerPace(tokenMillis, tokenMillis, count);
        page.add(roomy, Run.of(pace, roomy, options.load(ClientKind.TIMED, count)));
      }
    }
    Path folder = Files.createDirectories(out);
    Files.writeString(folder.resolve("scale.md"), page.table());
    page.writeCharts(folder.resolve("scale.html"));
    System.out.println(page.table());
    return 0;
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
