package dev.gatlingllm.metrics;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sink whose failures stay its own. Used by the recorder's thread alone.
 *
 * <p>A full disk fails for every response, so that only the first failure is told in full and the
 * others are counted.
 */
final class GuardedSink {

  private static final Logger LOGGER = LoggerFactory.getLogger(GuardedSink.class);

  private interface Step {
    void run() throws IOException;
  }

  private final ResponseSink sink;
  private final String name;
  private long failures;

  GuardedSink(String name, ResponseSink sink) {
    this.name = name;
    this.sink = sink;
  }

  void accept(Response response, String iteration) {
    attempt(() -> sink.accept(response, iteration));
  }

  void flush() {
    attempt(sink::flush);
  }

  void close() {
    attempt(sink::close);
    if (failures > 1) {
      LOGGER.error("{} failed {} times in all", name, failures);
    }
  }

  private void attempt(Step step) {
    try {
      step.run();
    } catch (Throwable failure) {
      if (failures++ == 0) {
        LOGGER.error("{} failed and is incomplete; the run is still recorded", name, failure);
      }
    }
  }
}
