package dev.gatlingllm.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A process of Gatling that measures one fork. {@link #run} is called once; any thread may {@link
 * #stop} it.
 */
final class ForkProcess {

  private static final long PATIENCE_SECONDS = 5;

  /**
   * How a fork ended.
   *
   * @param exit its exit code
   * @param late whether it was stopped because of its timeout
   * @param scores what it measured, or null if it ended before
   */
  record End(int exit, boolean late, ForkScores scores) {}

  private final Process process;

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
    ScheduledExecutorService alarm =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "gatling-llm-fork-alarm");
              thread.setDaemon(true);
              return thread;
            });
    AtomicBoolean late = new AtomicBoolean();
    alarm.schedule(() -> stopLate(late), limit.toMillis(), TimeUnit.MILLISECONDS);
    ForkScores scores = null;
    try (BufferedReader output = process.inputReader()) {
      for (String line; (line = output.readLine()) != null; ) {
        Optional<ForkMessage> message = ForkMessage.read(line);
        if (message.isEmpty()) {
          others.accept(line);
        } else if (message.get().scores() != null) {
          scores = message.get().scores();
        } else {
          lines.accept(message.get().line());
        }
      }
      return new End(process.waitFor(), late.get(), scores);
    } finally {
      alarm.shutdownNow();
      stop();
    }
  }

  private void stopLate(AtomicBoolean late) {
    late.set(true);
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
