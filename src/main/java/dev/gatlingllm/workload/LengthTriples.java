package dev.gatlingllm.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Lengths of system prompts, questions and replies as they were seen together: what a distribution
 * for each of them cannot say. Each triple of the file is as likely as another. Immutable.
 */
public final class LengthTriples {

  private static final String FORM =
      "write system,question,reply in each line of a CSV file, or a JSON array of"
          + " [system,question,reply] or {\"system\":…,\"question\":…,\"reply\":…}";

  private final List<LengthTriple> triples;

  private LengthTriples(List<LengthTriple> triples) {
    this.triples = List.copyOf(triples);
  }

  /**
   * Reads a file: JSON where it begins with a bracket, else CSV, with a line of headings or
   * without.
   *
   * @throws IllegalArgumentException if it cannot be read; the message names the file and the line
   */
  public static LengthTriples read(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      List<LengthTriple> triples = text.strip().startsWith("[") ? json(text) : csv(text);
      if (triples.isEmpty()) {
        throw new IllegalArgumentException("it holds no lengths; " + FORM);
      }
      return new LengthTriples(triples);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the lengths " + file + " cannot be read: give the path of a CSV or JSON file", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the lengths " + file + ": " + e.getMessage(), e);
    }
  }

  private static List<LengthTriple> csv(String text) {
    List<LengthTriple> triples = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\\R")) {
      number++;
      if (line.isBlank() || number == 1 && Character.isLetter(line.strip().charAt(0))) {
        continue;
      }
      triples.add(triple("line " + number, List.of(line.split(",", -1))));
    }
    return triples;
  }

  private static List<LengthTriple> json(String text) {
    List<LengthTriple> triples = new ArrayList<>();
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
          "line " + e.getLocation().getLineNr() + " is no JSON; " + FORM, e);
    }
  }

  private static LengthTriple triple(String place, List<String> parts) {
    if (parts.size() != 3) {
      throw new IllegalArgumentException(place + " has no three lengths; " + FORM);
    }
    int[] lengths = new int[3];
    for (int i = 0; i < 3; i++) {
      try {
        lengths[i] = Integer.parseInt(parts.get(i).strip());
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            place + ": \"" + parts.get(i).strip() + "\" is no whole number; " + FORM, e);
      }
    }
    try {
      return new LengthTriple(lengths[0], lengths[1], lengths[2]);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
    }
  }

  LengthTriple draw(RandomGenerator random) {
    return triples.get(random.nextInt(triples.size()));
  }

  /** The fewest tokens that a first turn takes: system prompt, question and reply. */
  int least() {
    return triples.stream()
        .mapToInt(triple -> triple.system() + triple.question() + triple.reply())
        .min()
        .orElseThrow();
  }
}
