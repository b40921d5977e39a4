package dev.gatlingllm.observe;

import dev.gatlingllm.metrics.ServerSignal;
import java.util.Collections;
import java.util.Map;

/**
 * What all endpoints of the server under test said at one moment. Immutable, as long as its maps
 * are.
 *
 * @param atNanos {@link System#nanoTime()} of the moment
 * @param signals by what they mean: counters since the first reading, whatever the server counted
 *     before it, and also where the server was restarted; without what no endpoint told
 * @param metrics the same by the server's own names, with the series of a name pooled
 */
public record ServerReading(
    long atNanos, Map<ServerSignal, Double> signals, Map<String, Metric> metrics) {

  /**
   * A metric of the server.
   *
   * @param isCounter whether the value only grows
   */
  public record Metric(double value, boolean isCounter) {}

  /** Takes the maps as they are: copies of them would take much of the time of a reading. */
  public ServerReading {
    signals = Collections.unmodifiableMap(signals);
    metrics = Collections.unmodifiableMap(metrics);
  }
}
