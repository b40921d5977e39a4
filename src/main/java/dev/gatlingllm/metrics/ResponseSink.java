package dev.gatlingllm.metrics;

import java.io.Closeable;
import java.io.IOException;

/**
 * Receives each response when it has ended, for example to write it to a file. Only the recorder's
 * thread calls it, in order of completion, so a sink needs no locks and may block.
 *
 * <p>A sink that throws harms neither the recording nor the other sinks: its first failure is
 * logged, and it is called again for the next response. The run says at its end that what it makes
 * is incomplete.
 */
@FunctionalInterface
public interface ResponseSink extends Closeable {

  /** Returns what it makes, such as the name of a file, to say what is incomplete if it fails. */
  default String what() {
    return getClass().getSimpleName();
  }

  /** Receives the clock of the run, before any response. */
  default void setClock(RunClock clock) {}

  /**
   * Receives one response, also in the warm-up.
   *
   * @param iteration {@code warmup}, the number of an iteration from {@code 1}, or {@code drain} if
   *     the response ended after the window
   */
  void accept(Response response, String iteration) throws IOException;

  /**
   * Writes what was received, so that it survives a kill of this process. Called after each batch
   * of responses: some milliseconds after a response, and at most fifty times a second.
   */
  default void flush() throws IOException {}

  /** Called once, after the last response. */
  @Override
  default void close() throws IOException {}
}
