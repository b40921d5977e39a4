package dev.gatlingllm.bench;

import dev.gatlingllm.text.Choice;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A process of Gatling that measures one fork. {@link #run} is called once; any thread may {@link
 * #stop} it.
 */
final class ForkProcess {

  private static final long PATIENCE_SECONDS = 5;
  private static final List<String> PASSED = List.of("llm.", "gatling.");
  private static final Set<String> NOT_PASSED =
      Set.of("llm.benchmark", "llm.salt", "gatling.simulationClass");

  /**
   * How a fork ended.
   *
   * @param exit its exit code
   * @param late whether it was stopped because of its timeout
   * @param scores what it measured, or null if it ended before
   */
  record End(int exit, boolean late, ForkScores scores) {}

  private final Process process;
  private volatile boolean late;

  /** Returns the salt of a fork's seeds; null for none. */
  static String salt(BenchOptions options, Combination combination, int fork) {
    String given = System.getProperty("llm.salt");
    if (options.cache != CacheStart.FRESH) {
      return given;
    }
    return (given == null ? "" : given + ",") + combination.salt(fork);
  }

  /**
   * Returns the command line that runs a fork.
   *
   * @param fork its number, from 1; warm-up forks have numbers up to 0
   */
  static List<String> command(BenchOptions options, Combination combination, int fork) {
    List<String> command = new ArrayList<>();
    command.add(combination.conditions().jvm());
    command.addAll(combination.conditions().jvmArguments());
    // Gatling writes its log by way of String's internals
    command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    for (String name : System.getProperties().stringPropertyNames()) {
      if (PASSED.stream().anyMatch(name::startsWith) && !NOT_PASSED.contains(name)) {
        command.add("-D" + name + "=" + System.getProperty(name));
      }
    }
    options.properties().forEach(property -> command.add("-D" + property));
    String salt = salt(options, combination, fork);
    if (salt != null) {
      command.add("-Dllm.salt=" + salt);
    }
    command.add(
        "-Dllm.benchmark="
            + combination.asOptions()
            + " -cache "
            + Choice.key(options.cache)
            + " "
            + BenchOptions.FORKED);
    command.addAll(List.of(ClassPath.asArgument(), "io.gatling.app.Gatling"));
    command.addAll(List.of("-s", combination.benchmark(), "-rf", options.reports));
    return command;
  }

  /**
   * Starts it. Its standard input closes when this process ends for any reason; then it exits.
   *
   * @throws IOException if the program does not exist
   */
  ForkProcess(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /**
   * Waits until it ends.
   *
   * @param limit how long it may take
   * @param lines receives its lines about iterations
   * @param others receives its other output
   */
  End run(Duration limit, Consumer<String> lines, Consumer<String> others)
      throws IOException, InterruptedException {
    CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS)
        .execute(this::stopLate);
    ForkScores scores = null;
    try (BufferedReader output = process.inputReader()) {
      for (String line; (line = output.readLine()) != null; ) {
        Optional<ForkScores.Message> message = ForkScores.Message.read(line);
        if (message.isEmpty()) {
          others.accept(line);
        } else if (message.get().scores() != null) {
          scores = message.get().scores();
        } else {
          lines.accept(message.get().line());
        }
      }
      return new End(process.waitFor(), late, scores);
    } finally {
      stop();
    }
  }

  private void stopLate() {
    late = process.isAlive();
    stop();
  }

  /** Stops it if it is running, and waits until it has ended. */
  void stop() {
    // Process.destroy would close the stream of its last output
    process.toHandle().destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.toHandle().destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.toHandle().destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
