package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.ScopeSummary.InputBin;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.TreeMap;

/**
 * Time to first token by length of the prompt, in bins of equal ratio: {@value #BINS_PER_DOUBLING}
 * to a doubling, so that any length up to {@link Integer#MAX_VALUE} is in one of 124. First turns,
 * later turns and requests outside of conversations have bins of their own because they meet the
 * cache in different states.
 */
@Accumulator
final class TtftByInputAccumulator {

  private static final int BINS_PER_DOUBLING = 4;

  /** Enough for a chart. */
  private static final int SIGNIFICANT_DIGITS = 2;

  private EnumMap<TurnKind, TreeMap<Integer, Bin>> bins = new EnumMap<>(TurnKind.class);

  @Accumulator
  private static final class Bin {
    private ValueHistogram ttft = ValueHistogram.ofMillis(SIGNIFICANT_DIGITS);
    private long inputTokens;

    InputBin summary(TurnKind kind) {
      return new InputBin(kind, (double) inputTokens / ttft.count(), ttft.summary());
    }
  }

  void add(WindowedResponse windowed) {
    Response response = windowed.response();
    int input = response.inputTokensOrExpected();
    if (input >= 1) {
      Figure.TTFT.samples(
          windowed,
          ttft -> {
            Bin bin = bin(TurnKind.of(response.turn().number()), numberOf(input));
            bin.ttft.add(ttft);
            bin.inputTokens += input;
          });
    }
  }

  void add(TtftByInputAccumulator other) {
    other.bins.forEach(
        (kind, byNumber) ->
            byNumber.forEach(
                (number, added) -> {
                  Bin bin = bin(kind, number);
                  bin.ttft.add(added.ttft);
                  bin.inputTokens += added.inputTokens;
                }));
  }

  private Bin bin(TurnKind kind, int number) {
    return bins.computeIfAbsent(kind, unseen -> new TreeMap<>())
        .computeIfAbsent(number, unseen -> new Bin());
  }

  private static int numberOf(int input) {
    return (int) Math.floor(BINS_PER_DOUBLING * Math.log(input) / Math.log(2) + 1e-9);
  }

  /** Returns the filled bins by kind of turn and then by length. */
  List<InputBin> summary() {
    List<InputBin> filled = new ArrayList<>();
    bins.forEach(
        (kind, byNumber) -> byNumber.values().forEach(bin -> filled.add(bin.summary(kind))));
    return List.copyOf(filled);
  }
}
