package dev.gatlingllm.metrics;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The totals of one scope. */
@Accumulator
final class TotalsAccumulator {

  /** The number under which conversations remember that this scope has counted them. */
  private transient int scope = CountedConversations.NO_SCOPE;

  /** Without those that nothing was added to. */
  private EnumMap<Figure, Sum> sums = new EnumMap<>(Figure.class);

  /** Responses that met each objective, in the order of the objectives; null without any. */
  private long @Nullable [] metEach;

  /** Responses that met each objective or missed it in the window; null without any. */
  private long @Nullable [] knownEach;

  void add(WindowedResponse windowed) {
    AddedAmounts added = windowed.amounts();
    added.addTo(sums);
    if (added.countsConversation()) {
      countConversation(windowed);
    }
    boolean[] met = added.objectivesMet();
    if (met != null) {
      countObjectives(met, windowed.isCounted(), added.missedInWarmUp());
    }
  }

  /** Adds a conversation to a scope that has no responses. */
  void addConversation() {
    sum(Figure.CONVERSATIONS).add(1, 0);
  }

  /** Counts a conversation as failed that is among those of the scope. */
  void addFailedConversation() {
    sum(Figure.FAILED_CONVERSATIONS).add(1, 0);
    sum(Figure.CONVERSATION_SUCCESS_PERCENT).add(0, 1);
  }

  private Sum sum(Figure total) {
    return sums.computeIfAbsent(total, unseen -> new Sum());
  }

  private void countConversation(WindowedResponse windowed) {
    if (scope == CountedConversations.NO_SCOPE) {
      scope = windowed.conversations().newScope();
    }
    if (windowed.conversations().isNew(windowed.response(), scope)) {
      addConversation();
    }
  }

  private void countObjectives(
      boolean[] met, boolean hasEnded, boolean @Nullable [] missedInWarmUp) {
    if (metEach == null || knownEach == null) {
      metEach = new long[met.length];
      knownEach = new long[met.length];
    }
    for (int i = 0; i < met.length; i++) {
      metEach[i] += hasEnded && met[i] ? 1 : 0;
      // an unfinished one that may still meet it has not missed it
      boolean isKnown = hasEnded || !met[i];
      knownEach[i] += isKnown && (missedInWarmUp == null || !missedInWarmUp[i]) ? 1 : 0;
    }
  }

  /** Adds what another load generator counted, with the same objectives. */
  void add(TotalsAccumulator other) {
    other.sums.forEach((total, sum) -> sum(total).add(sum));
    metEach = sum(metEach, other.metEach);
    knownEach = sum(knownEach, other.knownEach);
  }

  private static long @Nullable [] sum(long @Nullable [] one, long @Nullable [] other) {
    if (other == null) {
      return one;
    }
    return one == null
        ? other.clone()
        : IntStream.range(0, one.length).mapToLong(i -> one[i] + other[i]).toArray();
  }

  /** Returns whether anything lies in the window. */
  boolean isTouched() {
    return !sums.isEmpty();
  }

  Totals summary(SummaryContext context) {
    Map<Figure, Double> values = new EnumMap<>(Figure.class);
    for (Figure total : Figure.totals()) {
      Double value = total.value(sums, context);
      if (value != null) {
        values.put(total, value);
      }
    }
    return new Totals(
        Collections.unmodifiableMap(values),
        metEach == null || knownEach == null || !values.containsKey(Figure.GOODPUT_PERCENT)
            ? List.of()
            : shares(metEach, knownEach, context.objectives()));
  }

  private static List<Totals.Share> shares(long[] met, long[] known, Objectives objectives) {
    return IntStream.range(0, met.length)
        .mapToObj(
            i ->
                new Totals.Share(
                    objectives.all().get(i),
                    known[i] == 0 ? Double.NaN : 100.0 * met[i] / known[i]))
        .toList();
  }
}
