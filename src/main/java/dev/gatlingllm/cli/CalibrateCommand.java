package dev.gatlingllm.cli;

import dev.gatlingllm.report.AtomicFile;
import dev.gatlingllm.report.Calibration;
import dev.gatlingllm.text.Numbers;
import dev.gatlingllm.text.Plurals;
import dev.gatlingllm.text.Require;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Finds how many streams this machine can measure within a stated error, and stores that. */
@Command(
    name = "calibrate",
    sortOptions = false,
    header = "Finds the load that this machine measures within a stated error.",
    description = {
      "Doubles the streams until more than 1 %% of times are off by more than --within, then"
          + " bisects. Client and simulated server share all processors.",
      "The result is stored. The report of a later run that exceeds it has a warning.",
      "Exits with 0 if a load was found, and 1 if even the smallest one was off by more."
    })
final class CalibrateCommand implements Callable<Integer> {

  private static final int OK = 0;
  private static final int NOT_FOUND = 1;

  @Spec private CommandSpec spec;

  @Option(
      names = "--within",
      paramLabel = "MILLIS",
      description = "allowed error of 99 %% of times, in ms (default: ${DEFAULT-VALUE})")
  private double within = 5;

  @Option(
      names = "--from",
      paramLabel = "STREAMS",
      description = "streams to start with (default: ${DEFAULT-VALUE})")
  private int from = 32;

  @Option(
      names = "--most",
      paramLabel = "STREAMS",
      description = "maximum number of streams (default: ${DEFAULT-VALUE})")
  private int most = 4096;

  @Option(
      names = "--steps",
      paramLabel = "NUMBER",
      description = "number of bisections (default: ${DEFAULT-VALUE})")
  private int steps = 2;

  @Mixin private TimingOptions options;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "where to store the result (default: gatling-llm/calibration.json in the user's"
              + " configuration folder)")
  private Path file = Calibration.file();

  /** Measures a number of streams. */
  interface Measurement {
    TimingErrors of(int streams) throws IOException, InterruptedException;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Require.that(within > 0, "--within", within, "above 0");
    Require.that(from >= 1 && from <= most, "--from", from, "from 1 to --most");
    Require.that(steps >= 0, "--steps", steps, "at least 0");
    TimingErrors.Load load = options.load();
    AtomicFile.check("--file must be a file that can be written", file, file);
    PrintWriter out = spec.commandLine().getOut();
    Optional<TimingErrors> best =
        search(
            streams -> {
              TimingErrors errors = TimingErrors.measure(streams, load);
              print(errors, out);
              return errors;
            },
            out);
    if (best.isEmpty()) {
      out.printf(
          "Not even the smallest load was within %s ms: the machine is busy, or --within is too"
              + " strict. Nothing was stored.%n",
          Numbers.score(within));
      return NOT_FOUND;
    }
    Calibration.ofThisMachine(within, best.get().streams(), best.get().tokensPerSecond())
        .store(file);
    out.println(
        Plurals.format(
            "This machine measures %,d stream{s} and %,.0f events/s with 99 %% of times within %s ms."
                + " Stored; the report of a run that exceeds this has a warning.",
            best.get().streams(), best.get().tokensPerSecond(), Numbers.score(within)));
    return OK;
  }

  /**
   * Returns the largest load within the allowed error; empty if the first one is not. A larger one
   * that cannot be measured counts as too far off.
   */
  Optional<TimingErrors> search(Measurement measurement, PrintWriter out)
      throws IOException, InterruptedException {
    TimingErrors best = null;
    int good = 0;
    int bad = Integer.MAX_VALUE;
    int bisections = steps;
    for (int streams = from; streams > good && streams < bad; ) {
      Optional<TimingErrors> errors = Optional.empty();
      try {
        errors = Optional.of(measurement.of(streams)).filter(measured -> measured.within(within));
      } catch (IOException failed) {
        if (best == null) {
          throw failed;
        }
        out.println(
            Plurals.format("%,d stream{s} cannot be measured. ", streams) + failed.getMessage());
      }
      if (errors.isPresent()) {
        good = streams;
        best = errors.get();
      } else {
        bad = streams;
      }
      if (bad < Integer.MAX_VALUE && bisections-- == 0) {
        break;
      }
      streams = bad == Integer.MAX_VALUE ? Math.min(good * 2, most) : good + (bad - good) / 2;
    }
    return Optional.ofNullable(best);
  }

  private void print(TimingErrors errors, PrintWriter out) {
    out.println(
        Plurals.format(
            "%,d stream{s}, %,.0f events/s: 99 %% of TTFTs within %.3g ms, of ICLs within %.3g ms: %s",
            errors.streams(),
            errors.tokensPerSecond(),
            errors.ttftMillis(),
            errors.iclMillis(),
            errors.within(within) ? "good" : "too far off"));
  }
}
