package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunState.BinState;
import dev.gatlingllm.metrics.ScopeSummary.InputBin;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Time to first token by length of the prompt, in bins of equal ratio: {@value #BINS_PER_DOUBLING}
 * to a doubling, so that any length up to {@link Integer#MAX_VALUE} is in one of 124. First turns,
 * later ones, and requests outside of conversations are told apart, for the first two meet a cache
 * in different states. Not safe for threads.
 */
final class TtftByInput {

  private static final int BINS_PER_DOUBLING = 4;

  /** Enough for a chart. */
  private static final int SIGNIFICANT_DIGITS = 2;

  private final Map<TurnKind, SortedMap<Integer, Bin>> bins = new EnumMap<>(TurnKind.class);

  private static final class Bin {
    private final ValueHistogram ttft = ValueHistogram.ofMillis(SIGNIFICANT_DIGITS);
    private long inputTokens;
  }

  /** Adds a response of the window. */
  void accept(Response response) {
    int input = response.inputTokensOrExpected();
    if (response.ok() && response.timing().hasOutput() && input >= 1) {
      Bin bin = bin(TurnKind.of(response.turn().number()), numberOf(input));
      bin.ttft.add(response.timing().ttftNanos() / 1e6);
      bin.inputTokens += input;
    }
  }

  void add(Map<TurnKind, SortedMap<Integer, BinState>> others) {
    others.forEach(
        (kind, some) ->
            some.forEach(
                (number, added) -> {
                  Bin bin = bin(kind, number);
                  bin.ttft.add(added.ttft());
                  bin.inputTokens += added.inputTokens();
                }));
  }

  Map<TurnKind, SortedMap<Integer, BinState>> state() {
    Map<TurnKind, SortedMap<Integer, BinState>> states = new EnumMap<>(TurnKind.class);
    bins.forEach(
        (kind, some) -> {
          SortedMap<Integer, BinState> filled = new TreeMap<>();
          some.forEach(
              (number, bin) -> filled.put(number, new BinState(bin.inputTokens, bin.ttft.state())));
          states.put(kind, filled);
        });
    return states;
  }

  private Bin bin(TurnKind kind, int number) {
    return bins.computeIfAbsent(kind, unseen -> new TreeMap<>())
        .computeIfAbsent(number, unseen -> new Bin());
  }

  private static int numberOf(int input) {
    return (int) Math.floor(BINS_PER_DOUBLING * Math.log(input) / Math.log(2) + 1e-9);
  }

  /** By kind and then by length. */
  List<InputBin> summary() {
    List<InputBin> filled = new ArrayList<>();
    bins.forEach(
        (kind, some) ->
            some.values()
                .forEach(
                    bin ->
                        filled.add(
                            new InputBin(
                                kind,
                                (double) bin.inputTokens / bin.ttft.count(),
                                bin.ttft.summary(bin.ttft.buckets())))));
    return List.copyOf(filled);
  }
}
