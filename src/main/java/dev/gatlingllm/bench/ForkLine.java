package dev.gatlingllm.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a fork tells its runner: lines of its standard output that hold a JSON text after the record
 * separator of RFC 7464, among all else that Gatling prints there. Killed at any moment, it has
 * told what it told.
 *
 * @param said a line for the runner's console, or null
 * @param scores what the fork measured, its last word, or null
 */
record ForkLine(String said, ForkScores scores) {

  private static final char RECORD_SEPARATOR = '\u001e';

  /** In ASCII, whatever the two processes take for the encoding of their streams. */
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  static ForkLine saying(String line) {
    return new ForkLine(line, null);
  }

  static ForkLine of(ForkScores scores) {
    return new ForkLine(null, scores);
  }

  String write() {
    ObjectNode line = JSON.createObjectNode();
    if (said != null) {
      line.put("say", said);
    }
    if (scores != null) {
      line.put("report", scores.report());
      scores.notes().forEach(line.putArray("notes")::add);
      ArrayNode iterations = line.putArray("iterations");
      scores.iterations().forEach(values -> write(values, iterations.addObject()));
    }
    try {
      return RECORD_SEPARATOR + JSON.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(Map<String, Double> values, ObjectNode to) {
    values.forEach((label, value) -> to.put(label, Double.isNaN(value) ? null : value));
  }

  /** What a line of output tells; empty for one that is Gatling's own. */
  static Optional<ForkLine> read(String output) {
    int start = output.indexOf(RECORD_SEPARATOR);
    if (start < 0) {
      return Optional.empty();
    }
    try {
      JsonNode line = JSON.readTree(output.substring(start + 1));
      return Optional.of(
          new ForkLine(
              line.path("say").asText(null), line.has("iterations") ? scores(line) : null));
    } catch (JsonProcessingException cutShort) {
      return Optional.empty();
    }
  }

  private static ForkScores scores(JsonNode line) {
    List<Map<String, Double>> iterations = new ArrayList<>();
    for (JsonNode iteration : line.get("iterations")) {
      Map<String, Double> values = new LinkedHashMap<>();
      iteration
          .properties()
          .forEach(value -> values.put(value.getKey(), value.getValue().asDouble(Double.NaN)));
      iterations.add(values);
    }
    List<String> notes = new ArrayList<>();
    line.path("notes").forEach(note -> notes.add(note.asText()));
    return new ForkScores(iterations, line.path("report").asText(null), notes);
  }
}
