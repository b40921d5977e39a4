package dev.gatlingllm.bench.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.bench.result.BenchmarkScores.Key;
import dev.gatlingllm.metrics.Figure.Unit;
import dev.gatlingllm.text.IoProblems;
import dev.gatlingllm.text.Redactor;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what JMH writes with {@code -rf json}. */
public final class ResultReader {

  /** Sums of squares of greater scores are no finite numbers. */
  private static final double MAX_SCORE = 1e100;

  private static final int MAX_NAME = 1_000;

  /** A file of a stranger's may name any number of forks. */
  private static final int MAX_FORKS = 1_000;

  /** Units of what is counted in an iteration. */
  private static final Set<String> COUNTS =
      Set.of(Unit.REQUESTS.symbol(), Unit.CONVERSATIONS.symbol());

  private static final ObjectMapper NOTES = new ObjectMapper();

  private static final String REMEDY = "; must be written by JMH with -rf json";

  private ResultReader() {}

  /**
   * Reads a file.
   *
   * @return a row for each benchmark and choice of parameters, in the file's order
   * @throws IllegalArgumentException if the file cannot be read or is invalid; the message names
   *     the file and the problem
   */
  public static List<BenchmarkScores> read(Path file) {
    try {
      return read(Files.readString(file));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read: " + reason(e), e);
    }
  }

  private static List<BenchmarkScores> read(String json) {
    JsonNode root;
    try {
      root = new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw new IllegalArgumentException(
          "not JSON at line " + (at == null ? 1 : at.getLineNr()) + REMEDY, e);
    }
    return rows(root);
  }

  private static String reason(IOException problem) {
    return problem instanceof CharacterCodingException ? "not UTF-8" : IoProblems.reason(problem);
  }

  static List<BenchmarkScores> rows(JsonNode root) {
    require(root.isArray(), "not a list of benchmarks" + REMEDY);
    List<BenchmarkScores> rows = new ArrayList<>();
    Set<Key> seen = new HashSet<>();
    for (JsonNode entry : root) {
      BenchmarkScores row = row(entry);
      require(seen.add(row.key()), row.key() + " must occur once, got 2");
      rows.add(row);
    }
    return rows;
  }

  private static BenchmarkScores row(JsonNode entry) {
    Key key = new Key(text(entry, "benchmark"), text(entry, "mode"), texts(entry.path("params")));
    List<MetricScores> metrics = new ArrayList<>();
    String time = entry.path("measurementTime").asText();
    int planned = Math.min(MAX_FORKS, entry.path("forks").asInt());
    JsonNode primary = entry.get("primaryMetric");
    require(primary != null, key + " has no primaryMetric" + REMEDY);
    metrics.add(
        MetricScores.primary(
            MetricScores.PRIMARY,
            primary.path(MetricScores.FIGURE).asText(null),
            key.mode(),
            unit(primary, time),
            primaryForks(key + "'s primaryMetric", primary, planned)));
    for (Map.Entry<String, JsonNode> secondary : entry.path("secondaryMetrics").properties()) {
      String name = shown(secondary.getKey());
      metrics.add(
          MetricScores.secondary(
              name,
              unit(secondary.getValue(), time),
              forks(key + "'s " + name, secondary.getValue(), planned)));
    }
    List<ForkNote> notes = new ArrayList<>();
    primary.path(MetricScores.NOTES).forEach(note -> note(note).ifPresent(notes::add));
    return new BenchmarkScores(key, metrics, notes, texts(primary.path(MetricScores.SETTINGS)));
  }

  /** Reads a note; empty for a kind that a later version wrote. The first one wrote texts. */
  private static Optional<ForkNote> note(JsonNode json) {
    if (json.isTextual()) {
      return Optional.of(new ForkNote(ForkNote.Kind.WARM_CACHE, shown(json.asText())));
    }
    try {
      ForkNote.Kind kind = NOTES.treeToValue(json.path("kind"), ForkNote.Kind.class);
      return Optional.ofNullable(kind)
          .map(known -> new ForkNote(known, shown(json.path("text").asText())));
    } catch (JsonProcessingException unknown) {
      return Optional.empty();
    }
  }

  /** Returns the unit of a metric. That of a count names the iteration: a shorter one has less. */
  private static String unit(JsonNode metric, String time) {
    String unit = text(metric, "scoreUnit");
    return COUNTS.contains(unit) && !time.isEmpty() ? unit + "/" + shown(time) : unit;
  }

  private static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      texts.put(shown(field.getKey()), shown(field.getValue().asText()));
    }
    return texts;
  }

  /**
   * Reads the values of a primary metric. A pooled one stands in the first iteration; of the NaNs
   * after it, those of iterations without samples count.
   */
  private static List<List<Double>> primaryForks(String metric, JsonNode json, int planned) {
    List<List<Double>> forks = forks(metric, json, planned);
    if (!json.path(MetricScores.POOLED).asBoolean()) {
      return forks;
    }
    List<List<Double>> values = new ArrayList<>();
    for (List<Double> fork : forks) {
      int empty = json.path(MetricScores.EMPTY).path(values.size()).asInt();
      values.add(fork.stream().limit(1L + Math.max(0, empty)).toList());
    }
    return values;
  }

  /** Reads the values of each fork; those of forks that failed are missing in the file. */
  private static List<List<Double>> forks(String metric, JsonNode json, int planned) {
    require(
        !json.has("rawDataHistogram"),
        metric + " must hold scores, got the histograms of mode sample");
    JsonNode raw = json.path("rawData");
    require(raw.isArray(), metric + " has no rawData" + REMEDY);
    List<List<Double>> forks = new ArrayList<>();
    for (JsonNode fork : raw) {
      List<Double> iterations = new ArrayList<>();
      for (JsonNode iteration : fork) {
        iterations.add(number(metric, iteration));
      }
      forks.add(iterations);
    }
    while (!forks.isEmpty() && forks.size() < planned) {
      forks.add(List.of());
    }
    return forks;
  }

  /** JMH puts what JSON has no number for in quotes. */
  private static double number(String metric, JsonNode json) {
    if (json.isNumber()) {
      double value = json.doubleValue();
      require(
          Math.abs(value) <= MAX_SCORE,
          "a score of %s must be from -%g to %g, got %s"
              .formatted(metric, MAX_SCORE, MAX_SCORE, shown(json.asText())));
      return value;
    }
    return switch (json.asText()) {
      case "NaN" -> Double.NaN;
      case "+INF" -> Double.POSITIVE_INFINITY;
      case "-INF" -> Double.NEGATIVE_INFINITY;
      default ->
          throw new IllegalArgumentException(
              "a score of "
                  + metric
                  + " must be a number, got '"
                  + shown(json.asText())
                  + "'"
                  + REMEDY);
    };
  }

  private static String text(JsonNode json, String field) {
    JsonNode value = json.get(field);
    require(value != null && value.isTextual(), "a benchmark or metric has no " + field + REMEDY);
    return shown(value.textValue());
  }

  /** Returns text of a file, which may be a stranger's, as a terminal can show it. */
  private static String shown(String text) {
    return Redactor.ofProcess().line(text, MAX_NAME);
  }

  private static void require(boolean met, String problem) {
    if (!met) {
      throw new IllegalArgumentException(problem);
    }
  }
}
