package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.Breakdown;
import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.ClientHealth;
import dev.gatlingllm.metrics.ColdWarm;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Oddity;
import dev.gatlingllm.metrics.ResponseSamples;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.RunSummary.FailureCount;
import dev.gatlingllm.metrics.RunSummary.Outcomes;
import dev.gatlingllm.metrics.RunSummary.PromptLengths;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.ScopeSummary.Second;
import dev.gatlingllm.metrics.ServerClock;
import dev.gatlingllm.metrics.ServerMetrics;
import dev.gatlingllm.metrics.ServerMetrics.Endpoint;
import dev.gatlingllm.metrics.ServerMetrics.Observed;
import dev.gatlingllm.metrics.ServerSignal;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.metrics.Totals;
import dev.gatlingllm.report.assertion.Assertions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FindingsTest {

  private static final long RESPONSES = 100;

  private final Map<Figure, Summary> metrics = new EnumMap<>(Figure.class);
  private final SortedMap<String, FailureCount> failures = new TreeMap<>();
  private final SortedMap<String, ScopeSummary> finished = new TreeMap<>();
  private final SortedMap<String, ScopeSummary> models = new TreeMap<>();
  private final Map<Figure, Buckets> buckets = new EnumMap<>(Figure.class);
  private final Map<Figure, Double> values = new EnumMap<>(Figure.class);
  private final Map<Oddity, Long> oddities = new EnumMap<>(Oddity.class);
  private final List<PromptLengths> lengths = new ArrayList<>();
  private final List<Second> timeline = new ArrayList<>();
  private final TreeMap<String, ScopeSummary> requests = new TreeMap<>();
  private Outcomes inWarmUp = Outcomes.NONE;
  private Outcomes inDrain = Outcomes.NONE;
  private long repeated;
  private boolean ranOut;
  private RunSummary.Arrivals arrivals;
  private ClientHealth client;
  private ServerMetrics server = ServerMetrics.NONE;
  private double seconds = 10;
  private long unseen;

  private RunInfo info = SampleRun.INFO;

  FindingsTest() {
    values.put(Figure.REQUESTS, (double) RESPONSES);
    values.put(Figure.OK, (double) RESPONSES);
    values.put(Figure.CACHE_HIT_PERCENT, 70.0);
    values.put(Figure.CACHE_HIT_PERCENT_UPPER, 70.0);
    values.put(Figure.EXPECTED_REUSABLE_PERCENT, 80.0);
    metrics.put(Figure.TTFT, values(RESPONSES, 100, 500));
    metrics.put(Figure.TPOT, values(RESPONSES, 20, 30));
    metrics.put(Figure.INPUT_TOKENS, values(RESPONSES, 900, 1_100));
    metrics.put(Figure.OUTPUT_TOKENS, values(RESPONSES, 50, 80));
    metrics.put(Figure.CACHED_TOKENS, values(RESPONSES, 600, 800));
    metrics.put(Figure.SCHEDULE_DELAY, values(RESPONSES, 0, 5));
    metrics.put(Figure.SEND_DELAY, values(RESPONSES, 0, 5));
  }

  private static Summary gaps(double p99, double max) {
    return new Summary(20_000, 20, 1, 10, 20, 20, 20, 20, p99, p99, max);
  }

  private static Summary values(long count, double min, double max) {
    double mean = (min + max) / 2;
    return new Summary(count, mean, 1, min, mean, mean, mean, mean, max, max, max);
  }

  private static Summary connecting(long count, double p50, double p95) {
    return new Summary(count, p50, 1, p50, p50, p50, p50, p95, p95, p95, p95);
  }

  private RunSummary run() {
    Totals totals = new Totals(values, List.of());
    ScopeSummary overall =
        new ScopeSummary(
            totals, metrics, buckets, timeline, new TreeMap<>(), ScopeSummary.Charts.NONE);
    return new RunSummary(
        seconds,
        overall,
        requests,
        Map.of(Breakdown.FINISH_REASON, finished, Breakdown.MODEL, models),
        new TreeMap<>(),
        new TreeMap<>(),
        new ColdWarm(null, null, null, null),
        failures,
        inWarmUp,
        inDrain,
        oddities,
        lengths,
        ResponseSamples.NONE,
        repeated,
        ranOut,
        client,
        new RunSummary.FirstTokens(RESPONSES, 300.0 * RESPONSES, unseen),
        server,
        arrivals);
  }

  private List<Finding> findings() {
    return Findings.of(info, run());
  }

  private List<String> kinds() {
    return findings().stream().map(Finding::kind).toList();
  }

  private String textOf(String kind) {
    return findings().stream()
        .filter(finding -> finding.kind().equals(kind))
        .findFirst()
        .orElseThrow()
        .text();
  }

  private void promptsDiffer(int messages, long count, double expected, int least, int most) {
    lengths.add(
        new PromptLengths("answer", messages, count, expected, (least + most) / 2.0, least, most));
  }

  @Test
  void reportsRetriesCutPromptsUnsentTurnsAndBrokenConversations() {
    values.put(Figure.RETRIES, 7.0);
    values.put(Figure.TURNS_CUT, 3.0);
    values.put(Figure.DROPPED_TOKENS, 1_234.0);
    values.put(Figure.BROKEN_CONVERSATIONS, 2.0);
    values.put(Figure.UNSENT_TURNS, 4.0);

    assertThat(kinds())
        .containsExactly("conversations-broken", "turns-unsent", "retries", "prompts-cut");
    assertThat(textOf("prompts-cut")).startsWith("3 prompts omitted earlier turns, 1,234 tokens");
    assertThat(textOf("turns-unsent")).startsWith("4 turns were never sent");
  }

  @Test
  void saysWhatTheServerCountedForAnImage() {
    values.put(Figure.TOTAL_IMAGES, 60.0);
    metrics.put(Figure.IMAGE_TOKENS, values(40, 250, 270));

    assertThat(textOf("image-tokens-not-set"))
        .endsWith("about 260 tokens for an image, what its chat template adds included.");
    metrics.remove(Figure.IMAGE_TOKENS);
    assertThat(textOf("image-tokens-not-set")).endsWith("did not count the prompts either.");
  }

  @Test
  void namesTheTokensOfImagesWherePromptsWithImagesDiffer() {
    promptsDiffer(2, 40, 300, 150, 160);
    metrics.put(Figure.IMAGE_TOKENS, values(40, 250, 262));

    assertThat(textOf("tokenizer-disagrees"))
        .contains("differs by +150 to +160 tokens per", "about 256 tokens", "set llm.imageTokens");
  }

  @Test
  void warnsOfInvalidJson() {
    values.put(Figure.OK, 100.0);
    values.put(Figure.JSON_RESPONSES, 40.0);
    values.put(Figure.INVALID_JSON_PERCENT, 0.0);

    assertThat(kinds()).doesNotContain("json-invalid");
    values.put(Figure.INVALID_JSON_PERCENT, 7.5);
    assertThat(textOf("json-invalid"))
        .startsWith("Invalid JSON in 3 of 40 responses to requests for it; 0 of these ended at");
  }

  @Test
  void warnsOfResponsesThatDifferFromTheFirst() {
    values.put(Figure.OK, 100.0);
    values.put(Figure.COMPARED_RESPONSES, 40.0);
    values.put(Figure.DIFFERENT_PERCENT, 2.5);
    metrics.put(Figure.DIFFERS_AT, values(1, 17, 17));

    assertThat(textOf("responses-differ"))
        .startsWith("1 of 40 responses to the same prompt differ from the first one")
        .contains("the earliest difference follows 17 equal characters");
    metrics.remove(Figure.DIFFERS_AT);
    assertThat(kinds()).doesNotContain("responses-differ", "responses-not-compared");
  }

  @Test
  void warnsOfUsersWhoDidNotComeAsPlanned() {
    arrivals = arrivals(94, arrivals(100, null));

    assertThat(textOf("arrivals-off-plan"))
        .startsWith("94 users began in the window, where 100 were planned");
    arrivals = arrivals(95, arrivals(100, null));
    assertThat(kinds()).isEmpty();
    arrivals = arrivals(9, null);
    assertThat(kinds()).isEmpty();
  }

  private static RunSummary.Arrivals arrivals(long users, RunSummary.Arrivals planned) {
    return new RunSummary.Arrivals(users, users / 10.0, null, planned);
  }

  @Test
  void findsNothingInASoundRun() {
    client = new ClientHealth(values(1_000, 0, 10), values(1_000, 0, 10), 500.0, 90.0);
    promptsDiffer(2, 50, 1_000, 11, 13);
    promptsDiffer(4, 50, 2_000, 17, 24);
    metrics.put(Figure.WAITING_AGE, values(5, 0, 500));
    values.put(Figure.WRITTEN_IN_WARM_UP, 10.0);

    assertThat(kinds()).isEmpty();
  }

  @Test
  void warnsAboutALowCacheHitRate() {
    values.put(Figure.CACHE_HIT_PERCENT, 39.0);
    values.put(Figure.CACHE_HIT_PERCENT_UPPER, 39.0);
    assertThat(kinds()).containsExactly("cache-not-hit");
    assertThat(textOf("cache-not-hit"))
        .startsWith("Low prefix-cache hit rate: 39.0 % of prompt tokens")
        .contains("80.0 % could have", "Check that prefix caching is on");

    values.put(Figure.CACHE_HIT_PERCENT, 41.0);
    values.put(Figure.CACHE_HIT_PERCENT_UPPER, 41.0);
    assertThat(kinds()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "messages, off, 0, true",
    "messages, ephemeral, 0, false",
    "messages, off, 1, false",
    "chat, off, 0, false"
  })
  void namesTheSettingWithoutWhichAnthropicCachesNothing(
      String api, String cacheControl, double hit, boolean isNamed) {
    values.put(Figure.CACHE_HIT_PERCENT, hit);
    values.put(Figure.CACHE_HIT_PERCENT_UPPER, hit);
    RunInfo sample = SampleRun.withSettings(Map.of("cacheControl", cacheControl));
    info =
        new RunInfo(
            sample.id(),
            sample.simulation(),
            sample.start(),
            sample.versions(),
            sample.seed(),
            new RunInfo.Target("http://gpu-box:8000", "m", api, null),
            sample.load(),
            sample.shard(),
            null,
            sample.assertions(),
            List.of(),
            List.of());

    assertThat(textOf("cache-not-hit").contains("asks for: set llm.cacheControl, unless"))
        .isEqualTo(isNamed);
  }

  @Test
  void judgesTheLowerBoundOfTheCacheHitRate() {
    metrics.put(Figure.CACHED_TOKENS, values(10, 896, 896));
    values.put(Figure.CACHE_HIT_PERCENT, 8.96);
    values.put(Figure.CACHE_HIT_PERCENT_UPPER, 89.6);

    assertThat(kinds()).containsExactly("cached-tokens-partly-reported", "cache-not-hit");
    assertThat(textOf("cached-tokens-partly-reported"))
        .startsWith("Only 10 of 100 successful responses")
        .contains("between 9.0 %", "89.6 %");
    assertThat(textOf("cache-not-hit"))
        .startsWith("The prefix-cache hit rate may be low: at least 9.0 % of prompt tokens");
  }

  /** Nothing may have been cached in the window, or its responses report nothing at all. */
  @Test
  void doubtsACacheThatOnlyResponsesOutsideOfTheWindowReport() {
    metrics.remove(Figure.CACHED_TOKENS);
    values.remove(Figure.CACHE_HIT_PERCENT_UPPER);
    values.put(Figure.CACHE_HIT_PERCENT, 0.0);

    assertThat(kinds()).containsExactly("cached-tokens-partly-reported");
    assertThat(findings()).singleElement().returns(Finding.Level.WARNING, Finding::level);
    assertThat(textOf("cached-tokens-partly-reported"))
        .startsWith("None of 100 successful responses reports cached tokens, but responses before")
        .contains("is 0.0 %, if nothing was cached, or else unknown. Many versions");

    server =
        server(
            Map.of(
                ServerSignal.CACHE_QUERIES, Observed.counter(1_000),
                ServerSignal.CACHE_HITS, Observed.counter(0)),
            endpoint("a", 0, null));
    assertThat(textOf("cache-not-hit"))
        .as("the server knows that nothing was")
        .startsWith("The prefix-cache hit rate may be low: at least 0.0 % of prompt tokens");
    server =
        server(
            Map.of(
                ServerSignal.CACHE_QUERIES, Observed.counter(1_000),
                ServerSignal.CACHE_HITS, Observed.counter(1)),
            endpoint("a", 0, null));
    assertThat(kinds()).doesNotContain("cache-not-hit");

    server = ServerMetrics.NONE;
    values.put(Figure.EXPECTED_REUSABLE_PERCENT, 2.0);
    assertThat(findings())
        .as("little could have been cached")
        .singleElement()
        .returns(Finding.Level.NOTE, Finding::level);
  }

  @Test
  void saysOfHowManyPromptsTheCacheHitRateKnowsNothing() {
    metrics.put(Figure.INPUT_TOKENS, values(40, 500, 900));
    metrics.put(Figure.CACHED_TOKENS, values(40, 300, 400));
    values.put(Figure.CACHE_HIT_PERCENT, 60.0);

    assertThat(textOf("cached-tokens-partly-reported"))
        .endsWith("Neither bound has the 60 prompts whose length is unknown.");
  }

  @Test
  void onlyNotesThatFewResponsesLackCachedTokens() {
    metrics.put(Figure.CACHED_TOKENS, values(96, 600, 800));
    values.put(Figure.CACHE_HIT_PERCENT, 68.0);

    assertThat(findings())
        .singleElement()
        .returns("cached-tokens-partly-reported", Finding::kind)
        .returns(Finding.Level.NOTE, Finding::level);
  }

  @Test
  void expectsNoCachedTokensOfEmbeddings() {
    metrics.put(Figure.CACHED_TOKENS, values(60, 600, 800));
    metrics.put(Figure.OUTPUT_TOKENS, values(60, 10, 20));

    assertThat(kinds()).isEmpty();
  }

  @Test
  void ignoresTheCacheHitRateOfFewResponsesOrShortPrompts() {
    values.put(Figure.CACHE_HIT_PERCENT, 0.0);
    values.put(Figure.CACHE_HIT_PERCENT_UPPER, 0.0);
    values.put(Figure.EXPECTED_REUSABLE_PERCENT, 3.0);
    assertThat(kinds()).as("30 tokens are less than two blocks").isEmpty();

    values.remove(Figure.EXPECTED_REUSABLE_PERCENT);
    assertThat(kinds()).as("requests outside of conversations").isEmpty();
  }

  @Test
  void explainsHowToReportCachedTokens() {
    metrics.remove(Figure.CACHED_TOKENS);
    values.remove(Figure.CACHE_HIT_PERCENT);
    values.remove(Figure.CACHE_HIT_PERCENT_UPPER);

    assertThat(kinds()).containsExactly("cached-tokens-not-reported");
    assertThat(findings().get(0).level()).isEqualTo(Finding.Level.NOTE);
    assertThat(findings().get(0).text())
        .contains("--enable-prompt-tokens-details", "--enable-cache-report", "llama.cpp");
  }

  @Test
  void saysThatTokensAreOurOwnCountsIfTheServerSendsNoUsage() {
    metrics.remove(Figure.CACHED_TOKENS);
    values.remove(Figure.CACHE_HIT_PERCENT);
    values.remove(Figure.CACHE_HIT_PERCENT_UPPER);
    oddities.put(Oddity.NO_USAGE, RESPONSES);

    assertThat(kinds())
        .as("cached tokens cannot be expected without usage")
        .containsExactly("usage-not-reported");
    assertThat(findings().get(0).text())
        .contains("100 of 100 successful responses", "tokenizer o200k_base");
  }

  @ParameterizedTest
  @CsvSource({"0, false", "999, false", "1000, true", "12345, true"})
  void warnsAboutALoadThatBeganLate(long lateMillis, boolean warns) {
    startAt(info.start().minusMillis(lateMillis).toString());

    assertThat(info.startDelayMillis()).hasValue(lateMillis);
    assertThat(kinds().contains("late-start")).isEqualTo(warns);
    if (warns) {
      assertThat(textOf("late-start")).contains("%.1f s".formatted(lateMillis / 1e3));
    }
  }

  @Test
  void aLoadThatBeganEarlyByItsOwnClockIsNotLate() {
    startAt(info.start().plusMillis(3).toString());

    assertThat(info.startDelayMillis()).hasValue(0);
  }

  @Test
  void theDelayOfRunsWithDifferentMomentsIsUnknown() {
    assertThat(info.startDelayMillis()).isEmpty();
    startAt("2026-11-27T12:00:00Z; 2026-11-27T13:00:00Z");

    assertThat(info.startDelayMillis()).isEmpty();
  }

  private void startAt(String moment) {
    info = SampleRun.withSettings(Map.of("startAt", moment));
  }

  @Test
  void tellsHowFarTheClockOfTheServerIsOff() {
    info = info.withClock(new ServerClock(40, 2_300_000_000L, 2_310_000_000L, List.of()));

    assertThat(kinds()).containsExactly("clock");
    assertThat(textOf("clock"))
        .startsWith(
            "By the Date headers of 40 responses, the server's clock is from 2,299 ms to 3,560 ms"
                + " ahead of the load generator's. No latency depends on it.");

    info = info.withClock(new ServerClock(40, -9_310_000_000L, -9_300_000_000L, List.of()));
    assertThat(textOf("clock"))
        .contains("the server's clock is from 8,050 ms to 9,311 ms behind the load generator's");
  }

  @Test
  void saysNothingOfClocksThatMayAgree() {
    info = info.withClock(new ServerClock(40, 90_000_000L, 110_000_000L, List.of()));
    assertThat(kinds()).isEmpty();

    info = info.withClock(new ServerClock(40, -1_300_000_000L, -1_200_000_000L, List.of()));
    assertThat(kinds()).as("uvicorn renews the header once a second").isEmpty();
  }

  @Test
  void tellsThatDatesContradictEachOther() {
    info = info.withClock(new ServerClock(40, 5_000_000_000L, 10_000_000L, List.of()));

    assertThat(kinds()).containsExactly("clock-contradiction");
    assertThat(textOf("clock-contradiction")).contains("contradict each other by 3,740 ms");
  }

  @Test
  void saysThatChunksAreCountedIfThereIsNoTokenizerEither() {
    RunInfo.Target target = new RunInfo.Target("http://gpu-box:8000", "m", "chat", null);
    info =
        new RunInfo(
            info.id(),
            info.simulation(),
            info.start(),
            info.versions(),
            info.seed(),
            target,
            info.load(),
            info.shard(),
            null,
            Assertions.NONE,
            info.remarks(),
            List.of());
    oddities.put(Oddity.NO_USAGE, RESPONSES);

    assertThat(textOf("usage-not-reported"))
        .contains("Their output tokens are the number of chunks.")
        .doesNotContain("null");
  }

  @ParameterizedTest
  @CsvSource({
    "ZERO_USAGE, usage-zero, 3 of 100",
    "INVALID_USAGE, usage-invalid, 3 of 100",
    "IMPLAUSIBLE_USAGE, usage-implausible, 3 of 100",
    "CACHED_TWICE, cached-counted-twice, 3 of 100",
    "CUMULATIVE, deltas-cumulative, 3 of 100",
    "OTHER_SERVER, other-server, 3 of 100",
    "NO_FINISH_REASON, finish-reason-missing, 3 of 100",
    "NO_TEXT, no-text, 3 %",
  })
  void reportsOddResponsesWithTheirNumber(Oddity oddity, String kind, String number) {
    oddities.put(oddity, 3L);

    assertThat(kinds()).containsExactly(kind);
    assertThat(textOf(kind)).contains(number);
  }

  @Test
  void asksForALongerRunWhereTheLoadGeneratorHasJustBegun() {
    client = new ClientHealth(values(2_000, 0, 9), values(1_000, 0, 11), null, null);
    seconds = 4.9;
    assertThat(textOf("client-lag")).endsWith("measure for longer, after a warm-up.");
    seconds = 5;
    assertThat(textOf("client-lag"))
        .endsWith("Use fewer users, a larger machine, or several load generators.");
  }

  @Test
  void saysWhatHelpsWhereResponsesLackText() {
    oddities.put(Oddity.NO_TEXT, 3L);
    finished("tool_calls", 2);
    assertThat(textOf("no-text"))
        .startsWith("3 of 100 successful responses (3 %) had no text where an answer was planned,")
        .endsWith("Allow more output tokens, or reduce the reasoning effort.");

    finished("tool_calls", 3);
    assertThat(textOf("no-text")).contains("tool_choice").doesNotContain("reasoning effort");

    finished("length", 1);
    assertThat(textOf("no-text")).contains("reasoning effort", "tool_choice");
  }

  @Test
  void onlyNotesBunchesThatALateClientMayHaveRead() {
    oddities.put(Oddity.BUNCHED, 50L);
    client = new ClientHealth(values(2_000, 0, 9), values(1_000, 0, 11), null, null);

    assertThat(kinds()).containsExactly("client-lag", "stream-bunched");
    assertThat(findings().get(1).level()).isEqualTo(Finding.Level.NOTE);
    assertThat(textOf("stream-bunched")).contains("The load generator was late, too");
  }

  /** A request that asks for one piece is none of a stream that something collects. */
  @ParameterizedTest
  @CsvSource({"4, NOTE", "7, NOTE", "9, WARNING"})
  void namesRequestsThatComeInOnePiece(long unstreamed, Finding.Level level) {
    request("answer", 96, true);
    request("title", 4, false);
    oddities.put(Oddity.UNSTREAMED, unstreamed);
    oddities.put(Oddity.ONE_BODY, 4L);

    assertThat(findings())
        .filteredOn(finding -> finding.kind().equals("not-streamed"))
        .extracting(Finding::level)
        .containsExactly(level);
    assertThat(textOf("not-streamed"))
        .startsWith(
            level == Finding.Level.NOTE
                ? "4 of 100 successful responses were one body, such as of JSON, and no streams,"
                    + " all of title: their TTFT"
                : "9 of 100 successful responses came in one piece");
  }

  /** Adds a request, and returns its times, to be changed. */
  private Map<Figure, Summary> request(String name, long count, boolean isStream) {
    Map<Figure, Summary> times = new EnumMap<>(Figure.class);
    times.put(Figure.TTFT, values(count, 100, 500));
    times.put(Figure.OUTPUT_TOKENS, values(count, 50, 80));
    times.put(Figure.E2E, values(count, 100, 500));
    if (isStream) {
      times.put(Figure.TPOT, values(count, 20, 30));
    }
    requests.put(
        name,
        new ScopeSummary(
            new Totals(
                Map.of(Figure.OK, (double) count, Figure.REQUESTS, (double) count), List.of()),
            times,
            Map.of(),
            List.of(),
            new TreeMap<>(),
            ScopeSummary.Charts.NONE));
    return times;
  }

  @ParameterizedTest
  @CsvSource({"UNSTREAMED, not-streamed", "BUNCHED, stream-bunched"})
  void namesRemediesForBufferedStreams(Oddity oddity, String kind) {
    oddities.put(oddity, 4L);
    assertThat(kinds()).as("fewer than one in twenty").isEmpty();

    oddities.put(oddity, 5L);
    assertThat(kinds()).containsExactly(kind);
    assertThat(textOf(kind))
        .contains("5 of 100", "option http-no-delay", "proxy_buffering off", "tuning.md");
  }

  @Test
  void findsBufferedStreamsAlsoBesideManyEmbeddings() {
    metrics.put(Figure.OUTPUT_TOKENS, values(4, 50, 80));
    oddities.put(Oddity.UNSTREAMED, 4L);

    assertThat(textOf("not-streamed")).contains("4 of 100 successful responses");
  }

  @Test
  void saysThatBunchesMakeTheTimePerTokenTooLow() {
    oddities.put(Oddity.BUNCHED, 100L);

    assertThat(textOf("stream-bunched")).contains("TPOT too low");
  }

  @Test
  void saysThatABodyOfTheUsersOwnMustAskForAStream() {
    oddities.put(Oddity.UNSTREAMED, 100L);

    assertThat(textOf("not-streamed")).contains("must have \"stream\": true");
  }

  @ParameterizedTest
  @CsvSource({
    "4, 0, 90, false",
    "5, 11, 13, false",
    "5, 11, 14, true",
    "50, 64, 64, false",
    "50, 65, 65, true",
    "50, -65, -65, true"
  })
  void warnsAboutScatteredOrLargeTokenizerDifferences(
      long count, int min, int max, boolean disagrees) {
    promptsDiffer(2, count, 1_000, min, max);

    assertThat(kinds().contains("tokenizer-disagrees")).isEqualTo(disagrees);
  }

  @Test
  void takesADifferenceThatIsTheSameInAllPromptsForTheTemplates() {
    promptsDiffer(2, 50, 600, 74, 74);
    assertThat(textOf("tokenizer-disagrees"))
        .startsWith("The server's count differs by +74 to +74 tokens per prompt (mean +74.0) from")
        .contains("most likely what the model's chat template adds to each;");
    assertThat(levelOf("tokenizer-disagrees")).isEqualTo(Finding.Level.NOTE);
    lengths.clear();

    promptsDiffer(2, 50, 600, -76, -74);
    assertThat(textOf("tokenizer-disagrees")).contains("most likely what", "leaves out or writes");
    lengths.clear();

    promptsDiffer(2, 50, 600, -77, -74);
    assertThat(textOf("tokenizer-disagrees")).contains("It is not the model's, so prompts do");
    assertThat(levelOf("tokenizer-disagrees")).isEqualTo(Finding.Level.WARNING);
    lengths.clear();

    promptsDiffer(2, 50, 600, 1_204, 1_204);
    assertThat(textOf("tokenizer-disagrees")).contains("or requests add text to their prompts.");
    assertThat(levelOf("tokenizer-disagrees")).isEqualTo(Finding.Level.WARNING);
  }

  @ParameterizedTest
  @CsvSource({
    "2000, 256, NOTE",
    "2000, 257, WARNING",
    "2000, -256, NOTE",
    "2000, -257, WARNING",
    "600, 150, NOTE",
    "600, 151, WARNING",
    "600, -151, WARNING"
  })
  void doubtsADifferenceThatNoTemplateExplains(
      double expected, int difference, Finding.Level level) {
    promptsDiffer(2, 50, expected, difference, difference);

    assertThat(levelOf("tokenizer-disagrees")).isEqualTo(level);
  }

  /** What a template adds to the first prompts hides neither what it adds to others nor these. */
  @Test
  void tellsOfATemplateOnlyWhereNothingElseDiffers() {
    promptsDiffer(2, 50, 600, 70, 70);
    promptsDiffer(20, 50, 3_000, 330, 350);
    assertThat(kinds()).containsExactly("prompts-differ");

    lengths.clear();
    lengths.add(new PromptLengths("agent", 2, 50, 600, -80, -80, -79));
    lengths.add(new PromptLengths("chat", 2, 50, 600, 20, -150, 200));
    assertThat(levelOf("tokenizer-disagrees")).isEqualTo(Finding.Level.WARNING);
    assertThat(textOf("tokenizer-disagrees")).contains("-150 to +200", "It is not the model's");
  }

  /** Such as definitions of tools. */
  @Test
  void takesADifferenceThatDoesNotGrowForTheTemplates() {
    promptsDiffer(2, 50, 600, 137, 137);
    promptsDiffer(8, 50, 1_000, 137, 137);

    assertThat(kinds()).containsExactly("tokenizer-disagrees");
    assertThat(levelOf("tokenizer-disagrees")).isEqualTo(Finding.Level.NOTE);
  }

  /** The first prompts have another name, or came before the window. */
  @Test
  void takesADifferenceThatDoesNotGrowForTheTemplatesWithoutAnyFirstPrompt() {
    promptsDiffer(4, 50, 400, 94, 94);
    promptsDiffer(12, 50, 1_000, 94, 94);

    assertThat(kinds()).isEmpty();
  }

  @Test
  void warnsOfPromptsThatDifferWhereNoneIsShortEnoughToTellWhy() {
    promptsDiffer(4, 50, 1_400, 500, 500);
    promptsDiffer(8, 50, 2_000, 500, 500);

    assertThat(kinds()).containsExactly("prompts-differ");
  }

  @Test
  void saysHowManyTokensAnImageHasAlsoWhereTheDifferenceIsSmall() {
    promptsDiffer(2, 50, 1_600, 100, 100);
    promptsDiffer(8, 50, 3_000, 400, 400);
    metrics.put(Figure.IMAGE_TOKENS, values(RESPONSES, 700, 700));

    assertThat(kinds()).containsExactly("tokenizer-disagrees");
    assertThat(textOf("tokenizer-disagrees")).contains("about 700 tokens", "set llm.imageTokens");
  }

  @Test
  void saysThatRequestsDoNotCarryTheirPrompts() {
    promptsDiffer(2, 1, 144, -143, -143);

    assertThat(kinds()).containsExactly("prompts-missing");
    assertThat(textOf("prompts-missing"))
        .startsWith("answer: the server counted 1 tokens in prompts of 144.")
        .contains("#{messages} or #{prompt}");
  }

  @Test
  void acceptsATemplateThatAddsMoreTokensToPromptsOfMoreMessages() {
    promptsDiffer(1, 50, 500, 6, 6);
    promptsDiffer(2, 50, 1_000, 30, 30);

    assertThat(kinds()).isEmpty();
  }

  @Test
  void ignoresScatterWhereTextOfTheModelIsPartOfThePrompt() {
    promptsDiffer(2, 50, 1_000, 11, 11);
    promptsDiffer(4, 50, 2_000, 5, 40);

    assertThat(kinds()).isEmpty();
  }

  @Test
  void warnsAboutATemplateThatMakesLaterPromptsMuchLonger() {
    promptsDiffer(2, 50, 264, 60, 60);
    promptsDiffer(14, 50, 1_608, 338, 342);

    assertThat(kinds()).containsExactly("prompts-differ");
    assertThat(textOf("prompts-differ"))
        .contains("+340 tokens", "14 messages", "+21 %", "+60 in prompts of 2", "+23 for each");
  }

  @Test
  void warnsAboutLargeTokenizerDifferencesOfPromptsWithoutANumberOfMessages() {
    metrics.put(Figure.TOKENIZER_DIFFERENCE, values(RESPONSES, 0, 100));
    assertThat(kinds()).isEmpty();

    metrics.put(Figure.TOKENIZER_DIFFERENCE, values(RESPONSES, 100, 200));
    assertThat(kinds()).containsExactly("tokenizer-disagrees");
    assertThat(findings().get(0).text()).contains("o200k_base", "+100 to +200 tokens");
  }

  @Test
  void warnsAboutALoadGeneratorAtItsLimit() {
    client = new ClientHealth(values(2_000, 0, 9), values(1_000, 0, 1_100), 501.0, 91.0);
    metrics.put(Figure.SEND_DELAY, values(RESPONSES, 0, 101));

    assertThat(kinds()).containsExactly("client-lag", "client-cpu", "client-gc", "schedule-delay");
    assertThat(findings().get(0).text()).contains("1,100 ms late at p99");
  }

  @Test
  void ignoresSendDelaysOfFewerThanAHundredRequests() {
    metrics.put(Figure.SEND_DELAY, values(99, 0, 101));

    assertThat(kinds()).isEmpty();
  }

  @Test
  void tellsOfSlowConnectionsApartFromTheLoadGenerator() {
    metrics.put(Figure.SCHEDULE_DELAY, values(RESPONSES, 0, 460));
    metrics.put(Figure.CONNECT_TIME, connecting(30, 450, 460));

    assertThat(kinds()).containsExactly("connections-slow");
    assertThat(findings().get(0).level()).isEqualTo(Finding.Level.NOTE);
    assertThat(textOf("connections-slow"))
        .startsWith("30 requests opened a connection, which took 450 ms at p50 and 460 ms at p95.");
  }

  @Test
  void warnsAboutConnectionsThatUsersWaitFor() {
    metrics.put(Figure.CONNECT_TIME, connecting(40, 2, 1_001));
    assertThat(levelOf("connections-slow")).isEqualTo(Finding.Level.WARNING);

    metrics.put(Figure.CONNECT_TIME, connecting(39, 2, 1_001));
    assertThat(kinds()).as("one packet sent again").isEmpty();
    metrics.put(Figure.CONNECT_TIME, connecting(5, 1_001, 1_100));
    assertThat(levelOf("connections-slow")).isEqualTo(Finding.Level.WARNING);
    metrics.put(Figure.CONNECT_TIME, connecting(4, 1_001, 1_100));
    assertThat(kinds()).as("of few connections").isEmpty();

    metrics.put(Figure.CONNECT_TIME, connecting(200, 100, 1_000));
    assertThat(kinds()).as("as usual").isEmpty();
  }

  @Test
  void ignoresUnknownClientHealth() {
    client = new ClientHealth(null, null, null, null);
    metrics.remove(Figure.SEND_DELAY);

    assertThat(kinds()).isEmpty();
  }

  @Test
  void saysThatNothingEndedInTheWindow() {
    values.clear();
    metrics.clear();
    inWarmUp = new Outcomes(2, 0, 0, new TreeMap<>());
    inDrain =
        new Outcomes(27, 2, 0, new TreeMap<>(Map.of("http 400", new FailureCount(2, List.of()))));

    assertThat(kinds()).containsExactly("window-empty", "failures-in-drain");
    assertThat(textOf("window-empty")).contains("of 10 s", "2 ended before it", "29 after it");
    assertThat(textOf("failures-in-drain"))
        .startsWith("2 of the 29 responses")
        .contains("http 400");
  }

  @Test
  void namesTheSettingForAContextWindow() {
    values.put(Figure.FAILURES, 3.0);
    failures.put("http 400", new FailureCount(3, List.of("temperature must be below 2")));
    assertThat(textOf("failures")).endsWith("3 of 100 responses failed: http 400.");

    failures.put(
        "http 400",
        new FailureCount(3, List.of("This model's maximum context length is 4096 tokens")));
    assertThat(textOf("failures")).endsWith("llm.maxModelTokens omits earlier turns.");
  }

  @Test
  void saysThatResponsesFailedInTheWarmUp() {
    inWarmUp =
        new Outcomes(5, 1, 0, new TreeMap<>(Map.of("timeout", new FailureCount(1, List.of()))));

    assertThat(kinds()).containsExactly("failures-in-warm-up");
    assertThat(findings().get(0).text()).startsWith("1 of the 6 responses").contains("timeout");
  }

  @Test
  void saysHowManyRequestsWereCutAndHowOldTheyWere() {
    values.put(Figure.CUT, 16.0);
    metrics.put(Figure.CUT_AGE, values(16, 1_000, 9_000));

    assertThat(kinds()).containsExactly("cut");
    assertThat(findings().get(0).text())
        .startsWith("16 requests of the window were under way")
        .contains("on average for 5,000 ms", "at most for 9,000 ms");
  }

  @ParameterizedTest
  @CsvSource({"5, 500, false", "6, 500, true", "1, 501, true"})
  void warnsIfManyRequestsWaitOrOneWaitsLongerThanAnyTtft(long count, double age, boolean warns) {
    metrics.put(Figure.WAITING_AGE, values(count, 0, age));

    assertThat(kinds().contains("waiting")).isEqualTo(warns);
  }

  /** One of eighteen is more than 5 %. */
  @ParameterizedTest
  @CsvSource({"1, false", "2, true"})
  void takesOneRequestThatWaitsForUsualBesideAFewResponses(long count, boolean warns) {
    values.put(Figure.REQUESTS, 18.0);
    metrics.put(Figure.WAITING_AGE, values(count, 0, 50));

    assertThat(kinds().contains("waiting")).isEqualTo(warns);
  }

  /** Of 100 responses in 10 s that each waited for 400 ms, four wait at any moment. */
  @ParameterizedTest
  @CsvSource({"8, 400, NOTE", "9, 400, WARNING", "8, 501, WARNING"})
  void findsWaitingRequestsUsualWhereFirstTokensTakeLong(
      long count, double age, Finding.Level level) {
    metrics.put(Figure.TTFT, values(RESPONSES, 300, 500));
    metrics.put(Figure.WAITING_AGE, values(count, 0, age));

    assertThat(levelOf("waiting")).isEqualTo(level);
  }

  /** Each of 16 users who send requests for JSON has one under way. */
  @Test
  void findsWaitingRequestsForOneBodyUsualBesideStreams() {
    metrics.put(Figure.WAITING_AGE, values(19, 0, 500));
    request("chat", 60, true).put(Figure.WAITING_AGE, values(3, 0, 400));
    request("batch", 40, false).put(Figure.WAITING_AGE, values(16, 0, 500));
    assertThat(kinds()).doesNotContain("waiting");

    metrics.put(Figure.WAITING_AGE, values(20, 0, 500));
    assertThat(textOf("waiting"))
        .startsWith("20 requests still waited for a first token")
        .contains("left, for up to 500 ms (4 of streams, for up to 400 ms); 100 responses");
  }

  /** Each user of a closed load has a request under way, which has no token before its end. */
  @Test
  void findsManyRequestsThatWaitUsualWhereNothingStreams() {
    metrics.remove(Figure.TPOT);
    metrics.put(Figure.WAITING_AGE, values(8, 0, 500));
    oddities.put(Oddity.UNSTREAMED, RESPONSES);
    oddities.put(Oddity.ONE_BODY, RESPONSES);

    assertThat(kinds()).containsExactly("not-streamed");
    assertThat(findings().get(0).level()).isEqualTo(Finding.Level.NOTE);
    assertThat(textOf("not-streamed"))
        .startsWith(
            "100 of 100 successful responses were one body, such as of JSON, and no streams:"
                + " their");
  }

  @ParameterizedTest
  @CsvSource({"40, false", "41, true"})
  void warnsIfAStreamHasStalledForLongerThanAnyGapTook(double age, boolean warns) {
    metrics.put(Figure.ICL, values(1_000, 10, 40));
    metrics.put(Figure.OPEN_GAP, values(4, 0, age));

    assertThat(kinds().contains("stalled")).isEqualTo(warns);
  }

  /** With rampedAges, conversations are older than the run, and their turns are not known. */
  @Test
  void countsCompletedConversationsWhoseTurnsAreUnknown() {
    values.put(Figure.CONVERSATIONS, 20.0);
    values.put(Figure.COMPLETED_CONVERSATIONS, 10.0);

    assertThat(textOf("conversations-unfinished"))
        .startsWith(
            "10 conversations completed in the measured window, of which 0 had begun in it");
  }

  /** One of two replicas stands still for 10 s: of 20,000 gaps, eight are as long. */
  @ParameterizedTest
  @CsvSource({
    "8, 10000, 20, WARNING",
    "2, 2000, 200, WARNING",
    "2, 1999, 20, ",
    "1, 10000, 20, ",
    "8, 4000, 401, ",
    "100, 3000, 20, WARNING"
  })
  void tellsThatSomeStreamsPaused(
      long pauses, double millis, double p99, Finding.@Nullable Level level) {
    metrics.put(Figure.E2E, values(100, 4_000, 4_000));
    metrics.put(Figure.ICL, gaps(p99, millis));
    buckets.put(
        Figure.ICL,
        new Buckets(new double[] {20, millis}, new long[] {20_000, pauses}, 20_000 + pauses));

    assertThat(kinds().contains("paused")).isEqualTo(level != null);
    if (level != null) {
      assertThat(levelOf("paused")).isEqualTo(level);
      values.put(Figure.OK, 100.0 * pauses + 1);
      assertThat(kinds()).as("1 % of the time").contains("paused");
      metrics.put(Figure.E2E, values(100, pauses * millis + 1, pauses * millis + 1));
      assertThat(kinds()).as("less").doesNotContain("paused");
      values.put(Figure.OK, 100.0 * pauses);
      assertThat(kinds()).as("1 % of the responses").contains("paused");
    }
  }

  @Test
  void doubtsARunOfWhichMoreStreamsPausedThanCalledTools() {
    metrics.put(Figure.E2E, values(100, 4_000, 4_000));
    metrics.put(Figure.ICL, gaps(20, 10_000));
    buckets.put(Figure.ICL, new Buckets(new double[] {20, 10_000}, new long[] {20_000, 8}, 20_008));

    assertThat(textOf("paused"))
        .startsWith(
            "8 gaps between chunks took 2,000 ms or longer, up to 10,000 ms; p99 of ICL was 20.0"
                + " ms.");
    finished("tool_calls", 99, 6);
    oddities.put(Oddity.HELD_BACK, 25L);
    assertThat(levelOf("paused")).as("two others").isEqualTo(Finding.Level.WARNING);
    finished("tool_calls", 99, 7);
    assertThat(levelOf("paused")).as("one other").isEqualTo(Finding.Level.NOTE);

    oddities.put(Oddity.HELD_BACK, 24L);
    assertThat(levelOf("paused"))
        .as("most calls come as a stream")
        .isEqualTo(Finding.Level.WARNING);
  }

  private void finished(String reason, double count) {
    finished(reason, count, 0);
  }

  /** Adds responses with pauses of ten seconds. */
  private void finished(String reason, double count, long pauses) {
    Map<Figure, Buckets> gaps =
        pauses == 0
            ? Map.of()
            : Map.of(Figure.ICL, new Buckets(new double[] {10_000}, new long[] {pauses}, pauses));
    finished.put(
        reason,
        new ScopeSummary(
            new Totals(Map.of(Figure.OK, count), List.of()),
            Map.of(),
            gaps,
            List.of(),
            new TreeMap<>(),
            ScopeSummary.Charts.NONE));
  }

  /** Bodies wait for 5.4 s; nine streams that wait are many beside a TTFT of 100 ms. */
  @Test
  void waitingStreamsAreUsualByTheTtftOfStreamsAlone() {
    metrics.put(Figure.TTFT, values(RESPONSES, 100, 5_400));
    metrics.put(Figure.WAITING_AGE, values(9, 0, 3_000));
    Map<Figure, Summary> chat = request("chat", 50, true);
    chat.put(Figure.TTFT, values(50, 100, 100));
    chat.put(Figure.WAITING_AGE, values(9, 0, 3_000));
    request("batch", 50, false).put(Figure.TTFT, values(50, 5_400, 5_400));

    assertThat(levelOf("waiting")).isEqualTo(Finding.Level.WARNING);
  }

  private Finding.Level levelOf(String kind) {
    return findings().stream()
        .filter(finding -> finding.kind().equals(kind))
        .findFirst()
        .orElseThrow()
        .level();
  }

  @ParameterizedTest
  @CsvSource({"11, false", "12, true"})
  void notesThatManyRequestsDidNotEndInTheWindow(double unfinished, boolean notes) {
    values.put(Figure.UNFINISHED, unfinished);

    assertThat(kinds().contains("unfinished")).isEqualTo(notes);
  }

  @ParameterizedTest
  @CsvSource({
    "20, 5, 8, false",
    "21, 5, 10, true",
    "21, 1, 10, false",
    // seven of ten completed ones had begun in the window
    "20, 5, 7, true"
  })
  void notesThatMostConversationsDidNotEndInTheWindow(
      double begun, double turns, long timed, boolean notes) {
    metrics.put(Figure.CONVERSATION_DURATION, values(timed, 2_000, 9_000));
    values.put(Figure.CONVERSATIONS, begun);
    values.put(Figure.COMPLETED_CONVERSATIONS, 10.0);
    metrics.put(Figure.CONVERSATION_TURNS, values(10, turns, turns));

    assertThat(kinds().contains("conversations-unfinished")).isEqualTo(notes);
    info = SampleRun.withSettings(Map.of("turns", "forever"));
    assertThat(kinds()).as("none ever ends").doesNotContain("conversations-unfinished");
  }

  @ParameterizedTest
  @CsvSource({"0, false", "1, true"})
  void notesThatNoConversationCompletedInTheWindow(double begun, boolean notes) {
    values.put(Figure.CONVERSATIONS, begun);

    assertThat(kinds().contains("conversations-unfinished")).isEqualTo(notes);
  }

  @ParameterizedTest
  @CsvSource({
    "5, 10, true",
    "6, 10, false",
    "10, 10, false",
    // a straggler goes on when the others are done
    "2, 8, true"
  })
  void warnsIfHardlyAnyTokensCameForLong(int idleFrom, int idleTo, boolean warns) {
    for (int second = -1; second < 12; second++) {
      boolean isIdle = idleFrom <= second && second < idleTo;
      timeline.add(new Second(second, 1, 1, 0, isIdle ? 3 : 100, 1, null));
    }

    assertThat(kinds().contains("window-idle")).isEqualTo(warns);
    if (warns) {
      assertThat(textOf("window-idle"))
          .startsWith("Hardly any tokens arrived for " + (idleTo - idleFrom) + " of the 10 s")
          .contains("If the load had run out, measure(…) can");
    }
  }

  @Test
  void saysWhatLatenciesLackWhereUsersLeave() {
    values.put(Figure.ABANDONED, 3.0);

    assertThat(kinds()).contains("abandoned");
    assertThat(textOf("abandoned")).startsWith("3 responses had not ended when their users left.");
    assertThat(levelOf("abandoned")).isEqualTo(Finding.Level.NOTE);

    metrics.put(Figure.E2E, values(RESPONSES, 400, 1_200));
    metrics.put(Figure.UNFINISHED_REQUEST_AGE, values(5, 1_200, 1_200));
    assertThat(levelOf("abandoned")).isEqualTo(Finding.Level.NOTE);
    metrics.put(Figure.UNFINISHED_REQUEST_AGE, values(5, 1_200, 8_000));
    assertThat(levelOf("abandoned")).isEqualTo(Finding.Level.WARNING);
    metrics.put(Figure.UNFINISHED_REQUEST_AGE, values(6, 1_200, 8_000));
    assertThat(levelOf("abandoned")).as("which may be the others").isEqualTo(Finding.Level.NOTE);
    metrics.put(Figure.UNFINISHED_REQUEST_AGE, values(5, 1_200, 8_000));
    assertThat(textOf("abandoned")).contains("had waited for longer than any response took that");

    values.put(Figure.ABANDONED, 1.0);
    assertThat(levelOf("abandoned")).as("of 101").isEqualTo(Finding.Level.NOTE);

    Map<Figure, Summary> chat = request("chat", 50, true);
    chat.put(Figure.UNFINISHED_REQUEST_AGE, values(5, 1_200, 8_000));
    requests.put(
        "chat",
        new ScopeSummary(
            new Totals(
                Map.of(Figure.REQUESTS, 50.0, Figure.OK, 50.0, Figure.ABANDONED, 3.0), List.of()),
            chat,
            Map.of(),
            List.of(),
            new TreeMap<>(),
            ScopeSummary.Charts.NONE));
    assertThat(levelOf("abandoned")).as("of one request").isEqualTo(Finding.Level.WARNING);
    requests.put("quick", requests.get("chat"));
    request("documents", 50, true);
    assertThat(textOf("abandoned"))
        .contains(
            "Users of chat, quick had waited for longer than any response of the same request");

    chat.put(Figure.E2E, values(19, 100, 500));
    assertThat(levelOf("abandoned")).as("of which few ended").isEqualTo(Finding.Level.NOTE);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, false", "0.0%, 0, false", "10%, 0, true", "10%, 1, false"})
  void notesThatNobodyLeftThoughUsersWereToLeave(String share, double left, boolean notes) {
    info = SampleRun.withSettings(Map.of("abandon", share, "abandonAfter", "20 tokens"));
    values.put(Figure.ABANDONED, left);

    assertThat(kinds().contains("nobody-abandoned")).isEqualTo(notes);
  }

  @Test
  void reportsRequestsThatWereWrittenTwice() {
    values.put(Figure.RESENT, 3.0);

    assertThat(kinds()).containsExactly("resent");
    assertThat(findings().get(0).text()).startsWith("3 requests were written twice");
  }

  @Test
  void notesThatLatenciesOfTheWarmUpAreLeftOut() {
    values.put(Figure.WRITTEN_IN_WARM_UP, 11.0);

    assertThat(kinds()).containsExactly("written-in-warm-up");
    assertThat(findings().get(0).text()).startsWith("11 of 100 responses");
  }

  @Test
  void listsRepeatedConversationsAfterWarnings() {
    repeated = 12;
    values.put(Figure.CACHE_HIT_PERCENT, 1.0);
    values.put(Figure.CACHE_HIT_PERCENT_UPPER, 1.0);

    assertThat(kinds()).containsExactly("cache-not-hit", "conversations-repeated");
    assertThat(findings().get(1).text())
        .startsWith("12 conversations were identical")
        .contains("give each workload and each feeder() a seed of its own")
        .endsWith("feeder() instead of pinned() where a user has several conversations.");
  }

  @Test
  void saysThatUsersFoundNoConversationLeft() {
    ranOut = true;

    assertThat(kinds()).containsExactly("conversations-ran-out");
  }

  private static ServerMetrics server(Map<ServerSignal, Observed> signals, Endpoint... endpoints) {
    return server(signals, Map.of(), endpoints);
  }

  private static ServerMetrics server(
      Map<ServerSignal, Observed> signals,
      Map<ServerSignal, double[]> timeline,
      Endpoint... endpoints) {
    return new ServerMetrics(
        List.of(endpoints),
        0,
        10,
        signals,
        new TreeMap<>(),
        new TreeMap<>(),
        new double[] {0.5, 1.5, 2.5, 4.5, 5.5, 7.5, 8.5, 9.5},
        timeline,
        new TreeMap<>());
  }

  private static Endpoint endpoint(String host, int restarts, @Nullable Double tokens) {
    return new Endpoint(
        "http://" + host + "/metrics", 10, 0, restarts, restarts >= 3, null, tokens);
  }

  private static Observed gauge(double mean, double max) {
    return new Observed(null, 0.0, mean, max, mean);
  }

  @Test
  void reportsNothingOfAServerThatAgrees() {
    values.put(Figure.TOTAL_OUTPUT_TOKENS, 10_000.0);
    server =
        server(
            Map.of(
                ServerSignal.OUTPUT_TOKENS, Observed.counter(10_100),
                ServerSignal.PREEMPTIONS, Observed.counter(0),
                ServerSignal.KV_CACHE, gauge(0.5, 0.9),
                ServerSignal.CACHE_QUERIES, Observed.counter(1_000),
                ServerSignal.CACHE_HITS, Observed.counter(710)),
            endpoint("a", 0, 10_100.0));

    assertThat(kinds()).noneMatch(kind -> kind.startsWith("server-"));
  }

  @Test
  void reportsTokensThatAnotherClientAskedFor() {
    values.put(Figure.TOTAL_OUTPUT_TOKENS, 7_700.0);
    server =
        server(
            Map.of(ServerSignal.OUTPUT_TOKENS, Observed.counter(10_000)), endpoint("a", 0, null));

    assertThat(textOf("server-other-load"))
        .contains("23 % of the 10,000 output tokens")
        .contains("another client, or for requests of this simulation that are not timed");
  }

  @ParameterizedTest
  @CsvSource({"stalled, false", "http 429, true"})
  void ascribesTokensOfFailedRequestsToNoOtherClient(String failure, boolean isFound) {
    values.put(Figure.TOTAL_OUTPUT_TOKENS, 7_700.0);
    metrics.put(Figure.OUTPUT_TOKENS, values(RESPONSES, 100, 600));
    inDrain = new Outcomes(0, 4, 0, new TreeMap<>(Map.of(failure, new FailureCount(4, List.of()))));
    server =
        server(
            Map.of(ServerSignal.OUTPUT_TOKENS, Observed.counter(10_000)), endpoint("a", 0, null));

    assertThat(kinds().contains("server-other-load")).isEqualTo(isFound);
  }

  /** Returns the metrics of a server that generated tokens for eight requests at a time. */
  private static ServerMetrics serverOfEight(double tokens) {
    return server(
        Map.of(
            ServerSignal.OUTPUT_TOKENS,
            Observed.counter(tokens),
            ServerSignal.RUNNING,
            gauge(8, 8)),
        endpoint("a", 0, null));
  }

  /** A gateway that strips usage leaves the client to count chunks. */
  @Test
  void notesThatTokensMayBeMoreThanWereCountedWithoutUsage() {
    values.put(Figure.TOTAL_OUTPUT_TOKENS, 6_000.0);
    server = serverOfEight(10_000);
    assertThat(levelOf("server-other-load")).isEqualTo(Finding.Level.WARNING);

    oddities.put(Oddity.NO_USAGE, 50L);
    assertThat(levelOf("server-other-load")).isEqualTo(Finding.Level.NOTE);
    assertThat(textOf("server-other-load")).contains("or more than were counted here");
  }

  @Test
  void ascribesTokensToNoOtherClientBeforeAnyResponseHasEnded() {
    values.put(Figure.TOTAL_OUTPUT_TOKENS, 7_700.0);
    metrics.remove(Figure.OUTPUT_TOKENS);
    server = serverOfEight(10_000);

    assertThat(kinds()).doesNotContain("server-other-load");
  }

  private void usersLeft(double least, double most) {
    values.put(Figure.TOTAL_OUTPUT_TOKENS, 7_700.0);
    values.put(Figure.ABANDONED, 50.0);
    values.put(Figure.SERVER_TOKENS_FOR_LEAVERS_LEAST, least);
    values.put(Figure.SERVER_TOKENS_FOR_LEAVERS, most);
    server =
        server(
            Map.of(ServerSignal.OUTPUT_TOKENS, Observed.counter(10_000)), endpoint("a", 0, null));
  }

  @Test
  void reportsAServerThatGoesOnForUsersWhoHaveLeft() {
    usersLeft(1_900, 2_300);
    values.put(Figure.SERVER_SLOT_AFTER_LEAVING, 1_234.0);
    assertThat(kinds()).as("they were on the way").contains("server-may-keep-generating");

    values.put(Figure.SERVER_SLOT_AFTER_LEAVING_LEAST, 0.1);
    assertThat(textOf("server-keeps-generating"))
        .contains("1,900 to 2,300 tokens for the 50 users who left during the whole run")
        .contains("for up to 1,234 ms on average")
        .contains("unless they are of another client, or of requests here that are not timed");
    assertThat(kinds()).doesNotContain("server-other-load", "server-stops-generating");
  }

  @Test
  void blamesNoServerForWhatMayBeTokensOfFailedResponses() {
    usersLeft(400, 2_300);

    assertThat(textOf("server-may-keep-generating"))
        .contains(
            "400 to 2,300 tokens for the 50 users who left during the whole run: it is not known");
    assertThat(findings().stream().filter(f -> f.level() == Finding.Level.WARNING)).isEmpty();
  }

  @Test
  void comparesTokensOfTheWholeRunWithUsersWhoLeftInTheWholeRun() {
    usersLeft(600, 600);
    values.put(Figure.SERVER_SLOT_AFTER_LEAVING_LEAST, 100.0);
    assertThat(kinds()).contains("server-keeps-generating");
    inWarmUp = new Outcomes(0, 0, 8, new TreeMap<>());
    inDrain = new Outcomes(0, 0, 2, new TreeMap<>());

    assertThat(textOf("server-stops-generating"))
        .contains("for the 60 users who left during the whole run");
    assertThat(kinds()).doesNotContain("server-keeps-generating");
  }

  @Test
  void reportsAServerThatStopsForUsersWhoHaveLeftAndOtherLoadBesideIt() {
    usersLeft(120, 120);

    assertThat(textOf("server-stops-generating"))
        .contains("generated 120 tokens")
        .endsWith("it stops when a client disconnects.");
    assertThat(textOf("server-other-load")).startsWith("At least 22 % of the 10,000 output tokens");
  }

  /** Many left in the warm-up, of which the window has no token. */
  @Test
  void missesNoTokensWhereThoseOfTheWholeRunAreMoreThanTheWindowsExcess() {
    usersLeft(6_000, 6_000);

    assertThat(kinds()).doesNotContain("server-tokens-missing", "server-other-load");
    values.put(Figure.TOTAL_OUTPUT_TOKENS, 20_000.0);
    metrics.put(Figure.OUTPUT_TOKENS, values(RESPONSES, 180, 200));
    assertThat(kinds()).contains("server-tokens-missing");

    metrics.put(Figure.OUTPUT_TOKENS, values(RESPONSES, 80, 120));
    assertThat(kinds())
        .as("it may count the tokens of those that end well")
        .doesNotContain("server-tokens-missing");
  }

  @Test
  void doesNotTellAServerThatStopsFromOneThatCountsFinishedRequestsAlone() {
    usersLeft(0, 0);

    assertThat(textOf("server-stops-generating"))
        .endsWith("or does not count the tokens of unfinished requests.");
  }

  @Test
  void ascribesTokensToNoOtherClientIfTheyMayBeThoseOfUsersWhoLeft() {
    usersLeft(0, 0);
    values.remove(Figure.SERVER_TOKENS_FOR_LEAVERS);

    assertThat(kinds()).noneMatch(kind -> kind.startsWith("server-"));
  }

  @ParameterizedTest
  @CsvSource({"1,1,true", "2,3,false"})
  void ascribesTokensToAnotherClientUnlessGeneratorsShareTheLoad(
      int index, int count, boolean isFound) {
    info =
        new RunInfo(
            info.id(),
            info.simulation(),
            info.start(),
            info.versions(),
            info.seed(),
            info.target(),
            info.load(),
            new RunInfo.Shard(index, count, "llm.shard"),
            null,
            Assertions.NONE,
            List.of(),
            List.of());
    values.put(Figure.TOTAL_OUTPUT_TOKENS, 7_700.0);
    server =
        server(
            Map.of(ServerSignal.OUTPUT_TOKENS, Observed.counter(10_000)), endpoint("a", 0, null));

    assertThat(kinds().contains("server-other-load")).isEqualTo(isFound);
    assertThat(kinds().contains("shard")).isEqualTo(!isFound);
  }

  @Test
  void saysThatLoadGeneratorsReadDifferentServers() {
    server = server(Map.of(), endpoint("a", 0, 900.0), endpoint("b", 0, 100.0));

    assertThat(textOf("server-metrics-apart")).contains("Name all servers in llm.serverMetrics");
    assertThat(kinds()).contains("server-replicas-uneven");
  }

  @Test
  void ascribesTokensUnderWayToNoOtherClient() {
    values.put(Figure.TOTAL_OUTPUT_TOKENS, 6_000.0);
    metrics.put(Figure.OUTPUT_TOKENS, values(RESPONSES, 500, 500));
    server = serverOfEight(10_000);

    assertThat(kinds()).doesNotContain("server-other-load");
  }

  @Test
  void missesNoTokensOfALoadThatGrewAtTheEnd() {
    values.put(Figure.TOTAL_OUTPUT_TOKENS, 10_000.0);
    metrics.put(Figure.OUTPUT_TOKENS, values(RESPONSES, 500, 500));
    server =
        server(
            Map.of(
                ServerSignal.OUTPUT_TOKENS,
                Observed.counter(8_000),
                ServerSignal.RUNNING,
                gauge(4, 8)),
            endpoint("a", 0, null));

    assertThat(kinds()).doesNotContain("server-tokens-missing");
  }

  @Test
  void reportsTokensThatTheServerDidNotCount() {
    values.put(Figure.TOTAL_OUTPUT_TOKENS, 10_000.0);
    server =
        server(Map.of(ServerSignal.OUTPUT_TOKENS, Observed.counter(5_000)), endpoint("a", 0, null));

    assertThat(textOf("server-tokens-missing")).contains("5,000", "10,000", "llm.serverMetrics");

    server =
        server(Map.of(ServerSignal.OUTPUT_TOKENS, Observed.counter(5_000)), endpoint("a", 1, null));
    assertThat(kinds())
        .as("a restart loses what was counted before it")
        .contains("server-restarted")
        .doesNotContain("server-tokens-missing");
  }

  @Test
  void missesNoTokensOfAWindowThatWasReadInPart() {
    values.put(Figure.TOTAL_OUTPUT_TOKENS, 10_000.0);
    Endpoint late = new Endpoint("http://a/metrics", 4, 6, 0, false, "503", null);
    server =
        covering(
            6,
            10,
            late,
            Map.of(
                ServerSignal.OUTPUT_TOKENS, Observed.counter(4_000),
                ServerSignal.CACHE_QUERIES, Observed.counter(1_000),
                ServerSignal.CACHE_HITS, Observed.counter(300)));

    assertThat(kinds()).doesNotContain("server-tokens-missing", "server-cache-hit-differs");

    server = covering(6, 10, late, Map.of(ServerSignal.OUTPUT_TOKENS, Observed.counter(2_000)));
    assertThat(kinds()).contains("server-tokens-missing");
  }

  @Test
  void reportsPreemptionsAndAFullCache() {
    server =
        server(
            Map.of(
                ServerSignal.PREEMPTIONS, Observed.counter(12),
                ServerSignal.KV_CACHE, gauge(0.8, 0.99)),
            endpoint("a", 0, null));

    assertThat(textOf("server-preemptions")).contains("12 running requests");
    assertThat(textOf("server-kv-cache-full")).contains("99 %").contains("80 %");
  }

  @Test
  void reportsAQueueThatGrows() {
    server =
        server(
            Map.of(),
            Map.of(ServerSignal.WAITING, new double[] {1, 2, 3, 5, 8, 18, 20, 22}),
            endpoint("a", 0, null));

    assertThat(textOf("server-queue-grew"))
        .contains("2 requests", "20 in the last", "More users or longer prompts came");
    arrivals = arrivals(100, null);
    assertThat(textOf("server-queue-grew")).contains("The load is more than it can serve");
  }

  @ParameterizedTest
  @CsvSource({
    "40, 100, 24, 0, 24, true",
    "40, 49, 24, 0, 24, false",
    // as many leave as come, or nearly so
    "40, 100, 24, 20, 30, false",
    "40, 100, 24, 10, 30, false",
    "40, 100, 24, 6, 30, true",
    // users without conversations
    "40, 100, 24, 0, 2, false",
  })
  void warnsOfAnOpenLoadThatStillGrows(
      long first, long last, long came, long ended, long unfinished, boolean isTold) {
    seconds = 30;
    for (int second = 0; second < 30; second++) {
      long requests = second == 5 ? first : second == 25 ? last : 0;
      timeline.add(new Second(second, requests, requests, 0, 100, 1, null));
    }
    values.put(Figure.CONVERSATIONS, (double) ended + unfinished);
    values.put(Figure.COMPLETED_CONVERSATIONS, (double) ended);
    assertThat(kinds()).as("a closed load").doesNotContain("load-building-up");

    arrivals = arrivals(came, null);
    assertThat(kinds().contains("load-building-up")).isEqualTo(isTold);
    arrivals = new RunSummary.Arrivals(came, 2, 0.1, new RunSummary.Arrivals(came, 2, null, null));
    assertThat(kinds()).as("users who came at once").doesNotContain("load-building-up");
    arrivals = arrivals(came, null);
    metrics.put(Figure.CONVERSATION_AGE, values(24, 1, 9));
    values.put(Figure.CONVERSATIONS, 22.0);
    values.put(Figure.COMPLETED_CONVERSATIONS, 0.0);
    assertThat(kinds().contains("load-building-up"))
        .as("two users wait for their first response")
        .isEqualTo(last > 49);
    // bursts of users, of which fewer end by chance
    arrivals = new RunSummary.Arrivals(came, 2, 2.5, null);
    assertThat(kinds()).as("bursts").doesNotContain("load-building-up");
    arrivals = arrivals(came, null);
    metrics.put(Figure.CONVERSATION_TURNS, values(10, 1, 1));
    assertThat(kinds()).as("single turns").doesNotContain("load-building-up");
  }

  /** The server works off a burst, or goes on to have what came last. */
  @ParameterizedTest
  @CsvSource({"20, 5, NOTE", "20, 14, WARNING", "20, 25, WARNING"})
  void onlyNotesAQueueThatShrinks(double before, double end, Finding.Level level) {
    double[] times = new double[24];
    double[] waiting = new double[24];
    for (int i = 0; i < times.length; i++) {
      times[i] = i + 0.5;
      waiting[i] = i < 8 ? 0 : i < 20 ? before : end;
    }
    seconds = 24;
    server =
        new ServerMetrics(
            List.of(endpoint("a", 0, null)),
            0,
            24,
            Map.of(),
            new TreeMap<>(),
            new TreeMap<>(),
            times,
            Map.of(ServerSignal.WAITING, waiting),
            new TreeMap<>());

    assertThat(findings())
        .filteredOn(finding -> finding.kind().equals("server-queue-grew"))
        .singleElement()
        .returns(level, Finding::level)
        .returns(
            level == Finding.Level.NOTE,
            finding -> finding.text().contains("It has fallen since, so"));
  }

  @Test
  void saysWhatLimitsAServerOnWhichRequestsMostlyWait() {
    server = queued(40, gauge(0.3, 0.42));
    assertThat(textOf("server-queued"))
        .contains(
            "400 ms on average, 80 % of its mean TTFT",
            "at most 42 % full when read: the largest batch");

    server = queued(40, gauge(0.8, 0.99));
    assertThat(textOf("server-queued")).contains("up to 99 % full: its memory is the limit");

    server = queued(40, gauge(0.5, 0.87));
    assertThat(textOf("server-queued"))
        .as("of unknown requests, as each may be large")
        .contains("at most 87 % full when read: the next request may not have fit");

    server = queued(20, gauge(0.3, 0.42));
    assertThat(kinds()).doesNotContain("server-queued");

    // of users who began together, ended requests waited for longer than those with first tokens
    server = queued(70, gauge(0.3, 0.42));
    assertThat(kinds()).doesNotContain("server-queued");
    assertThat(TtftParts.of(run()).queue()).isNull();
    assertThat(TtftParts.of(run()).server()).isEqualTo(500);
  }

  @ParameterizedTest
  @CsvSource({
    "2, 0, the next request may not have fit",
    "13, 0, the next request may not have fit",
    "14, 0, the largest batch",
    "14, 1, for want of KV cache: its memory is the limit",
  })
  void takesTheMemoryOfAServerForTheLimitUnlessMoreWouldFit(
      double running, long preempted, String limit) {
    server =
        queued(
            40,
            gauge(0.5, 0.87),
            Map.of(
                ServerSignal.RUNNING,
                gauge(running, running),
                ServerSignal.PREEMPTIONS,
                Observed.counter(preempted)));

    assertThat(textOf("server-queued")).contains(limit);
  }

  /** Fourteen requests at two replicas are seven at each. */
  @Test
  void takesRunningRequestsForThoseOfAllReplicas() {
    Map<ServerSignal, Observed> signals =
        queuedSignals(40, gauge(0.5, 0.8), Map.of(ServerSignal.RUNNING, gauge(14, 14)));
    server = server(signals, endpoint("a", 0, null));
    assertThat(textOf("server-queued")).contains("the largest batch");

    server = server(signals, endpoint("a", 0, null), endpoint("b", 0, null));
    assertThat(textOf("server-queued")).contains("the next request may not have fit");
  }

  private static ServerMetrics queued(double seconds, Observed usage) {
    return queued(seconds, usage, Map.of());
  }

  private static ServerMetrics queued(
      double seconds, Observed usage, Map<ServerSignal, Observed> others) {
    return server(queuedSignals(seconds, usage, others), endpoint("a", 0, null));
  }

  private static Map<ServerSignal, Observed> queuedSignals(
      double seconds, Observed usage, Map<ServerSignal, Observed> others) {
    Map<ServerSignal, Observed> all = new EnumMap<>(ServerSignal.class);
    all.put(ServerSignal.QUEUE_SECONDS, Observed.counter(seconds));
    all.put(ServerSignal.QUEUE_COUNT, Observed.counter(100));
    all.put(ServerSignal.TTFT_SECONDS, Observed.counter(50));
    all.put(ServerSignal.TTFT_COUNT, Observed.counter(100));
    all.put(ServerSignal.KV_CACHE, usage);
    all.putAll(others);
    return all;
  }

  @Test
  void reportsReplicasThatAreLoadedUnevenly() {
    server = server(Map.of(), endpoint("a", 0, 900.0), endpoint("b", 0, 100.0));

    assertThat(textOf("server-replicas-uneven")).contains("90 %").contains("50 %");

    request("chat", 50, true);
    models.put("small", requests.get("chat"));
    models.put("big", requests.get("chat"));
    assertThat(kinds()).as("each has its own").doesNotContain("server-replicas-uneven");
  }

  @Test
  void reportsAnotherHitRateOfTheServer() {
    server =
        server(
            Map.of(
                ServerSignal.CACHE_QUERIES, Observed.counter(1_000),
                ServerSignal.CACHE_HITS, Observed.counter(300)),
            endpoint("a", 0, null));

    assertThat(textOf("server-cache-hit-differs")).contains("30.0 %").contains("70.0 %");
  }

  /** Half of it would be enough for a count, but the server's mean is of other requests then. */
  @Test
  void comparesNoMeanWithThatOfAPartOfAShortWindow() {
    seconds = 4;
    Map<ServerSignal, Observed> read =
        Map.of(
            ServerSignal.CACHE_QUERIES, Observed.counter(1_000),
            ServerSignal.CACHE_HITS, Observed.counter(300));

    server = covering(0.9, 4, endpoint("a", 0, null), read);
    assertThat(kinds()).doesNotContain("server-cache-hit-differs");
    assertThat(TtftParts.of(run()).client()).isNull();

    server = covering(0.3, 4, endpoint("a", 0, null), read);
    assertThat(kinds()).contains("server-cache-hit-differs");
    assertThat(TtftParts.of(run()).client()).isEqualTo(300);
  }

  /** The server's mean has those of all requests, the client's those that it saw. */
  @Test
  void comparesNoTtftOfAFewWithThatOfAll() {
    server = queued(20, gauge(0.3, 0.42));
    assertThat(TtftParts.of(run()).server()).isEqualTo(500);
    assertThat(TtftParts.of(run()).client()).as("nobody waits for less than it takes").isNull();

    server = ServerMetrics.NONE;
    assertThat(TtftParts.of(run()).client()).isNull();
    unseen = RESPONSES / 2;
    assertThat(TtftParts.of(run()).client()).isNull();
    assertThat(TtftParts.of(run()).outside()).isNull();
  }

  @Test
  void reportsMetricsThatCoverAPartOfTheWindow() {
    server = covering(4, 10);

    assertThat(textOf("server-metrics-incomplete")).contains("from second 4 to second 10");
  }

  @Test
  void reportsMetricsOfSoLittleOfTheWindowThatTheirFiguresAreUnknown() {
    server = covering(1.4, 10);
    assertThat(server.coversMost(10)).isFalse();

    assertThat(textOf("server-metrics-incomplete")).contains("from second 1.4 to second 10");
  }

  @Test
  void reportsMetricsThatCoverNothingOfTheWindow() {
    server = covering(0, -28.5);

    assertThat(textOf("server-metrics-incomplete"))
        .contains("were not read in the measured window");
  }

  private static ServerMetrics covering(double fromSecond, double toSecond) {
    return covering(fromSecond, toSecond, endpoint("a", 0, null), Map.of());
  }

  private static ServerMetrics covering(
      double fromSecond, double toSecond, Endpoint endpoint, Map<ServerSignal, Observed> signals) {
    return new ServerMetrics(
        List.of(endpoint),
        fromSecond,
        toSecond,
        signals,
        new TreeMap<>(),
        new TreeMap<>(),
        new double[0],
        Map.of(),
        new TreeMap<>());
  }

  @Test
  void saysWhyTokensPerJouleAreUnknown() {
    Map<ServerSignal, double[]> timeline = Map.of(ServerSignal.ENERGY, new double[8]);
    Observed tokens = Observed.counter(100);
    server = server(Map.of(ServerSignal.OUTPUT_TOKENS, tokens), timeline, endpoint("a", 0, null));

    assertThat(textOf("server-metrics-incomplete"))
        .contains("energy counters were renewed too rarely", "dcgm-exporter -c 1000");
  }

  @Test
  void reportsRestartsAndServersThatAnswerInTurn() {
    server = server(Map.of(), endpoint("a", 1, null), endpoint("b", 30, null));

    assertThat(textOf("server-restarted")).contains("http://a/metrics");
    assertThat(textOf("server-metrics-alternate")).contains("http://b/metrics fell 30 times");
  }

  @Test
  void reportsMetricsThatCouldNotBeRead() {
    server =
        server(
            Map.of(),
            new Endpoint("http://a/metrics", 0, 11, 0, false, "HTTP status 404", null),
            new Endpoint("http://b/metrics", 8, 3, 0, false, "Read timed out", null));

    assertThat(textOf("server-metrics-missing")).contains("http://a/metrics", "HTTP status 404");
    assertThat(textOf("server-metrics-incomplete")).contains("3 of 11 readings", "Read timed out");
  }
}
