package dev.gatlingllm.endtoend;

import dev.gatlingllm.cli.Main;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.server.EngineProfile;
import dev.gatlingllm.server.SimulatedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Streams very many tokens from a simulated server that injects a fault into every twentieth
 * request. Compares the counts of the server's truth log, Gatling's statistics, {@code
 * requests.jsonl} and {@code tokens.json} for each request. Run it with:
 *
 * <pre>{@code
 * mvn test-compile exec:java@soak
 * mvn test-compile exec:java@soak -Dexec.args="100000"
 * }</pre>
 *
 * Exits with 1 if any two counts differ.
 */
@Command(
    name = "soak",
    header = "Streams very many tokens with faults, and compares what each side counted.")
public final class SoakCheck implements Callable<Integer> {

  private static final int MOST_USERS = 64;

  /** 5 % of the requests in all, and as many of the connections. */
  private static final String[] FAULTS = {
    "refuse=0.003",
    "hang-up=0.002",
    "hang-up=0.001;for=100ms",
    "interim=0.002;for=5ms",
    "429=0.003",
    "500=0.003",
    "503=0.003;for=0",
    "error-body=0.003",
    "error-frame=0.002",
    "error-field=0.001",
    "finish-error=0.001",
    "reset=0.002",
    "disconnect=0.001",
    "goaway=0.001",
    "truncate=0.003",
    "cut-character=0.003",
    "malformed=0.003",
    "stall=0.003;for=20ms",
    "stall=0.001;for=3600s",
    "late-first-token=0.003;for=20ms",
    "no-done=0.001",
    "no-finish=0.001",
    "no-end=0.001",
    "buffer=0.002;for=20ms",
    "glue=0.002",
    "dribble=0.002",
    "close=0.002",
    "slow-accept=0.05;for=5ms"
  };

  @Parameters(
      arity = "0..1",
      paramLabel = "TOKENS",
      description = "number of tokens (default: ${DEFAULT-VALUE}, some minutes on two cores)")
  private int tokens = 2_000_000;

  private SoakCheck() {}

  /** Runs the soak; exits with 2 for invalid arguments. */
  public static void main(String[] arguments) {
    System.exit(Main.of(new SoakCheck()).execute(arguments));
  }

  /** Prints the counts of each side. */
  @Override
  public Integer call() throws IOException, InterruptedException {
    Path results = Files.createTempDirectory("gatling-llm-soak");
    boolean agrees;
    try {
      long start = System.nanoTime();
      SoakLedger ledger = run(tokens, results, Duration.ofMinutes(30));
      System.out.printf("%n%s%nin %d s%n", ledger, (System.nanoTime() - start) / 1_000_000_000);
      agrees = ledger.agrees();
    } finally {
      delete(results);
    }
    return agrees ? 0 : 1;
  }

  /**
   * Runs a soak of about this many tokens.
   *
   * @param results folder for its files
   */
  static SoakLedger run(int tokens, Path results, Duration patience)
      throws IOException, InterruptedException {
    int conversations = Math.max(2, tokens / (Soak.TURNS * Soak.OUTPUT_TOKENS));
    int users = Math.min(MOST_USERS, conversations / 2 * 2);
    Path truth = results.resolve("truth.jsonl");
    Run run;
    try (SimulatedServer server =
        SimulatedServer.start(
            settings ->
                settings
                    .tokenizer(GatlingFork.TOKENIZER)
                    .engine(EngineProfile.INSTANT)
                    .faults(FAULTS)
                    .truthLog(truth)
                    .seed(1))) {
      run =
          new GatlingFork(results)
              .patient(patience)
              .with("llm.baseUrl", server.baseUrl())
              .with("llm.requestTimeout", "20s")
              .with("soak.users", users)
              .with("soak.conversations", (conversations + users - 1) / users)
              .run(Soak.class);
    }
    if (run.exit() != 0) {
      throw new IllegalStateException(run.output());
    }
    return SoakLedger.of(run, truth);
  }

  private static void delete(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
