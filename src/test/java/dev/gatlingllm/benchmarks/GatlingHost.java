package dev.gatlingllm.benchmarks;

import dev.gatlingllm.samples.SharedPrefixChat;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A process that {@link HostedRuns} of tests share, one at a time: a run in a process that has run
 * others takes a fifth of the processors' time. There are as many as runs at the same time.
 */
public final class GatlingHost {

  private static final Deque<GatlingHost> IDLE = new ConcurrentLinkedDeque<>();
  private static final AtomicBoolean isFirst = new AtomicBoolean(true);

  private final Process process;
  private final BufferedReader statuses;
  private boolean isRecorded;

  private GatlingHost() throws IOException {
    isRecorded = isFirst.getAndSet(false);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.addAll(ShortRun.OPTIONS);
    command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    command.addAll(isRecorded ? ClassArchive.recording() : ClassArchive.options());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(HostedRuns.class.getName());
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    statuses = process.inputReader();
  }

  /**
   * Runs a simulation and returns the exit status that a process of its own would have.
   *
   * @param properties the system properties that it has beside those of every process
   * @param output the file that gets what it prints
   */
  public static int run(
      String simulation,
      Map<String, String> properties,
      Path results,
      Path output,
      Duration patience)
      throws IOException, InterruptedException {
    GatlingHost idle = IDLE.poll();
    GatlingHost host = idle == null ? new GatlingHost() : idle;
    Properties run = new Properties();
    run.putAll(properties);
    run.setProperty(HostedRuns.SIMULATION, simulation);
    run.setProperty(HostedRuns.RESULTS, results.toString());
    run.setProperty(HostedRuns.OUTPUT, output.toString());
    Path file = Files.createTempFile("run", ".properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      run.store(writer, null);
    }
    try {
      return host.run(file, patience);
    } finally {
      if (host.isRecorded) {
        // it ended with this run; others wait for the archive
        ClassArchive.skip();
      }
      Files.delete(file);
    }
  }

  /**
   * Returns the options of {@code java} for many forks that start at once, with the archive of
   * classes: has it made if it is not being made, and waits for it. They take their class path from
   * the system property afterwards.
   */
  public static List<String> archive() throws IOException, InterruptedException {
    if (isFirst.get()) {
      Path results = Files.createTempDirectory("archived-run");
      run(
          SharedPrefixChat.class.getName(),
          Map.of(
              "llm.tokenizer", ShortRun.TOKENIZER,
              "llm.users", "1",
              "llm.warmup", "0s",
              "llm.duration", "1s"),
          results,
          results.resolve("output.txt"),
          Duration.ofMinutes(3));
    }
    return ClassArchive.awaitOptions();
  }

  private int run(Path file, Duration patience) throws IOException, InterruptedException {
    FutureTask<String> status = new FutureTask<>(statuses::readLine);
    Thread reader = new Thread(status, "gatling-host");
    reader.setDaemon(true);
    reader.start();
    try {
      Writer runs = process.outputWriter();
      runs.write(file + "\n");
      runs.flush();
      String printed = status.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (printed == null) {
        return process.waitFor();
      }
      goOn();
      return Integer.parseInt(printed);
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw new AssertionError("the run does not end", e);
    }
  }

  private void goOn() {
    if (isRecorded) {
      isRecorded = false;
      Thread archive =
          new Thread(
              () -> {
                ClassArchive.make(process);
                IDLE.push(this);
              },
              "class-archive");
      archive.setDaemon(true);
      archive.start();
    } else {
      IDLE.push(this);
    }
  }
}
