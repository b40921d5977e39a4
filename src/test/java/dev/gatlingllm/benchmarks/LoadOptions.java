package dev.gatlingllm.benchmarks;

import dev.gatlingllm.cli.Main;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options that all commands with a load share. */
class LoadOptions {

  @Option(
      names = "--warmup",
      paramLabel = "SECONDS",
      description = "before anything is measured (default: ${DEFAULT-VALUE})")
  private int warmUp;

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      description = "measured time (default: ${DEFAULT-VALUE})")
  private int seconds;

  @Option(
      names = "--reply-tokens",
      paramLabel = "TOKENS",
      description = "mean length of a response (default: ${DEFAULT-VALUE})")
  private int responseTokens = 256;

  @Option(
      names = "--placement",
      split = ",",
      paramLabel = "NAME",
      description =
          "shared: client and server on the same processors; apart: a processor for the client"
              + " (default: ${DEFAULT-VALUE})")
  private List<String> placements =
      JavaProcess.canPin() ? List.of("shared", "apart") : List.of("shared");

  @Option(
      names = "--jvm",
      paramLabel = "OPTION",
      description = "an option of the client's JVM; may be repeated (default: none)")
  private List<String> jvm = new ArrayList<>();

  /**
   * @param warmUp the default, in seconds
   * @param seconds the default length of the measurement
   */
  LoadOptions(int warmUp, int seconds) {
    this.warmUp = warmUp;
    this.seconds = seconds;
  }

  /** Makes a processor for the client the default, where processes can be pinned to processors. */
  final void apart() {
    placements = List.of(placements.get(placements.size() - 1));
  }

  /** Replaces what was given by a load of some seconds, which only shows that a command works. */
  void makeQuick() {
    warmUp = 1;
    seconds = 2;
    responseTokens = 16;
    placements = List.of("shared");
  }

  /** Runs a command; exits with its status unless that is 0. */
  static void run(Callable<Integer> command, String... arguments) {
    int status = Main.of(command).execute(arguments);
    if (status != 0) {
      System.exit(status);
    }
  }

  /** Returns a command with these options, which was not run. */
  static <T> T given(T command, String... options) {
    new CommandLine(command).parseArgs(options);
    return command;
  }

  /**
   * @throws IllegalArgumentException for an unknown name
   */
  List<Placement> placements() {
    return placements.stream()
        .map(Placement::named)
        .map(placement -> placement.withClientOptions(jvm))
        .toList();
  }

  Load load(ClientKind kind, int streams) {
    return new Load(kind, streams, responseTokens, warmUp, seconds);
  }
}
