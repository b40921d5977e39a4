package dev.gatlingllm.observe;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where the metrics of endpoints come from. Called by one thread at a time for each URL. */
@FunctionalInterface
public interface MetricsSource extends AutoCloseable {

  /**
   * What an endpoint answered.
   *
   * @param type the {@code Content-Type}, or null
   */
  record Answer(int status, @Nullable String type, String text) {}

  /**
   * Asks an endpoint once; blocks for some seconds at most.
   *
   * @throws IOException with a message that says why there is no answer
   */
  Answer get(String url) throws IOException;

  /** Closes all connections. */
  @Override
  default void close() {}
}
