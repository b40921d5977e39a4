package dev.gatlingllm.server;

import dev.gatlingllm.text.IoProblems;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes {@link RequestTruth}s to a file as lines of JSON, on a thread of its own. It flushes twice
 * a second; the rest is lost when the process is killed. Thread-safe.
 */
final class TruthFile implements TruthLog.Listener, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TruthFile.class);

  private static final long FLUSH_MILLIS = 500;
  private static final int BUFFER = 1 << 16;

  private final Path path;
  private final OutputStream out;
  private final ScheduledThreadPoolExecutor writer =
      new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory("llm-server-truth", true));
  private boolean failed;

  /**
   * Creates or truncates the file.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  TruthFile(Path path) {
    this.path = path;
    try {
      out = new BufferedOutputStream(Files.newOutputStream(path), BUFFER);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write the truth log %s (%s); its folder must exist"
              .formatted(path, IoProblems.reason(e)),
          e);
    }
    writer.scheduleWithFixedDelay(
        () -> guard(out::flush), FLUSH_MILLIS, FLUSH_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void ended(long sequence, RequestTruth truth) {
    writer.execute(() -> guard(() -> out.write(truth.jsonLine(sequence))));
  }

  private interface IoTask {
    void run() throws IOException;
  }

  private void guard(IoTask task) {
    if (!failed) {
      try {
        task.run();
      } catch (IOException e) {
        failed = true;
        LOG.error("Stopped writing the truth log {}", path, e);
      }
    }
  }

  /** Writes the remaining lines; waits at most 5 s. */
  @Override
  public void close() {
    writer.execute(() -> guard(out::close));
    writer.shutdown();
    try {
      writer.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
