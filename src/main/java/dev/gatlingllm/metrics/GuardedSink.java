package dev.gatlingllm.metrics;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sink whose failures do not harm the others. Used by the recorder's thread alone.
 *
 * <p>A full disk fails for every response, so only the first failure is logged in full; the others
 * are counted.
 */
final class GuardedSink {

  private static final Logger LOGGER = LoggerFactory.getLogger(GuardedSink.class);

  private final ResponseSink sink;
  private final String name;
  private long failures;
  private @Nullable Throwable firstFailure;

  GuardedSink(ResponseSink sink) {
    this.name = sink.what();
    this.sink = sink;
  }

  /** Returns what the sink makes. */
  String what() {
    return name;
  }

  /** Returns its first failure, or null. */
  @Nullable Throwable firstFailure() {
    return firstFailure;
  }

  void accept(Response response, String iteration) {
    try {
      sink.accept(response, iteration);
    } catch (Throwable failure) {
      note(failure);
    }
  }

  void flush() {
    try {
      sink.flush();
    } catch (Throwable failure) {
      note(failure);
    }
  }

  void close() {
    try {
      sink.close();
    } catch (Throwable failure) {
      note(failure);
    }
    if (failures > 1) {
      LOGGER.error("{} failed {} times in all", name, failures);
    }
  }

  private void note(Throwable failure) {
    if (failures++ == 0) {
      firstFailure = failure;
      LOGGER.error("{} failed and is incomplete; the run goes on", name, failure);
    }
  }
}
