package dev.gatlingllm.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Lengths of system prompts, questions and responses that were recorded together, which independent
 * distributions cannot express. All triples of the file are equally likely. Immutable.
 */
public final class LengthTriples {

  private static final String FORM =
      "write system,question,reply in each line of a CSV file, or a JSON array of"
          + " [system,question,reply] or {\"system\":…,\"question\":…,\"reply\":…}, or give a trace"
          + " of Azure's or BurstGPT's in CSV";

  private final List<Triple> triples;

  private LengthTriples(List<Triple> triples) {
    this.triples = List.copyOf(triples);
  }

  /**
   * Reads a file: JSON if it begins with a bracket, otherwise CSV with or without a header, or a
   * {@linkplain CsvTrace trace} in CSV, whose prompts are questions without a system prompt. The
   * file may be compressed with gzip.
   *
   * @throws IllegalArgumentException if it cannot be read; the message names file and line
   */
  public static LengthTriples read(Path file) {
    try {
      String text = DataFile.text(file);
      List<Triple> triples = text.strip().startsWith("[") ? json(text) : csv(text);
      if (triples.isEmpty()) {
        throw new IllegalArgumentException("it has no lengths; " + FORM);
      }
      return new LengthTriples(triples);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the lengths " + file + " cannot be read: give the path of a CSV or JSON file", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the lengths " + file + ": " + e.getMessage(), e);
    }
  }

  private static List<Triple> csv(String text) {
    List<Triple> triples = new ArrayList<>();
    String[] lines = text.split("\\R");
    Optional<CsvTrace> trace = CsvTrace.of(lines[0]);
    for (int i = 0; i < lines.length; i++) {
      String place = "line " + (i + 1);
      if (lines[i].isBlank() || (i == 0 && lines[i].matches("[\\s\"]*\\p{L}.*"))) {
        continue;
      }
      triples.add(
          trace.isPresent()
              ? recorded(place, trace.get(), lines[i])
              : triple(place, CsvTrace.fields(lines[i])));
    }
    return triples;
  }

  private static Triple recorded(String place, CsvTrace trace, String line) {
    try {
      CsvTrace.Row row = trace.row(line);
      return new Triple(0, row.inputTokens(), row.outputTokens());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
    }
  }

  private static List<Triple> json(String text) {
    List<Triple> triples = new ArrayList<>();
    try {
      for (JsonNode entry : new ObjectMapper().readTree(text)) {
        List<String> parts =
            entry.isArray()
                ? List.of(
                    entry.path(0).asText(),
                    entry.path(1).asText(),
                    entry.size() == 3 ? entry.path(2).asText() : "")
                : List.of(
                    entry.path("system").asText(),
                    entry.path("question").asText(),
                    entry.path("reply").asText());
        triples.add(triple("entry " + (triples.size() + 1), parts));
      }
      return triples;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "line " + e.getLocation().getLineNr() + " is not valid JSON; " + FORM, e);
    }
  }

  private static Triple triple(String location, List<String> parts) {
    try {
      int[] lengths = parts.stream().map(String::strip).mapToInt(Integer::parseInt).toArray();
      if (lengths.length == 3 && lengths[0] >= 0 && lengths[1] >= 1 && lengths[2] >= 1) {
        return new Triple(lengths[0], lengths[1], lengths[2]);
      }
    } catch (NumberFormatException e) {
      // not a whole number: reported with other invalid lengths
    }
    throw new IllegalArgumentException(
        location
            + " must be three whole numbers, system from 0, question and reply from 1, got "
            + String.join(",", parts)
            + "; "
            + FORM);
  }

  Triple draw(RandomGenerator random) {
    return triples.get(random.nextInt(triples.size()));
  }

  /** Returns the smallest length of a first turn: system prompt, question and response. */
  int minimum() {
    return triples.stream()
        .mapToInt(triple -> triple.system() + triple.question() + triple.response())
        .min()
        .orElseThrow();
  }

  /**
   * Lengths in tokens.
   *
   * @param system of a system prompt, from 0
   * @param question of a question, from 1
   * @param response of its response, from 1
   */
  record Triple(int system, int question, int response) {}
}
