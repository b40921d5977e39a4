package dev.gatlingllm.cli;

import dev.gatlingllm.text.Numbers;
import dev.gatlingllm.text.Require;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints how far off the times are that this machine measures. */
@Command(
    name = "accuracy",
    sortOptions = false,
    header = "Measures how far off the client's times are.",
    description =
        "Runs Gatling against a simulated server in another process, and compares the times that"
            + " the two recorded. The table has the absolute differences in ms; what the network"
            + " and the operating system add is part of them. Client and server share all"
            + " processors: run it on an idle machine. Where no response ended in time, the table"
            + " has –.")
final class AccuracyCommand implements Callable<Integer> {

  private static final int OK = 0;

  @Spec private CommandSpec spec;

  @Option(
      names = "--streams",
      split = ",",
      paramLabel = "NUMBER",
      description = "open at once, for each load (default: ${DEFAULT-VALUE})")
  private List<Integer> streams = List.of(1, 16, 128, 512);

  @Mixin private TimingOptions options;

  @Override
  public Integer call() throws IOException, InterruptedException {
    streams.forEach(count -> Require.that(count >= 1, "--streams", count, "at least 1"));
    TimingErrors.Load load = options.load();
    PrintWriter out = spec.commandLine().getOut();
    print(
        Stream.of("streams", "tokens/s", "TTFT p50", "p99", "worst", "ICL p50", "p99", "worst"),
        out);
    for (int count : streams) {
      TimingErrors errors = TimingErrors.measure(count, load);
      print(
          Stream.concat(
              Stream.of(
                  Numbers.grouped(count), Numbers.grouped(Math.round(errors.tokensPerSecond()))),
              Stream.of(errors.ttft(), errors.icl()).flatMap(AccuracyCommand::millis)),
          out);
    }
    return OK;
  }

  private static Stream<String> millis(Histogram errors) {
    return Stream.of(50, 99, 100)
        .map(percentile -> TimingErrors.millis(errors, percentile))
        .map(millis -> Numbers.significant(millis, 3));
  }

  private static void print(Stream<String> cells, PrintWriter out) {
    out.println(cells.map("%10s"::formatted).collect(Collectors.joining()));
    out.flush();
  }
}
