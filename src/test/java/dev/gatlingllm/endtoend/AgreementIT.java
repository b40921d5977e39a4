package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.samples.SharedPrefixChat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every figure of {@code tokens.json}, worked out once more from {@code requests.jsonl}. */
class AgreementIT {

  private static final Pattern NUMBER = Pattern.compile("[0-9.]+");

  @TempDir static Path results;
  private static Run run;
  private static JsonNode tokens;
  private static List<JsonNode> all;
  private static List<JsonNode> measured;
  private static double open;
  private static double close;

  @BeforeAll
  static void runOnce() throws IOException, InterruptedException {
    run =
        new GatlingFork(results)
            .with("llm.users", 6)
            .with("llm.duration", "4s")
            .with("llm.warmup", "1s")
            .with("llm.groups", 2)
            .with("llm.systemPromptTokens", 48)
            .with("llm.outputTokens", "uniform(4,24)")
            .with("llm.chunkTimes", true)
            .with("llm.inferencePerfFiles", true)
            .with("gatling.data.console.writePeriod", 1)
            .with("llm.goodput", "ttft<60ms,e2e<400ms")
            .run(SharedPrefixChat.class);
    assertThat(run.exit()).as(run.output()).isZero();
    tokens = run.tokens();
    all = run.requests();
    measured = where(all, r -> r.get("iteration").asText().equals("1"));
    assertThat(measured).hasSizeGreaterThan(10);
    open = Instant.parse(tokens.at("/run/start").asText()).toEpochMilli() + 1_000;
    close = open + 4_000;
  }

  /**
   * The file has whole milliseconds of a clock that was read beside the one that times responses:
   * on a busy machine, some milliseconds before or after it.
   */
  private static final double CLOCK_MILLIS = 10;

  /**
   * A sample, its moment, and when its request was written, as far as these are known. A request of
   * the warm-up gives the window no latency.
   */
  private record Sample(double value, double atMillis, double writtenMillis) {

    boolean isMeasured() {
      return open <= writtenMillis && open <= atMillis && atMillis < close;
    }

    boolean isDoubtful() {
      return DoubleStream.of(writtenMillis - open, atMillis - open, atMillis - close)
          .anyMatch(distance -> Math.abs(distance) < CLOCK_MILLIS);
    }
  }

  /** The times in a field, each of which is also the time from the request to the moment. */
  private static List<Sample> times(List<JsonNode> requests, String field) {
    return samples(requests, field, r -> r.get(field).asDouble());
  }

  private static List<Sample> samples(
      List<JsonNode> requests, String field, ToDoubleFunction<JsonNode> millisAfterWritten) {
    return requests.stream()
        .filter(r -> !r.get(field).isNull())
        .map(r -> sample(r, r.get(field).asDouble(), millisAfterWritten.applyAsDouble(r)))
        .toList();
  }

  private static Sample sample(JsonNode request, double value, double millisAfterWritten) {
    double written = request.get("startMillis").asDouble();
    return new Sample(value, written + millisAfterWritten, written);
  }

  private static List<Double> values(List<JsonNode> requests, String field) {
    return requests.stream()
        .map(request -> request.get(field))
        .filter(value -> !value.isNull())
        .map(JsonNode::asDouble)
        .toList();
  }

  private static List<Sample> gaps(List<JsonNode> requests) {
    List<Sample> gaps = new ArrayList<>();
    for (JsonNode request : requests) {
      JsonNode chunks = request.get("chunkMillis");
      for (int i = 1; i < chunks.size(); i++) {
        double chunk = chunks.get(i).asDouble();
        gaps.add(sample(request, chunk - chunks.get(i - 1).asDouble(), chunk));
      }
    }
    return gaps;
  }

  private static double sum(List<JsonNode> requests, String field) {
    return values(requests, field).stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Within 1 %; times in the file are whole microseconds. */
  private static void agree(JsonNode figures, List<Double> values) {
    agree(figures, values, values);
  }

  /** With or without a few at the borders of the window, of which it is not known if they count. */
  private static void agreeInWindow(JsonNode figures, List<Sample> samples) {
    agree(
        figures,
        values(samples, sample -> sample.isMeasured() && !sample.isDoubtful()),
        values(samples, sample -> sample.isMeasured() || sample.isDoubtful()));
  }

  private static List<Double> values(List<Sample> samples, Predicate<Sample> which) {
    return samples.stream().filter(which).map(Sample::value).toList();
  }

  /** The figures are those of some values at least, and of others at most. */
  private static void agree(JsonNode figures, List<Double> some, List<Double> all) {
    double[] fewest = sorted(some);
    double[] most = sorted(all);
    int doubtful = most.length - fewest.length;
    assertThat(figures.get("count").asInt()).isBetween(fewest.length, most.length);
    List<Double> borderline = new ArrayList<>(all);
    some.forEach(borderline::remove);
    borderline.sort(Comparator.naturalOrder());
    List<Double> means = new ArrayList<>(means(some, borderline));
    Collections.reverse(borderline);
    means.addAll(means(some, borderline));
    between(figures.get("mean"), Collections.min(means), Collections.max(means));
    for (int percentile : new int[] {0, 50, 75, 90, 95, 99, 100}) {
      String field = percentile == 0 ? "min" : percentile == 100 ? "max" : "p" + percentile;
      // at most the last of the samples, of which the doubtful ones need not be there
      double rank = Math.max(1, Math.min(most.length, (most.length + 1) * percentile / 100.0));
      between(figures.get(field), atRank(most, rank - doubtful), atRank(most, rank + doubtful));
    }
  }

  /** The means of some values and none, one, two … of the others, in their order. */
  private static List<Double> means(List<Double> some, List<Double> others) {
    double sum = some.stream().mapToDouble(Double::doubleValue).sum();
    List<Double> means = new ArrayList<>();
    for (int i = 0; i <= others.size(); i++) {
      sum += i == 0 ? 0 : others.get(i - 1);
      means.add(sum / (some.size() + i));
    }
    return means;
  }

  private static double[] sorted(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  private static double atRank(double[] sorted, double rank) {
    double within = Math.max(1, Math.min(sorted.length, rank));
    double below = sorted[(int) within - 1];
    double above = sorted[(int) Math.ceil(within) - 1];
    return below + (within - Math.floor(within)) * (above - below);
  }

  private static void between(JsonNode figure, double low, double high) {
    assertThat(figure.asDouble())
        .isBetween(low - 0.01 * Math.abs(low) - 0.002, high + 0.01 * Math.abs(high) + 0.002);
  }

  private static void close(double figure, double expected) {
    assertThat(figure).isCloseTo(expected, within(0.01 * Math.abs(expected) + 0.002));
  }

  private static void scopeAgrees(JsonNode scope, Predicate<JsonNode> part) {
    List<JsonNode> requests = where(measured, part);
    JsonNode totals = scope.get("totals");
    double seconds = tokens.at("/run/durationSeconds").asDouble();
    assertThat(totals.get("requests").asInt()).isEqualTo(requests.size());
    assertThat(totals.get("ok").asInt()).isEqualTo(requests.size());
    assertThat(totals.get("inputTokens").asDouble()).isEqualTo(sum(requests, "inputTokens"));
    assertThat(totals.get("cachedTokens").asDouble()).isEqualTo(sum(requests, "cachedTokens"));
    close(totals.get("requestsPerSecond").asDouble(), requests.size() / seconds);
    close(totals.get("responsesPerSecond").asDouble(), requests.size() / seconds);
    close(totals.get("inputTokensPerSecond").asDouble(), sum(requests, "inputTokens") / seconds);
    close(
        totals.get("cacheHitPercent").asDouble(),
        100 * sum(requests, "cachedTokens") / sum(requests, "inputTokens"));
    close(
        totals.get("expectedReusablePercent").asDouble(),
        100 * sum(requests, "reusableTokens") / sum(requests, "inputTokensExpected"));
    JsonNode metrics = scope.get("metrics");
    List<JsonNode> any = where(all, part);
    agreeInWindow(metrics.get("ttft"), times(any, "ttftMillis"));
    agreeInWindow(metrics.get("ttfo"), times(any, "ttfoMillis"));
    agreeInWindow(metrics.get("e2e"), times(any, "e2eMillis"));
    agreeInWindow(
        metrics.get("tpot"), samples(any, "tpotMillis", r -> r.get("e2eMillis").asDouble()));
    agreeInWindow(metrics.get("scheduleDelay"), samples(any, "scheduleDelayMillis", r -> 0));
    List<Sample> connecting = samples(any, "connectMillis", r -> 0);
    if (metrics.path("connectTime").has("count")) {
      agreeInWindow(metrics.get("connectTime"), connecting);
    } else {
      assertThat(connecting).noneMatch(sample -> sample.isMeasured() && !sample.isDoubtful());
    }
    agreeInWindow(metrics.get("icl"), gaps(any));
    agree(metrics.get("inputTokens"), values(requests, "inputTokens"));
    agree(metrics.get("outputTokens"), values(requests, "outputTokens"));
    agree(metrics.get("cachedTokens"), values(requests, "cachedTokens"));
  }

  private static List<JsonNode> where(List<JsonNode> requests, Predicate<JsonNode> condition) {
    return requests.stream().filter(condition).toList();
  }

  @Test
  void theRunAgrees() {
    scopeAgrees(tokens, r -> true);
    scopeAgrees(tokens.at("/byRequest/turn"), r -> true);
    assertThat(tokens.get("byScenario").size()).isEqualTo(1);
    scopeAgrees(tokens.get("byScenario").elements().next(), r -> true);
  }

  @Test
  void apisAndFinishReasonsAgree() {
    scopeAgrees(tokens.at("/byApi/chat"), r -> r.get("api").asText().equals("chat"));
    tokens
        .get("byFinishReason")
        .fieldNames()
        .forEachRemaining(
            reason ->
                scopeAgrees(
                    tokens.at("/byFinishReason/" + reason),
                    r -> r.get("finishReason").asText().equals(reason)));
    assertThat(all)
        .filteredOn(r -> r.path("finishReason").asText().equals("length"))
        .isNotEmpty()
        .allMatch(r -> r.get("outputTokens").equals(r.get("maxTokens")));
  }

  @Test
  void turnsAndGroupsAgree() {
    for (int turn = 1; turn <= 3; turn++) {
      int number = turn;
      scopeAgrees(tokens.at("/byTurn/" + turn), r -> r.get("turn").asInt() == number);
    }
    for (int group = 0; group < 2; group++) {
      int number = group;
      scopeAgrees(tokens.at("/byGroup/" + group), r -> r.get("group").asInt() == number);
    }
  }

  @Test
  void goodputAgrees() {
    List<JsonNode> kept =
        where(
            measured,
            r -> r.get("ttftMillis").asDouble() < 60 && r.get("e2eMillis").asDouble() < 400);
    JsonNode goodput = tokens.at("/totals/goodput");

    long missed = goodput.get("unfinishedMissed").asLong();
    assertThat(missed)
        .isBetween(
            all.stream().filter(r -> isUnfinishedAndMissed(r, -2)).count(),
            all.stream().filter(r -> isUnfinishedAndMissed(r, 2)).count());
    long leftOut = goodput.get("missedInWarmUp").asLong();
    assertThat(leftOut)
        .isBetween(
            measured.stream().filter(r -> hasMissedInWarmUp(r, -2)).count(),
            measured.stream().filter(r -> hasMissedInWarmUp(r, 2)).count());
    close(
        goodput.get("percent").asDouble(),
        100.0 * kept.size() / (measured.size() + missed - leftOut));
    close(
        goodput.get("perSecond").asDouble(),
        kept.size() / tokens.at("/run/durationSeconds").asDouble());
  }

  @Test
  void goodConversationsAgree() {
    Set<String> missed =
        all.stream()
            .filter(
                r ->
                    !r.get("status").asText().equals("OK")
                        || r.get("ttftMillis").asDouble() >= 60
                        || r.get("e2eMillis").asDouble() >= 400)
            .map(AgreementIT::conversation)
            .collect(Collectors.toSet());

    List<JsonNode> good =
        where(measured, r -> r.path("lastTurn").asBoolean() && !missed.contains(conversation(r)));

    close(
        tokens.at("/totals/goodConversationsPerSecond").asDouble(),
        good.size() / tokens.at("/run/durationSeconds").asDouble());
  }

  @Test
  void conversationsAgree() {
    JsonNode figures = tokens.get("conversations");
    List<JsonNode> ends = where(measured, r -> r.path("lastTurn").asBoolean());
    Map<String, List<JsonNode>> requests =
        all.stream().collect(Collectors.groupingBy(AgreementIT::conversation));
    List<List<JsonNode>> ended = ends.stream().map(r -> requests.get(conversation(r))).toList();

    assertThat(ended).isNotEmpty();
    assertThat(figures.get("completed").asInt()).isEqualTo(ended.size());
    assertThat(figures.get("failed").asInt()).isZero();
    assertThat(figures.get("unfinished").asLong())
        .isEqualTo(
            measured.stream().map(AgreementIT::conversation).distinct().count() - ended.size());
    agree(figures.get("turns"), ended.stream().map(turns -> (double) turns.size()).toList());
    agree(
        figures.get("cacheHitPercent"),
        ended.stream()
            .map(turns -> 100 * sum(turns, "cachedTokens") / sum(turns, "inputTokens"))
            .toList());
    agreeInWindow(
        figures.get("modelTime"),
        ended.stream()
            .map(
                turns -> {
                  JsonNode last = turns.get(turns.size() - 1);
                  double end =
                      last.get("startMillis").asDouble() + last.get("e2eMillis").asDouble();
                  double begin = turns.get(0).get("startMillis").asDouble();
                  return new Sample(sum(turns, "e2eMillis"), end, begin);
                })
            .toList());
  }

  private static String conversation(JsonNode request) {
    return request.get("user").asText() + " " + request.get("conversation").asText();
  }

  /**
   * Returns whether a request had not ended at the close, but had missed an objective.
   *
   * @param slack in milliseconds, which the file's times are whole numbers of
   */
  private static boolean isUnfinishedAndMissed(JsonNode r, int slack) {
    double age = close - r.get("startMillis").asDouble() + slack;
    JsonNode ttft = r.get("ttftMillis");
    double waited = ttft.isNull() ? age : Math.min(age, ttft.asDouble() + Math.max(0, slack));
    return r.get("iteration").asText().equals("drain") && age > 0 && (waited >= 60 || age >= 400);
  }

  /** As {@link #isUnfinishedAndMissed}, at the beginning of the window; nothing missed in it. */
  private static boolean hasMissedInWarmUp(JsonNode r, int slack) {
    double age = open - r.get("startMillis").asDouble() + slack;
    double waited = Math.min(age, r.get("ttftMillis").asDouble() + Math.max(0, slack));
    boolean hasMissedElse = age < 400 && r.get("e2eMillis").asDouble() >= 400;
    return age > 0 && (waited >= 60 || age >= 400) && !hasMissedElse;
  }

  @Test
  void coldAndWarmAgree() {
    Predicate<JsonNode> isWarm =
        r -> 2 * r.get("cachedTokens").asInt() >= r.get("inputTokens").asInt();

    agreeInWindow(tokens.at("/coldWarm/cold"), times(where(all, isWarm.negate()), "ttftMillis"));
    agreeInWindow(tokens.at("/coldWarm/warm"), times(where(all, isWarm), "ttftMillis"));
  }

  @Test
  void consoleAgreesWithTokensJson() {
    Map<String, String> fields = Map.of("TTFT", "ttft", "ICL", "icl", "TPOT", "tpot", "E2E", "e2e");
    fields.forEach(
        (label, field) -> {
          List<Double> row = numbers("> " + label + "  ");
          JsonNode metric = tokens.at("/metrics/" + field);
          boolean hasP99 = metric.get("count").asInt() >= 100;
          List<String> columns =
              hasP99
                  ? List.of("count", "mean", "p50", "p95", "p99", "max")
                  : List.of("count", "mean", "p50", "p95", "max");
          for (int i = 0; i < columns.size(); i++) {
            close(row.get(i), metric.get(columns.get(i)).asDouble());
          }
        });
    for (String total : List.of("input tokens", "output tokens", "cached tokens")) {
      String[] words = total.split(" ");
      assertThat(numbers("> " + total + " ").get(0))
          .isEqualTo(tokens.at("/totals/" + words[0] + "Tokens").asDouble());
    }
    close(numbers("> cache hit ").get(0), tokens.at("/totals/cacheHitPercent").asDouble());
    close(
        numbers("> output tokens/s ").get(0),
        tokens.at("/totals/outputTokensPerSecond").asDouble());
    assertThat(run.output()).contains("index.html#tokens");
  }

  /** The numbers of the console's last line that begins so. */
  private static List<Double> numbers(String beginning) {
    String line =
        run.output()
            .lines()
            .filter(row -> row.startsWith(beginning))
            .reduce((first, last) -> last)
            .orElseThrow(() -> new AssertionError(beginning + " is not in " + run.output()));
    return NUMBER
        .matcher(line.substring(beginning.length()).replace(",", ""))
        .results()
        .map(found -> Double.parseDouble(found.group()))
        .toList();
  }

  @Test
  void consoleShowsLiveFigures() {
    assertThat(run.output())
        .containsPattern(
            "> last 1 s: [\\d,]+ tokens/s \\| TTFT p50 [\\d.]+, p95 [\\d.]+ ms \\| 6 active \\| hit"
                + " \\d");
  }

  @Test
  void inferencePerfsFilesAgree() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    Path folder = run.folder().resolve("inference-perf");
    JsonNode summary = mapper.readTree(folder.resolve("summary_lifecycle_metrics.json").toFile());
    JsonNode each = mapper.readTree(folder.resolve("per_request_lifecycle_metrics.json").toFile());

    assertThat(mapper.readTree(folder.resolve("stage_0_lifecycle_metrics.json").toFile()))
        .isEqualTo(summary);
    assertThat(summary.at("/successes/count").asInt()).isEqualTo(measured.size());
    assertThat(summary.at("/failures/count").asInt()).isZero();
    assertThat(summary.at("/failures/request_latency").isNull()).isTrue();
    JsonNode seconds = summary.at("/successes/latency/time_to_first_token");
    close(seconds.get("median").asDouble() * 1e3, tokens.at("/metrics/ttft/p50").asDouble());
    close(seconds.get("p0.1").asDouble() * 1e3, tokens.at("/metrics/ttft/min").asDouble());
    assertThat(summary.at("/successes/prompt_tokens/uncached").asDouble())
        .isEqualTo(sum(measured, "inputTokens") - sum(measured, "cachedTokens"));
    assertThat(each).hasSize(measured.size());
    assertThat(each.at("/0/info/output_token_times").size())
        .isEqualTo(measured.get(0).get("chunks").asInt());
    assertThat(each.at("/0/info/extra_info/chat_round").asInt())
        .isEqualTo(measured.get(0).get("turn").asInt());
    assertThat(each.at("/0/request").isNull()).isTrue();
  }

  @Test
  void monitorsTheClientAndWritesTheOtherFiles() {
    assertThat(tokens.at("/client/eventLoopLag/count").asInt()).isPositive();
    assertThat(tokens.at("/client/cpuPercent").asDouble()).isBetween(0.0, 100.0);
    assertThat(tokens.get("notes").isArray()).isTrue();
    for (String file :
        List.of(
            "ttft.hlog",
            "icl.hlog",
            "tpot.hlog",
            "e2e.hlog",
            "customSmallerIsBetter.json",
            "customBiggerIsBetter.json")) {
      assertThat(run.folder().resolve(file)).isNotEmptyFile();
    }
  }
}
