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

  void add(WindowedResponse windowed) {
    AddedAmounts added = windowed.amounts();
    added.addTo(sums);
    if (added.countsConversation()) {
      countConversation(windowed);
    }
    boolean[] met = added.objectivesMet();
    if (met != null) {
      countObjectives(met);
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

  private void countObjectives(boolean[] met) {
    if (metEach == null) {
      metEach = new long[met.length];
    }
    for (int i = 0; i < met.length; i++) {
      metEach[i] += met[i] ? 1 : 0;
    }
  }

  /** Adds what another load generator counted, with the same objectives. */
  void add(TotalsAccumulator other) {
    other.sums.forEach((total, sum) -> sum(total).add(sum));
    if (metEach == null) {
      metEach = other.metEach == null ? null : other.metEach.clone();
    } else if (other.metEach != null) {
      for (int i = 0; i < metEach.length; i++) {
        metEach[i] += other.metEach[i];
      }
    }
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
        metEach == null ? List.of() : shares(metEach, context.objectives()));
  }

  private List<Totals.Share> shares(long[] metEach, Objectives objectives) {
    double requests = sum(Figure.GOODPUT_PERCENT).whole();
    return IntStream.range(0, metEach.length)
        .mapToObj(i -> new Totals.Share(objectives.all().get(i), 100 * metEach[i] / requests))
        .toList();
  }
}
