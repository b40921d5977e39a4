package dev.gatlingllm.benchmarks;

import dev.gatlingllm.report.Calibration;
import java.io.IOException;
import java.nio.file.Path;
import joptsimple.OptionSpec;

/**
 * How many streams this machine can drive so that 99 % of times are within a stated error: doubles
 * the streams until they are not, then halves the distance a few times. The client is as a run of
 * Gatling is, on all processors, and the simulated server shares them, so that a machine does
 * better against a server elsewhere.
 *
 * <pre>{@code
 * mvn test-compile exec:java@calibrate
 * mvn test-compile exec:java@calibrate -Dexec.args="--within 2 --from 16"
 * }</pre>
 *
 * What it finds is kept in the user's configuration folder, and a later run beyond it is told so.
 */
public final class CalibrateCommand {

  private final LoadOptions options = new LoadOptions(10);
  private final OptionSpec<Double> within =
      options.decimal("within", "ms that 99 % of times may be off", 5.0);
  private final OptionSpec<Integer> from = options.number("from", "streams to begin with", 32);
  private final OptionSpec<Integer> most = options.number("most", "streams at most", 4096);
  private final OptionSpec<Integer> steps =
      options.number("steps", "of halving the distance, in the end", 2);
  private final OptionSpec<String> file =
      options.texts("file", "where to keep what is found", Calibration.file().toString());

  private CalibrateCommand() {}

  /** Runs the loads, says what was found and keeps it; ends with 2 for wrong arguments. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    CalibrateCommand command = new CalibrateCommand();
    command.options.parse(arguments);
    command.run();
  }

  private void run() throws IOException, InterruptedException {
    System.out.println(Machine.describe());
    Placement placement = Placement.everywhere();
    Run best = null;
    int good = 0;
    int bad = Integer.MAX_VALUE;
    int left = options.one(steps);
    for (int streams = options.one(from); streams > good && streams < bad; ) {
      Run run =
          Run.of(ServerPace.even(streams), placement, options.load(ClientKind.TIMED, streams));
      if (isWithin(run)) {
        good = streams;
        best = run;
      } else {
        bad = streams;
      }
      if (bad < Integer.MAX_VALUE && left-- == 0) {
        break;
      }
      streams =
          bad == Integer.MAX_VALUE
              ? Math.min(good * 2, options.one(most))
              : good + (bad - good) / 2;
    }
    conclude(best);
  }

  private boolean isWithin(Run run) {
    TimingErrors errors = run.errors();
    double ttft = errors.ttft().millis(0.99);
    double icl = errors.icl().millis(0.99);
    double limit = options.one(within);
    boolean good = ttft <= limit && icl <= limit;
    System.out.printf(
        "%s streams, %s events/s: 99 %% of TTFTs within %s ms, of gaps within %s ms: %s%n",
        Numbers.whole(run.load().streams()),
        Numbers.whole(run.tokensPerSecond()),
        Numbers.shortly(ttft),
        Numbers.shortly(icl),
        good ? "good" : "too far off");
    return good;
  }

  private void conclude(Run best) throws IOException {
    if (best == null) {
      System.out.println(
          "Not even the smallest load was within "
              + options.one(within)
              + " ms: this machine is busy with other things, or --within asks too much of it."
              + " Nothing was kept.");
      return;
    }
    Calibration found =
        Calibration.ofThisMachine(
            options.one(within), best.load().streams(), best.tokensPerSecond());
    found.store(Path.of(options.one(file)));
    System.out.printf(
        "This machine drives %s streams and %s events a second, with 99 %% of times within %s ms of"
            + " the truth. Kept; a run beyond it is told so.%n",
        Numbers.whole(found.streams()),
        Numbers.whole(found.tokensPerSecond()),
        Numbers.shortly(found.withinMillis()));
  }
}
