package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.Response.OutputTokensSource;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/** Counts good responses by what is odd about them. */
@Accumulator
final class OdditiesAccumulator {

  /** Shorter responses may come at once by chance. */
  private static final int MIN_TOKENS = 4;

  /** No server generates 5,000 tokens per second for one response. */
  private static final double MIN_TPOT_NANOS = 200_000;

  /** Fewer gaps between chunks have no pattern. */
  private static final int MIN_GAPS = 7;

  /** Servers whose gaps are shorter on average send them as they come. */
  private static final double MIN_MEAN_GAP_NANOS = 1_000_000;

  /** A gap of less than this share of the mean one separates chunks of a bunch. */
  private static final double WITHIN_BUNCH = 0.1;

  private static final Map<Oddity, Predicate<Response>> EVIDENT =
      Map.of(
          Oddity.NO_USAGE, OdditiesAccumulator::hasNoUsage,
          Oddity.NO_FINISH_REASON, response -> response.outcome().finishReason() == null,
          Oddity.UNSTREAMED, OdditiesAccumulator::isUnstreamed,
          Oddity.BUNCHED, OdditiesAccumulator::isBunched);

  private EnumMap<Oddity, Long> counts = new EnumMap<>(Oddity.class);

  /** Adds a response that ended in the window. */
  void add(Response response) {
    if (response.ok()) {
      of(response).forEach(oddity -> add(oddity, 1L));
    }
  }

  private static Set<Oddity> of(Response response) {
    Set<Oddity> oddities = EnumSet.noneOf(Oddity.class);
    oddities.addAll(response.oddities());
    EVIDENT.forEach(
        (oddity, isEvident) -> {
          if (isEvident.test(response)) {
            oddities.add(oddity);
          }
        });
    return oddities;
  }

  private void add(Oddity oddity, long count) {
    counts.merge(oddity, count, Long::sum);
  }

  private static boolean hasNoUsage(Response response) {
    return response.usage().inputTokens() < 0
        && response.usage().outputTokensSource() != OutputTokensSource.USAGE;
  }

  private static boolean isUnstreamed(Response response) {
    return response.timing().hasOutput()
        && response.shownTokens() >= MIN_TOKENS
        && spanNanos(response) < MIN_TPOT_NANOS * (response.shownTokens() - 1);
  }

  private static boolean isBunched(Response response) {
    LongStream.Builder gaps = LongStream.builder();
    response.timing().forEachGap((from, to) -> gaps.add(to - from));
    long[] all = gaps.build().toArray();
    double mean = LongStream.of(all).average().orElse(0);
    long close = LongStream.of(all).filter(gap -> gap < WITHIN_BUNCH * mean).count();
    return all.length >= MIN_GAPS && mean >= MIN_MEAN_GAP_NANOS && 2 * close > all.length;
  }

  private static double spanNanos(Response response) {
    long[] chunks = response.timing().chunkNanos();
    return chunks.length == 0 ? 0 : chunks[chunks.length - 1] - chunks[0];
  }

  void add(OdditiesAccumulator other) {
    other.counts.forEach(this::add);
  }

  /** Returns the number of good responses with each oddity, without those that none has. */
  Map<Oddity, Long> summary() {
    return Collections.unmodifiableMap(new EnumMap<>(counts));
  }
}
