package dev.gatlingllm.report.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.report.Json;
import dev.gatlingllm.report.KeptFile;
import dev.gatlingllm.report.RunInfo;
import dev.gatlingllm.report.StateFile;
import dev.gatlingllm.report.TokensJson;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A run in the list. A problem with its files is named and affects no other entry.
 *
 * @param start when the run began; the list is sorted by it
 * @param json the run's data in the page
 */
record RunEntry(Instant start, ObjectNode json) {

  /** Characters of an entry; a run has some thousand. */
  private static final int MAX_LENGTH = 50_000;

  private static final String GATLING_LOG = "simulation.log";
  private static final List<String> FIGURES = List.of("count", "mean", "p50", "p95", "p99");
  private static final List<String> TIMES =
      List.of("ttft", "ttfo", "icl", "tpot", "e2e", "scheduleDelay");

  /** What the runner of a benchmark tells a fork in {@code llm.benchmark}. */
  private static final Pattern FORK_OF = Pattern.compile(" -of (\\d{17})(?: |$)");

  private static final Pattern PARAMETER = Pattern.compile("(?:^| )-p (\\S+?)=(\\S+)");
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMddHHmmssSSS");
  private static final Pattern STAMPED = Pattern.compile(".*-(\\d{17})");

  /**
   * Returns the run in a folder; empty if there is none.
   *
   * @param earlier entry of the run, which is kept if the run's file has not changed since; or null
   */
  static Optional<RunEntry> of(Path folder, @Nullable ObjectNode earlier) {
    Path tokens = folder.resolve(TokensJson.FILE_NAME);
    boolean isRun =
        KeptFile.exists(tokens)
            || KeptFile.exists(folder.resolve(StateFile.FILE_NAME))
            || KeptFile.exists(folder.resolve(GATLING_LOG));
    if (!isRun) {
      return Optional.empty();
    }
    long modified = tokens.toFile().lastModified();
    ObjectNode known =
        earlier != null && earlier.has("totals") && earlier.path("modified").asLong() == modified
            ? earlier
            : null;
    ObjectNode json = known == null ? Json.FILES.createObjectNode() : known;
    if (!KeptFile.exists(tokens)) {
      unmeasured(folder, json);
    } else if (known == null) {
      measured(tokens, json.put("modified", modified));
    }
    if (json.toString().length() > MAX_LENGTH) {
      json.removeAll().put("problem", "its files hold more than a list can show");
    }
    json.put("folder", folder.getFileName().toString());
    json.put("report", hasReport(folder));
    Instant start = start(folder, json.path("run").path("start").asText(""));
    return Optional.of(new RunEntry(start, json.put("start", start.toString())));
  }

  private static void measured(Path file, ObjectNode json) {
    try {
      JsonNode tokens = KeptFile.readJson(file);
      if (!tokens.path("run").isObject()
          || !tokens.path("totals").path("requests").isNumber()
          || !tokens.path("metrics").isObject()) {
        json.put("problem", "tokens.json is incomplete");
        return;
      }
      json.set("run", tokens.get("run"));
      json.set("totals", tokens.get("totals"));
      ObjectNode metrics = json.putObject("metrics");
      for (String time : TIMES) {
        if (tokens.get("metrics").path(time).isObject()) {
          metrics.set(time, ((ObjectNode) tokens.get("metrics").get(time)).retain(FIGURES));
        }
      }
      JsonNode ratio = tokens.at("/coldWarm/speedUp/ratio");
      json.set("speedUp", ratio.isNumber() ? ratio : null);
      json.put("warnings", warnings(tokens.path("notes")));
      fork(tokens.at("/run/settings/benchmark").asText(""), json);
      JsonNode verdict = tokens.path("verdict");
      json.putObject("verdict")
          .put("level", verdict.path("level").asText(""))
          .put("text", verdict.path("text").asText(""));
    } catch (IOException broken) {
      json.put("problem", "tokens.json cannot be read");
    }
  }

  /** Adds the benchmark that a run is a fork of, with the parameters of the fork. */
  private static void fork(String options, ObjectNode json) {
    Matcher of = FORK_OF.matcher(options);
    if (of.find()) {
      String parameters =
          PARAMETER
              .matcher(options)
              .results()
              .map(one -> one.group(1) + "=" + decoded(one.group(2)))
              .collect(Collectors.joining(", "));
      json.putObject("fork").put("of", of.group(1)).put("parameters", parameters);
    }
  }

  private static String decoded(String value) {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException broken) {
      return value;
    }
  }

  private static int warnings(JsonNode notes) {
    int warnings = 0;
    for (JsonNode note : notes) {
      warnings += note.path("level").asText().equals("warning") ? 1 : 0;
    }
    return warnings;
  }

  private static void unmeasured(Path folder, ObjectNode json) {
    Optional<RunInfo> info = begun(folder);
    if (info.isPresent()) {
      json.putObject("run")
          .put("simulation", info.get().simulation())
          .put("model", info.get().target().model());
    }
    json.put(
        "problem",
        info.isEmpty() && hasReport(folder)
            ? "a run without token figures"
            : "incomplete: %sstopped before its end, or still running"
                .formatted(info.isEmpty() ? "refused at its start, " : ""));
  }

  private static boolean hasReport(Path folder) {
    return Files.exists(folder.resolve("index.html"));
  }

  private static Optional<RunInfo> begun(Path folder) {
    try {
      return StateFile.readHead(folder).map(StateFile.Head::run);
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** The start as recorded, else from the folder's name, else the folder's age. */
  private static Instant start(Path folder, String written) {
    try {
      Matcher stamped = STAMPED.matcher(folder.getFileName().toString());
      return !written.isEmpty()
          ? Instant.parse(written)
          : stamped.matches()
              ? LocalDateTime.parse(stamped.group(1), STAMP).toInstant(ZoneOffset.UTC)
              : Files.getLastModifiedTime(folder).toInstant();
    } catch (DateTimeException | IOException unknown) {
      return Instant.EPOCH;
    }
  }
}
