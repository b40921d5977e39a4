package dev.gatlingllm.metrics;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The totals of one scope. Each {@link Figure} says what a response adds to it; only what depends
 * on more than the response is added here by name.
 */
@Accumulator
final class TotalsAccumulator {

  /** The number under which conversations remember that this scope has counted them. */
  private transient int scope = CountedConversations.NO_SCOPE;

  /** Without those that nothing was added to. */
  private EnumMap<Figure, Sum> sums = new EnumMap<>(Figure.class);

  /** Responses that met each objective, in the order of the objectives; null without any. */
  private long @Nullable [] metEach;

  void add(WindowedResponse windowed) {
    double tokens = windowed.tokensThere();
    if (windowed.isCounted() || tokens > 0) {
      add(Figure.TOTAL_OUTPUT_TOKENS, tokens, 0);
      add(Figure.OUTPUT_TOKENS_PER_SECOND, tokens, 0);
    }
    addWithoutEnd(windowed);
    ConversationSums conversation = windowed.conversation();
    if (conversation != null) {
      addOutcome(conversation.outcome());
      countConversation(windowed);
    }
    if (windowed.isCounted()) {
      addCounted(windowed);
    }
  }

  /** Adds a request that did not come to its own end in the window. */
  private void addWithoutEnd(WindowedResponse windowed) {
    Response response = windowed.response();
    addIf(windowed.isUnfinished(), Figure.UNFINISHED);
    addIf(windowed.isWaiting(), Figure.WAITING);
    addIf(windowed.isCut(), Figure.CUT);
    addIf(windowed.isAbandoned(), Figure.ABANDONED);
    if (windowed.isMissed()) {
      add(Figure.UNFINISHED_MISSED, 1, 0);
      countGoodput(new boolean[windowed.objectivesMet().length]);
    }
    if (windowed.isCut() || windowed.isAbandoned()) {
      add(Figure.RESENT, Figure.RESENT.amount(response), 0);
    }
    if (windowed.isAbandoned()) {
      countConversation(windowed);
    }
    if (windowed.isUnsent()) {
      add(response.outcome().isNotBuilt() ? Figure.NOT_BUILT : Figure.UNSENT_TURNS, 1, 0);
      add(Figure.BROKEN_CONVERSATIONS, Figure.BROKEN_CONVERSATIONS.amount(response), 0);
    }
  }

  private void addCounted(WindowedResponse windowed) {
    Response response = windowed.response();
    addIf(windowed.isFromWarmUp(), Figure.WRITTEN_IN_WARM_UP);
    for (Figure total : Figure.totals()) {
      double amount = total.amount(response);
      if (!Double.isNaN(amount)) {
        add(total, amount, total.whole(response));
      }
    }
    countConversation(windowed);
    countGoodput(windowed.objectivesMet());
    if (windowed.objectivesMet().length > 0 && response.who().conversation() != null) {
      boolean isGood = windowed.conversations().isEndOfGood(response);
      add(Figure.GOOD_CONVERSATIONS_PER_SECOND, isGood ? 1 : 0, 0);
    }
  }

  private void addIf(boolean holds, Figure total) {
    if (holds) {
      add(total, 1, 0);
    }
  }

  private void addOutcome(ConversationOutcome outcome) {
    switch (outcome) {
      case COMPLETED -> add(Figure.COMPLETED_CONVERSATIONS, 1, 0);
      case FAILED -> add(Figure.FAILED_CONVERSATIONS, 1, 0);
      case ABANDONED -> add(Figure.ABANDONED_CONVERSATIONS, 1, 0);
    }
    if (outcome != ConversationOutcome.ABANDONED) {
      boolean isCompleted = outcome == ConversationOutcome.COMPLETED;
      add(Figure.CONVERSATION_SUCCESS_PERCENT, isCompleted ? 1 : 0, 1);
    }
  }

  /** Adds a conversation to a scope that has no responses. */
  void addConversation() {
    add(Figure.CONVERSATIONS, 1, 0);
  }

  private void add(Figure total, double amount, double whole) {
    sum(total).add(amount, whole);
  }

  private Sum sum(Figure total) {
    return sums.computeIfAbsent(total, unseen -> new Sum());
  }

  private void countConversation(WindowedResponse windowed) {
    if (scope == CountedConversations.NO_SCOPE) {
      scope = windowed.conversations().newScope();
    }
    if (windowed.conversations().isNew(windowed.response(), scope)) {
      add(Figure.CONVERSATIONS, 1, 0);
    }
  }

  private void countGoodput(boolean[] met) {
    if (met.length == 0) {
      return;
    }
    if (metEach == null) {
      metEach = new long[met.length];
    }
    int metAll = 1;
    for (int i = 0; i < met.length; i++) {
      metEach[i] += met[i] ? 1 : 0;
      metAll = met[i] ? metAll : 0;
    }
    add(Figure.GOODPUT_PER_SECOND, metAll, 0);
    add(Figure.GOODPUT_PERCENT, metAll, 1);
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
