package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.ScopeSummary.InputBin;
import dev.gatlingllm.metrics.ScopeSummary.UncachedBin;
import java.util.EnumMap;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Time to first token by length of the prompt, in bins of equal ratio: {@value #BINS_PER_DOUBLING}
 * to a doubling, so that any length up to {@link Integer#MAX_VALUE} is in one of 124. Prompts that
 * were cached, that were not and of which it is unknown have bins of their own.
 */
@Accumulator
final class TtftByInputAccumulator {

  private static final int BINS_PER_DOUBLING = 4;

  /** Enough for a chart. */
  private static final int SIGNIFICANT_DIGITS = 2;

  private EnumMap<CacheState, TreeMap<Integer, Bin>> bins = new EnumMap<>(CacheState.class);

  /** By prompt tokens that were not cached, where the server reports the cached ones. */
  private TreeMap<Integer, Bin> uncached = new TreeMap<>();

  private LineFit prefill = new LineFit();

  @Accumulator
  private static final class Bin {
    private ValueHistogram ttft = ValueHistogram.ofMillis(SIGNIFICANT_DIGITS);
    private long inputTokens;

    void add(Bin other) {
      ttft.add(other.ttft);
      inputTokens += other.inputTokens;
    }

    InputBin summary(CacheState state) {
      return new InputBin(state, (double) inputTokens / ttft.count(), ttft.summary());
    }
  }

  /** Adds a response that may know what was cached: one that was cut does not. */
  void add(WindowedResponse windowed) {
    Response response = windowed.response();
    int input = response.inputTokensOrExpected();
    if (input >= 1 && response.ok() && !response.isOneBody()) {
      Figure.TTFT.samples(
          windowed,
          ttft -> {
            Bin bin = bin(CacheState.of(response), numberOf(input));
            bin.ttft.add(ttft);
            bin.inputTokens += input;
            if (response.usage().cachedTokens() >= 0) {
              addUncached(Math.max(0, input - response.usage().cachedTokens()), ttft);
            }
          });
    }
  }

  private void addUncached(int tokens, double ttft) {
    Bin bin = uncachedBin(numberOf(tokens + 1));
    bin.ttft.add(ttft);
    bin.inputTokens += tokens;
    prefill.add(tokens, ttft);
  }

  private Bin uncachedBin(int number) {
    return uncached.computeIfAbsent(number, unseen -> new Bin());
  }

  void add(TtftByInputAccumulator other) {
    other.uncached.forEach((number, added) -> uncachedBin(number).add(added));
    prefill.add(other.prefill);
    other.bins.forEach(
        (state, byNumber) -> byNumber.forEach((number, added) -> bin(state, number).add(added)));
  }

  private Bin bin(CacheState state, int number) {
    return bins.computeIfAbsent(state, unseen -> new TreeMap<>())
        .computeIfAbsent(number, unseen -> new Bin());
  }

  private static int numberOf(int input) {
    return (int) Math.floor(BINS_PER_DOUBLING * Math.log(input) / Math.log(2) + 1e-9);
  }

  /** Returns the filled bins by uncached tokens. */
  List<UncachedBin> uncached() {
    return uncached.values().stream()
        .map(
            bin -> new UncachedBin((double) bin.inputTokens / bin.ttft.count(), bin.ttft.summary()))
        .toList();
  }

  /** Returns TTFT as a line of uncached tokens, or null. */
  ScopeSummary.@Nullable Line prefill() {
    return prefill.line();
  }

  /** Returns the filled bins by state of the cache and then by length. */
  List<InputBin> summary(SummaryContext context) {
    TtftByInputAccumulator settled = new TtftByInputAccumulator();
    bins.forEach(
        (state, byNumber) ->
            byNumber.forEach(
                (number, bin) ->
                    settled.bin(state.settled(context.cacheReported()), number).add(bin)));
    return settled.bins.entrySet().stream()
        .flatMap(
            state -> state.getValue().values().stream().map(bin -> bin.summary(state.getKey())))
        .toList();
  }
}
