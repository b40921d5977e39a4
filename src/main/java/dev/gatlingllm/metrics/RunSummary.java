package dev.gatlingllm.metrics;

import java.util.List;
import java.util.SortedMap;

/**
 * Everything that the pages, files and console lines of a run say, at one moment. Immutable.
 *
 * @param durationSeconds length of the measured window, warm-up left out
 * @param overall all replies
 * @param byRequest by Gatling's request name; names past the 1,000th are pooled as {@code (others)}
 * @param byScenario by Gatling's scenario name; names past the 64th are pooled as {@code (others)}
 * @param byGroup by prefix group, from 0; groups past the 64th are pooled under key 63
 * @param byIteration by iteration of the window, from 1, where they are kept apart, else empty; the
 *     warm-up's iterations have the numbers up to 0, the last one. Rates are over the whole
 *     iteration, also where the run ended before it did
 * @param coldWarm first turns against later ones
 * @param failures by {@link Failure#kind()}; kinds past the 100th are pooled as {@code other}
 * @param repeatedConversations conversations, of the warm-up too, of a user who said what another
 *     user had said before
 * @param client how the load generator fared, or null where not known
 */
public record RunSummary(
    double durationSeconds,
    ScopeSummary overall,
    SortedMap<String, ScopeSummary> byRequest,
    SortedMap<String, ScopeSummary> byScenario,
    SortedMap<Integer, ScopeSummary> byGroup,
    SortedMap<Integer, ScopeSummary> byIteration,
    ColdWarm coldWarm,
    SortedMap<String, FailureCount> failures,
    long repeatedConversations,
    ClientHealth client) {

  /**
   * Failures of one kind.
   *
   * @param examples a few distinct messages, oldest first; untrusted text
   */
  public record FailureCount(long count, List<String> examples) {}
}
