package dev.gatlingllm.metrics;

import java.io.IOException;
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
    guard(() -> sink.accept(response, iteration));
  }

  void flush() {
    guard(sink::flush);
  }

  void close() {
    guard(sink::close);
    if (failures > 1) {
      LOGGER.error("{} failed {} times in all", name, failures);
    }
  }

  private interface Call {
    void run() throws IOException;
  }

  private void guard(Call call) {
    try {
      call.run();
    } catch (Throwable failure) {
      if (failures++ == 0) {
        firstFailure = failure;
        LOGGER.error("{} failed and is incomplete; the run goes on", name, failure);
      }
    }
  }
}
