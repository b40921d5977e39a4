package dev.gatlingllm.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a client recorded about itself.
 *
 * @param begin when the measured part began
 * @param end when it ended
 * @param idleBytes memory in use after the first response, heap and buffers outside of it
 * @param loadedBytes memory in use with all streams open
 * @param compilerNanos processor time of the virtual machine's compilers, at the first response and
 *     after each second from there to the end of the measurement
 */
record ClientNotes(
    Usage begin, Usage end, long idleBytes, long loadedBytes, List<Long> compilerNanos) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "client.json";

  /** Seconds and nanoseconds within them up to which a compiler counts as quiet: 2 %. */
  private static final int QUIET_SECONDS = 10;

  private static final long QUIET_NANOS = 200_000_000;

  void write(Path folder) throws IOException {
    JSON.writeValue(folder.resolve(FILE).toFile(), this);
  }

  static ClientNotes read(Path folder) throws IOException {
    return JSON.readValue(folder.resolve(FILE).toFile(), ClientNotes.class);
  }

  Usage used() {
    return end.since(begin);
  }

  /**
   * Returns the seconds from the first response after which the compilers stayed below 2 % of a
   * processor, in any ten seconds up to the end of the measurement; NaN if they did not, or if less
   * than ten seconds are known.
   */
  double compilerQuietAfter() {
    int last = compilerNanos.size() - 1 - QUIET_SECONDS;
    int quiet = last + 1;
    while (quiet > 0
        && compilerNanos.get(quiet - 1 + QUIET_SECONDS) - compilerNanos.get(quiet - 1)
            < QUIET_NANOS) {
      quiet--;
    }
    return quiet > last ? Double.NaN : quiet;
  }
}
