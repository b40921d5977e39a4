package dev.gatlingllm.bench;

import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.text.Choice;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A process of Gatling that measures one fork. {@link #run} is called once; any thread may {@link
 * #stop} it.
 */
final class ForkProcess {

  /** First part of the name of a folder that a fork and its runner share. */
  static final String FOLDER = "gatling-llm-fork";

  private static final long PATIENCE_SECONDS = 5;

  /** Time between two looks for messages. */
  private static final long INTERVAL_MILLIS = 50;

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
  record End(int exit, boolean late, @Nullable ForkScores scores) {}

  private final Process process;
  private final Path folder;
  private final Path messages;

  /** Returns the salt of a fork's seeds; null for none. */
  static @Nullable String salt(BenchOptions options, Combination combination, int fork) {
    String given = LlmSettings.get().find(Setting.SALT).orElse(null);
    if (options.cache != CacheStart.FRESH) {
      return given;
    }
    return (given == null ? "" : given + ",") + combination.salt(fork);
  }

  /**
   * Returns the arguments of {@code java} that run a fork.
   *
   * @param fork its number, from 1; warm-up forks have numbers up to 0
   * @param messages file for its messages
   */
  static List<String> arguments(
      BenchOptions options, Combination combination, int fork, Path messages) {
    List<String> arguments = new ArrayList<>(ClassPath.options());
    arguments.addAll(combination.conditions().jvmArguments());
    // Gatling writes its log by way of String's internals
    arguments.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    for (String name : System.getProperties().stringPropertyNames()) {
      if (PASSED.stream().anyMatch(name::startsWith) && !NOT_PASSED.contains(name)) {
        arguments.add("-D" + name + "=" + System.getProperty(name));
      }
    }
    options.properties().forEach(property -> arguments.add("-D" + property));
    combination.settings().forEach((key, value) -> arguments.add("-D" + key + "=" + value));
    String salt = salt(options, combination, fork);
    if (salt != null) {
      arguments.add("-Dllm.salt=" + salt);
    }
    arguments.add(
        "-Dllm.benchmark="
            + combination.asOptions()
            + " -cache "
            + Choice.key(options.cache)
            + " "
            + BenchOptions.OF
            + " "
            + options.of
            + " "
            + BenchOptions.FORKED
            + " "
            + URLEncoder.encode(messages.toString(), StandardCharsets.UTF_8).replace("%2F", "/"));
    arguments.addAll(
        List.of("io.gatling.app.Gatling", "-s", combination.benchmark(), "-rf", options.reports));
    return arguments;
  }

  /**
   * Starts it. Its standard input closes when this process ends for any reason; then it exits.
   *
   * @throws IOException if the program does not exist, or a temporary file cannot be written
   */
  ForkProcess(BenchOptions options, Combination combination, int fork) throws IOException {
    // all files in it are for this user only, as temporary files are
    folder = Files.createTempDirectory(FOLDER);
    try {
      messages = Files.createTempFile(folder, "messages", ".jsonl");
      List<String> command = new ArrayList<>(List.of(combination.conditions().jvm()));
      List<String> arguments = arguments(options, combination, fork, messages);
      // the launcher expands files of arguments, but not those that another one names
      arguments.stream().filter(argument -> argument.startsWith("@")).forEach(command::add);
      arguments.removeIf(argument -> argument.startsWith("@"));
      command.add(ArgumentFile.write(Files.createTempFile(folder, "java", ".args"), arguments));
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      delete(folder);
      throw e;
    }
  }

  /**
   * Waits until it ends.
   *
   * @param limit how long it may take
   * @param lines receives its lines about iterations
   * @param others receives its output, from another thread, which ends before this method returns
   */
  End run(Duration limit, Consumer<String> lines, Consumer<String> others)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    Thread output =
        new Thread(() -> process.inputReader().lines().forEach(others), "gatling-llm-fork-output");
    output.setDaemon(true);
    output.start();
    boolean late = false;
    @Nullable ForkScores scores = null;
    try (ForkMessage.Reader reader = new ForkMessage.Reader(messages)) {
      for (boolean ended = false; !ended; ) {
        ended = process.waitFor(INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        for (ForkMessage message : reader.next()) {
          if (message.line() != null) {
            lines.accept(message.line());
          }
          scores = message.scores() != null ? message.scores() : scores;
        }
        if (!ended && !late && System.nanoTime() - start > limit.toNanos()) {
          late = true;
          stop();
        }
      }
      output.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      return new End(process.exitValue(), late, scores);
    } finally {
      stop();
      delete(folder);
    }
  }

  /** Deletes the folder that a fork and its runner share, with its files. */
  static void delete(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(folder);
  }

  /** Stops it if it is running, and waits until it has ended. */
  void stop() {
    // Process.destroy would close the streams of its last output
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
