package dev.gatlingllm.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;

/**
 * A message from a fork to its runner: lines of its standard output that hold JSON after the record
 * separator of RFC 7464, among everything that Gatling prints there. What a fork sent before it was
 * killed is not lost.
 *
 * @param line for the runner's console, or null
 * @param scores what the fork measured, its last message, or null
 */
record ForkMessage(String line, ForkScores scores) {

  private static final char RECORD_SEPARATOR = '\u001e';

  /** In ASCII, so that the two processes may disagree on the encoding of their streams. */
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  String write() {
    try {
      return RECORD_SEPARATOR + JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads a line of output; empty for one of Gatling's own. */
  static Optional<ForkMessage> read(String output) {
    int start = output.indexOf(RECORD_SEPARATOR);
    if (start < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(output.substring(start + 1), ForkMessage.class));
    } catch (JsonProcessingException truncated) {
      return Optional.empty();
    }
  }
}
