package dev.gatlingllm.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The counts of one run from four sources: the truth log and the files of the run. */
final class SoakLedger {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A row of Gatling's table of errors, on its page. */
  private static final Pattern ERROR =
      Pattern.compile(
          "error-col-1 total ko\">([^<]*)<.*?error-col-2 total ko\">(\\d+)<", Pattern.DOTALL);

  private static final Pattern REQUESTS =
      Pattern.compile("> request count +\\| +([\\d,]+) +\\| +([\\d,]+) +\\| +([\\d,]+)");

  /**
   * Output tokens, without those of responses whose connection was broken, because tokens in
   * transit are lost then.
   */
  private static final String OUT = "tokens out, broken ones left out";

  private static final String CAME = "tokens out that came";

  private enum Witness {
    TRUTH,
    REQUESTS_JSONL,
    TOKENS_JSON,
    GATLING
  }

  /** Counts by name, for the sources that have them. */
  private final Map<String, Map<Witness, Long>> counts = new TreeMap<>();

  private final Map<String, Long> faults = new TreeMap<>();
  private final List<String> disagreements = new ArrayList<>();
  private long sentAgain;

  private SoakLedger() {}

  /**
   * @param truth the server's truth log
   */
  static SoakLedger of(Run run, Path truth) throws IOException {
    SoakLedger ledger = new SoakLedger();
    Map<String, List<SoakTruth>> truths = new HashMap<>();
    try (Stream<String> lines = Files.lines(truth)) {
      for (String line : (Iterable<String>) lines::iterator) {
        SoakTruth seen = SoakTruth.of(JSON.readTree(line));
        truths.computeIfAbsent(seen.requestId(), unseen -> new ArrayList<>()).add(seen);
      }
    }
    Map<String, List<JsonNode>> requests = new HashMap<>();
    for (JsonNode request : run.requests()) {
      String turn =
          String.join(
              "/",
              request.get("scenario").asText(),
              request.get("conversation").asText(),
              request.get("turn").asText());
      requests.computeIfAbsent(turn, unseen -> new ArrayList<>()).add(request);
    }
    requests.forEach((turn, tries) -> ledger.pair(turn, tries, truths.remove(turn)));
    truths.keySet().forEach(turn -> ledger.disagreements.add("only the server knows " + turn));
    ledger.addTokensJson(run.tokens());
    ledger.addGatling(run);
    return ledger;
  }

  /** Compares the attempts at one turn, as client and server recorded them. */
  private void pair(String turn, List<JsonNode> tries, List<SoakTruth> seen) {
    if (seen == null) {
      disagreements.add("only the client knows " + turn);
      return;
    }
    tries.sort(Comparator.comparingInt(request -> request.get("attempt").asInt()));
    seen.sort(Comparator.comparingLong(SoakTruth::receivedNanos));
    seen.forEach(truth -> faults.merge(truth.faultName(), 1L, Long::sum));
    // sent again by Gatling itself: the client counts both as one
    for (int i = 0; i < seen.size() && seen.size() > tries.size(); ) {
      if (seen.get(i).unanswered()) {
        seen.remove(i);
        sentAgain++;
      } else {
        i++;
      }
    }
    if (seen.size() != tries.size()) {
      disagreements.add(turn + ": the client tried " + tries + ", the server saw " + seen);
      return;
    }
    for (int i = 0; i < tries.size(); i++) {
      add(tries.get(i), seen.get(i));
    }
  }

  private void add(JsonNode request, SoakTruth truth) {
    String failure = truth.failure(request.get("chunks").asInt());
    if (failure == null && !truth.id().equals(request.get("responseId").asText())) {
      disagreements.add("two answers: " + request + " and " + truth);
    }
    count("requests", Witness.TRUTH, 1);
    count(failure == null ? "good" : "failed: " + failure, Witness.TRUTH, 1);
    if (!truth.wasBroken()) {
      count(OUT, Witness.TRUTH, truth.outputTokens());
      count(OUT, Witness.REQUESTS_JSONL, request.get("outputTokens").asLong());
    } else if (request.get("outputTokens").asLong() > truth.outputTokens()) {
      disagreements.add("more than was written: " + request + " and " + truth);
    }
    if (failure == null) {
      count("tokens in", Witness.TRUTH, truth.inputTokens());
      count("tokens cached", Witness.TRUTH, truth.cachedTokens());
    }
    boolean good = request.get("failure").isNull();
    count("requests", Witness.REQUESTS_JSONL, 1);
    count(good ? "good" : "failed: " + request.get("failure").asText(), Witness.REQUESTS_JSONL, 1);
    count(CAME, Witness.REQUESTS_JSONL, request.get("outputTokens").asLong());
    if (good) {
      count("tokens in", Witness.REQUESTS_JSONL, request.get("inputTokens").asLong());
      count("tokens cached", Witness.REQUESTS_JSONL, request.get("cachedTokens").asLong());
    }
  }

  private void addTokensJson(JsonNode tokens) {
    JsonNode totals = tokens.get("totals");
    count("requests", Witness.TOKENS_JSON, totals.get("requests").asLong());
    count("good", Witness.TOKENS_JSON, totals.get("ok").asLong());
    count(CAME, Witness.TOKENS_JSON, totals.get("outputTokens").asLong());
    count("tokens in", Witness.TOKENS_JSON, totals.get("inputTokens").asLong());
    count("tokens cached", Witness.TOKENS_JSON, totals.get("cachedTokens").asLong());
    tokens
        .get("failures")
        .properties()
        .forEach(
            kind ->
                count(
                    "failed: " + kind.getKey(),
                    Witness.TOKENS_JSON,
                    kind.getValue().get("count").asLong()));
  }

  private void addGatling(Run run) throws IOException {
    Matcher requests = REQUESTS.matcher(run.output());
    while (requests.find()) {
      // the last is the run's
      counts.get("requests").put(Witness.GATLING, number(requests.group(1)));
      counts.get("good").put(Witness.GATLING, number(requests.group(2)));
    }
    Matcher errors = ERROR.matcher(run.page("index.html"));
    while (errors.find()) {
      count(
          "failed: " + errors.group(1).split(": ", 2)[0], Witness.GATLING, number(errors.group(2)));
    }
  }

  private static long number(String text) {
    return Long.parseLong(text.replace(",", ""));
  }

  private void count(String what, Witness witness, long count) {
    counts.computeIfAbsent(what, unseen -> new TreeMap<>()).merge(witness, count, Long::sum);
  }

  /** Returns whether all sources have the same counts and every request has a counterpart. */
  boolean agrees() {
    return disagreements.isEmpty() && counts.keySet().stream().allMatch(this::agrees);
  }

  private boolean agrees(String what) {
    Map<Witness, Long> row = counts.get(what);
    return row.size() == witnesses(what) && row.values().stream().distinct().count() == 1;
  }

  /** Gatling does not count tokens, and only the server knows whether it broke a response. */
  private static int witnesses(String what) {
    boolean partial = what.equals(OUT) || what.equals(CAME);
    return partial ? 2 : what.startsWith("tokens") ? 3 : 4;
  }

  /** Returns how many requests met a fault, repeated requests included. */
  long faulty() {
    return faults.entrySet().stream()
        .filter(fault -> !fault.getKey().equals("none"))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  long count(String what) {
    return counts.get(what).get(Witness.TRUTH);
  }

  @Override
  public String toString() {
    StringBuilder table =
        new StringBuilder(
            String.format(
                "%-36s %14s %14s %14s %14s%n",
                "", "truth", "requests.jsonl", "tokens.json", "Gatling"));
    counts.forEach(
        (what, row) -> {
          table.append(String.format("%-36s", what));
          for (Witness witness : Witness.values()) {
            Long count = row.get(witness);
            table.append(
                count == null ? " ".repeat(15) : String.format(Locale.ROOT, " %,14d", count));
          }
          table.append(agrees(what) ? "" : "  <- differs").append(System.lineSeparator());
        });
    table.append("faults met: ").append(faults).append(System.lineSeparator());
    table.append("sent again by Gatling itself: ").append(sentAgain).append(System.lineSeparator());
    disagreements.stream().limit(20).forEach(d -> table.append(d).append(System.lineSeparator()));
    return table.append(agrees() ? "all agree" : "THEY DISAGREE").toString();
  }
}
