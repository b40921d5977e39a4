package dev.gatlingllm.server;

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
 * Writes truths to a file, a line each, on a thread of its own: what waits, and what is not yet
 * flushed, is lost when the process is killed, and that is half a second's worth. Any thread may
 * call any method.
 */
final class TruthFile implements TruthLog.Listener, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TruthFile.class);

  private static final long FLUSH_MILLIS = 500;
  private static final int BUFFER = 1 << 16;

  private final Path path;
  private final OutputStream out;
  private final ScheduledThreadPoolExecutor writer =
      new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory("llm-server-truth", true));
  private boolean broken;

  /**
   * Opens the file anew.
   *
   * @throws UncheckedIOException when it cannot be written, naming it and a remedy
   */
  TruthFile(Path path) {
    this.path = path;
    try {
      out = new BufferedOutputStream(Files.newOutputStream(path), BUFFER);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write the truth log "
              + path
              + " ("
              + e
              + "): name a file in a folder that exists",
          e);
    }
    writer.scheduleWithFixedDelay(
        () -> tried(out::flush), FLUSH_MILLIS, FLUSH_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void ended(long sequence, RequestTruth truth) {
    writer.execute(() -> tried(() -> out.write(TruthJson.line(sequence, truth))));
  }

  private interface Writing {
    void run() throws IOException;
  }

  private void tried(Writing writing) {
    if (!broken) {
      try {
        writing.run();
      } catch (IOException e) {
        broken = true;
        LOG.error("The truth log {} ends here", path, e);
      }
    }
  }

  /** Writes what waits, for 5 s at most. */
  @Override
  public void close() {
    writer.execute(() -> tried(out::close));
    writer.shutdown();
    try {
      writer.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
