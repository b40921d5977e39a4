package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.ClientHealth;
import dev.gatlingllm.metrics.ColdWarm;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.RunSummary.Outcomes;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.metrics.Totals;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FindingsTest {

  private static final long REPLIES = 100;

  private final Map<Figure, Summary> metrics = new EnumMap<>(Figure.class);
  private final SortedMap<Integer, ScopeSummary> byTurn = new TreeMap<>();
  private final Map<Figure, Double> values = new EnumMap<>(Figure.class);
  private long repeated;
  private ClientHealth client;

  FindingsTest() {
    values.put(Figure.REQUESTS, (double) REPLIES);
    values.put(Figure.OK, (double) REPLIES);
    values.put(Figure.CACHE_HIT_PERCENT, 70.0);
    values.put(Figure.EXPECTED_REUSABLE_PERCENT, 80.0);
    metrics.put(Figure.INPUT_TOKENS, values(REPLIES, 900, 1_100));
    metrics.put(Figure.CACHED_TOKENS, values(REPLIES, 600, 800));
    metrics.put(Figure.SCHEDULE_DELAY, values(REPLIES, 0, 5));
  }

  private static Summary values(long count, double min, double max) {
    double mean = (min + max) / 2;
    return new Summary(count, mean, 1, min, mean, mean, mean, mean, max, max, max);
  }

  private List<Finding> findings() {
    Totals totals = new Totals(values, List.of());
    ScopeSummary overall =
        new ScopeSummary(totals, metrics, Map.of(), List.of(), byTurn, ScopeSummary.Charts.NONE);
    RunSummary run =
        new RunSummary(
            10,
            overall,
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            new ColdWarm(null, null, null),
            new TreeMap<>(),
            Outcomes.NONE,
            Outcomes.NONE,
            repeated,
            client);
    return Findings.of(SampleRun.INFO, run);
  }

  private List<String> kinds() {
    return findings().stream().map(Finding::kind).toList();
  }

  private void firstTurnsDiffer(long count, double min, double max) {
    Map<Figure, Summary> ofTurn = new EnumMap<>(metrics);
    ofTurn.put(Figure.TOKENIZER_DIFFERENCE, values(count, min, max));
    byTurn.put(
        1,
        new ScopeSummary(
            new Totals(Map.of(), List.of()),
            ofTurn,
            Map.of(),
            List.of(),
            new TreeMap<>(),
            ScopeSummary.Charts.NONE));
  }

  @Test
  void reportsRetriesCutPromptsAndBrokenConversations() {
    values.put(Figure.RETRIES, 7.0);
    values.put(Figure.TURNS_CUT, 3.0);
    values.put(Figure.DROPPED_TOKENS, 1_234.0);
    values.put(Figure.BROKEN_CONVERSATIONS, 2.0);

    assertThat(kinds()).containsExactly("conversations-broken", "retries", "prompts-cut");
    assertThat(findings().get(2).text())
        .startsWith("3 prompts omitted earlier turns, 1,234 tokens");
  }

  @Test
  void findsNothingInASoundRun() {
    client = new ClientHealth(values(1_000, 0, 10), 500.0, 90.0);
    firstTurnsDiffer(50, 11, 13);

    assertThat(kinds()).isEmpty();
  }

  @Test
  void warnsAboutALowCacheHitRate() {
    values.put(Figure.CACHE_HIT_PERCENT, 39.0);
    assertThat(kinds()).containsExactly("cache-not-hit");
    assertThat(findings().get(0).text()).contains("39.0 % of prompt tokens", "80.0 % could have");

    values.put(Figure.CACHE_HIT_PERCENT, 41.0);
    assertThat(kinds()).isEmpty();
  }

  @Test
  void ignoresTheCacheHitRateOfFewResponsesOrShortPrompts() {
    values.put(Figure.CACHE_HIT_PERCENT, 0.0);
    values.put(Figure.EXPECTED_REUSABLE_PERCENT, 3.0);
    assertThat(kinds()).as("30 tokens are less than two blocks").isEmpty();

    values.remove(Figure.EXPECTED_REUSABLE_PERCENT);
    assertThat(kinds()).as("requests outside of conversations").isEmpty();
  }

  @Test
  void explainsHowToReportCachedTokens() {
    metrics.remove(Figure.CACHED_TOKENS);
    values.remove(Figure.CACHE_HIT_PERCENT);

    assertThat(kinds()).containsExactly("cached-tokens-not-reported");
    assertThat(findings().get(0).level()).isEqualTo(Finding.Level.NOTE);
    assertThat(findings().get(0).text())
        .contains("--enable-prompt-tokens-details", "--enable-cache-report");
  }

  @Test
  void warnsIfOnlySomeResponsesReportCachedTokens() {
    metrics.put(Figure.CACHED_TOKENS, values(60, 600, 800));

    assertThat(kinds()).containsExactly("cached-tokens-partly-reported");
    assertThat(findings().get(0).text()).startsWith("Only 60 of 100 successful responses");
  }

  @ParameterizedTest
  @CsvSource({
    "4, 0, 90, false",
    "5, 11, 13, false",
    "5, 11, 13.5, true",
    "50, 64, 64, false",
    "50, 65, 65, true",
    "50, -65, -65, true"
  })
  void warnsAboutScatteredOrLargeTokenizerDifferences(
      long count, double min, double max, boolean disagrees) {
    firstTurnsDiffer(count, min, max);

    assertThat(kinds().contains("tokenizer-disagrees")).isEqualTo(disagrees);
  }

  @Test
  void warnsAboutLargeTokenizerDifferencesOutsideConversations() {
    metrics.put(Figure.TOKENIZER_DIFFERENCE, values(REPLIES, 0, 100));
    assertThat(kinds()).isEmpty();

    metrics.put(Figure.TOKENIZER_DIFFERENCE, values(REPLIES, 100, 200));
    assertThat(kinds()).containsExactly("tokenizer-disagrees");
    assertThat(findings().get(0).text()).contains("o200k_base", "+100 to +200 tokens");
  }

  @Test
  void warnsAboutALoadGeneratorAtItsLimit() {
    client = new ClientHealth(values(1_000, 0, 11), 501.0, 91.0);
    metrics.put(Figure.SCHEDULE_DELAY, values(REPLIES, 0, 101));

    assertThat(kinds()).containsExactly("client-lag", "client-cpu", "client-gc", "schedule-delay");
    assertThat(findings().get(0).text()).contains("11 ms late at p99");
  }

  @Test
  void ignoresUnknownClientHealth() {
    client = new ClientHealth(null, null, null);
    metrics.remove(Figure.SCHEDULE_DELAY);

    assertThat(kinds()).isEmpty();
  }

  @Test
  void listsRepeatedConversationsAfterWarnings() {
    repeated = 12;
    values.put(Figure.CACHE_HIT_PERCENT, 1.0);

    assertThat(kinds()).containsExactly("cache-not-hit", "conversations-repeated");
    assertThat(findings().get(1).text()).startsWith("12 conversations were identical");
  }
}
