package dev.gatlingllm.metrics;

import java.io.Closeable;
import java.io.IOException;

/**
 * Takes each response as it ends, such as into a file. Called by the recorder's thread alone, so
 * that it needs no locks and may block, and in order of completion.
 *
 * <p>A sink that throws harms neither the recording nor the other sinks: its first failure is
 * logged, and it is called again for the next response.
 */
@FunctionalInterface
public interface ResponseSink extends Closeable {

  /**
   * Takes one response, of the warm-up too.
   *
   * @param iteration {@code warmup}, the number of an iteration from {@code 1}, or {@code drain}
   *     where the response ended after the window
   */
  void accept(Response response, String iteration) throws IOException;

  /**
   * Makes what was accepted survive a kill of this process. Called some milliseconds after a
   * response at the latest, and at most a few dozen times a second.
   */
  default void flush() throws IOException {}

  /** Called once, after the last response. */
  @Override
  default void close() throws IOException {}
}
