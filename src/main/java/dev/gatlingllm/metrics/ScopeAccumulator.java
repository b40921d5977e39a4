package dev.gatlingllm.metrics;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts and histograms of one set of responses; on request also by second, by turn and by length
 * of the prompt.
 */
@Accumulator
final class ScopeAccumulator {

  /** Turns above this number are pooled under it. */
  static final int MAX_TURNS = 64;

  private TotalsAccumulator totals = new TotalsAccumulator();
  private MetricHistograms histograms = new MetricHistograms();

  /** Null if only counts and histograms are kept. */
  private @Nullable Details details;

  /** What takes the most memory by far. */
  @Accumulator
  private static final class Details {

    private final TimelineAccumulator timeline;
    private TreeMap<Integer, ScopeAccumulator> byTurn = new TreeMap<>();
    private TtftByInputAccumulator ttftByInput = new TtftByInputAccumulator();

    @JsonCreator
    Details(@JsonProperty("timeline") TimelineAccumulator timeline) {
      this.timeline = timeline;
    }

    void add(WindowedResponse windowed) {
      timeline.add(windowed);
      ttftByInput.add(windowed);
      int turn = windowed.response().turn().number();
      if (turn >= 1 && windowed.touchesSpan()) {
        in(byTurn, Math.min(turn, MAX_TURNS)).add(windowed);
      }
    }

    void add(Details other, long laterNanos) {
      timeline.add(other.timeline, laterNanos);
      ttftByInput.add(other.ttftByInput);
      addAll(other.byTurn, byTurn, laterNanos);
    }
  }

  /** Creates an accumulator of counts and histograms. */
  ScopeAccumulator() {}

  /** Creates an accumulator that also keeps a timeline of so many steps, turns and prompt bins. */
  static ScopeAccumulator detailed(int maxSteps) {
    ScopeAccumulator scope = new ScopeAccumulator();
    scope.details = new Details(new TimelineAccumulator(maxSteps));
    return scope;
  }

  /** Creates an empty accumulator that keeps the same as this one. */
  ScopeAccumulator emptyCopy() {
    return details == null ? new ScopeAccumulator() : detailed(details.timeline.maxSteps());
  }

  /** Adds a sample of what no response tells. */
  void add(Figure figure, double value) {
    histograms.add(figure, value);
  }

  void add(WindowedResponse windowed) {
    totals.add(windowed);
    histograms.add(windowed.samples());
    if (details != null) {
      details.add(windowed);
    }
  }

  /** Adds only a conversation that has ended. */
  void addConversation(boolean isFromWarmUp, ConversationSums conversation) {
    totals.addConversation();
    histograms.add(AddedSamples.ofConversation(isFromWarmUp, conversation));
  }

  /** Counts a conversation as failed of which the responses are counted. */
  void addFailedConversation() {
    totals.addFailedConversation();
  }

  /**
   * Adds what another load generator measured. Details are dropped if the other has none, because
   * they would not be the whole.
   *
   * @param laterNanos by how much later its window opened
   */
  void add(ScopeAccumulator other, long laterNanos) {
    totals.add(other.totals);
    histograms.add(other.histograms);
    if (details == null || other.details == null) {
      details = null;
    } else {
      details.add(other.details, laterNanos);
    }
  }

  /** Adds scopes to those of the same keys. */
  static <K> void addAll(
      Map<K, ScopeAccumulator> from, Map<K, ScopeAccumulator> to, long laterNanos) {
    from.forEach(
        (key, scope) ->
            to.computeIfAbsent(key, unseen -> scope.emptyCopy()).add(scope, laterNanos));
  }

  /** Returns the scope with a key; creates it if there is none. */
  static <K> ScopeAccumulator in(Map<K, ScopeAccumulator> scopes, K key) {
    return scopes.computeIfAbsent(key, unseen -> new ScopeAccumulator());
  }

  /** Returns whether it has all gaps of its responses: each with a TPOT has one. */
  boolean knowsGaps() {
    return histograms.has(Figure.ICL) || !histograms.has(Figure.TPOT);
  }

  /** Returns whether responses so far had no token, such as embeddings. */
  boolean isWithoutTokens() {
    return histograms.has(Figure.E2E) && !histograms.has(Figure.TTFT);
  }

  /** Removes the samples of a metric, those of turns included. */
  void remove(Figure metric) {
    histograms.remove(metric);
    if (details != null) {
      details.byTurn.values().forEach(turn -> turn.remove(metric));
    }
  }

  ScopeSummary summary(SummaryContext context) {
    Map<Figure, Buckets> buckets = histograms.buckets();
    return new ScopeSummary(
        totals.summary(context),
        histograms.summaries(buckets),
        buckets,
        details == null ? List.of() : details.timeline.seconds(),
        details == null ? Collections.emptySortedMap() : summaries(details.byTurn, context),
        details == null
            ? ScopeSummary.Charts.NONE
            : new ScopeSummary.Charts(
                details.timeline.chart(context),
                details.ttftByInput.summary(context),
                details.ttftByInput.uncached(),
                details.ttftByInput.prefill()));
  }

  /** Returns the summaries of the scopes with anything in the window, by their keys. */
  static <K extends Comparable<K>> SortedMap<K, ScopeSummary> summaries(
      Map<K, ScopeAccumulator> scopes, SummaryContext context) {
    SortedMap<K, ScopeSummary> summaries = new TreeMap<>();
    scopes.forEach(
        (key, scope) -> {
          if (scope.totals.isTouched()) {
            summaries.put(key, scope.summary(context));
          }
        });
    return Collections.unmodifiableSortedMap(summaries);
  }
}
