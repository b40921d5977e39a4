package dev.gatlingllm.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What a client recorded about itself.
 *
 * @param begin when the measured part began
 * @param end when it ended
 * @param idleBytes memory in use after the first response, heap and buffers outside of it
 * @param loadedBytes memory in use with all streams open
 */
record ClientNotes(Usage begin, Usage end, long idleBytes, long loadedBytes) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "client.json";

  void write(Path folder) throws IOException {
    JSON.writeValue(folder.resolve(FILE).toFile(), this);
  }

  static ClientNotes read(Path folder) throws IOException {
    return JSON.readValue(folder.resolve(FILE).toFile(), ClientNotes.class);
  }

  Usage used() {
    return end.since(begin);
  }
}
