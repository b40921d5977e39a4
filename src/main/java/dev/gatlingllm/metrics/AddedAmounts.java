package dev.gatlingllm.metrics;

import java.util.EnumMap;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a response adds to the totals of each scope that it enters in a span of time. Each {@link
 * Figure} says what a response adds to it; only what depends on more than the response is added
 * here by name.
 */
final class AddedAmounts {

  private final WindowedResponse windowed;
  private final Figure[] totals = new Figure[Figure.totals().size()];
  private final double[] amounts = new double[totals.length];
  private final double[] wholes = new double[totals.length];
  private int size;

  /**
   * Whether each objective of goodput was met or, of an unfinished response, could still be; null
   * of one that counts for none.
   */
  private boolean @Nullable [] objectivesMet;

  /** Which of them it does not count for, because it had missed them in the warm-up; or null. */
  private boolean @Nullable [] missedInWarmUp;

  private AddedAmounts(WindowedResponse windowed) {
    this.windowed = windowed;
  }

  /** Returns what a response adds in its span. */
  static AddedAmounts of(WindowedResponse windowed) {
    AddedAmounts added = new AddedAmounts(windowed);
    double tokens = windowed.tokensThere();
    if (windowed.isCounted() || tokens > 0) {
      added.add(Figure.TOTAL_OUTPUT_TOKENS, tokens, 0);
      added.add(Figure.OUTPUT_TOKENS_PER_SECOND, tokens, 0);
    }
    added.addWithoutEnd();
    ConversationSums conversation = windowed.conversation();
    if (conversation != null) {
      added.addOutcome(conversation.outcome());
    }
    if (windowed.isCounted()) {
      added.addCounted();
    }
    return added;
  }

  /** Adds a request that did not come to its own end in the window. */
  private void addWithoutEnd() {
    Response response = windowed.response();
    addIf(windowed.isUnfinished(), Figure.UNFINISHED);
    addIf(windowed.isWaiting(), Figure.WAITING);
    addIf(windowed.isCut(), Figure.CUT);
    addIf(windowed.isAbandoned(), Figure.ABANDONED);
    if (windowed.isMissed()) {
      add(Figure.UNFINISHED_MISSED, 1, 0);
      addGoodput(windowed.mayMeetEach(), false);
    }
    if (windowed.isCut() || windowed.isAbandoned()) {
      add(Figure.RESENT, Figure.RESENT.amount(response), 0);
    }
    if (windowed.isUnsent()) {
      add(response.outcome().isNotBuilt() ? Figure.NOT_BUILT : Figure.UNSENT_TURNS, 1, 0);
      add(Figure.BROKEN_CONVERSATIONS, Figure.BROKEN_CONVERSATIONS.amount(response), 0);
    }
  }

  private void addCounted() {
    Response response = windowed.response();
    addIf(windowed.isFromWarmUp(), Figure.WRITTEN_IN_WARM_UP);
    List<Figure> all = Figure.totals();
    for (int i = 0; i < all.size(); i++) {
      double amount = all.get(i).amount(response);
      if (!Double.isNaN(amount)) {
        add(all.get(i), amount, all.get(i).whole(response));
      }
    }
    boolean[] met = windowed.objectivesMet();
    missedInWarmUp = windowed.missedInWarmUp();
    if (missedInWarmUp != null && hasMissedNothingElse(met, missedInWarmUp)) {
      objectivesMet = met;
      add(Figure.MISSED_IN_WARM_UP, 1, 0);
      add(Figure.GOODPUT_PER_SECOND, 0, 0);
    } else {
      addGoodput(met, true);
    }
    if (windowed.objectivesMet().length > 0 && response.who().conversation() != null) {
      boolean isGood = windowed.conversations().isEndOfGood(response);
      add(Figure.GOOD_CONVERSATIONS_PER_SECOND, isGood ? 1 : 0, 0);
    }
  }

  private static boolean hasMissedNothingElse(boolean[] met, boolean[] missedInWarmUp) {
    return IntStream.range(0, met.length).allMatch(i -> met[i] || missedInWarmUp[i]);
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

  private void addGoodput(boolean[] met, boolean isEnded) {
    if (met.length == 0) {
      return;
    }
    objectivesMet = met;
    int metAll = isEnded ? 1 : 0;
    for (boolean one : met) {
      metAll = one ? metAll : 0;
    }
    add(Figure.GOODPUT_PER_SECOND, metAll, 0);
    add(Figure.GOODPUT_PERCENT, metAll, 1);
  }

  private void add(Figure total, double amount, double whole) {
    totals[size] = total;
    amounts[size] = amount;
    wholes[size++] = whole;
  }

  /** Adds everything to the sums of a scope. */
  void addTo(EnumMap<Figure, Sum> sums) {
    for (int i = 0; i < size; i++) {
      Sum sum = sums.get(totals[i]);
      if (sum == null) {
        sum = new Sum();
        sums.put(totals[i], sum);
      }
      sum.add(amounts[i], wholes[i]);
    }
  }

  /** Returns whether each objective of goodput was met; null where it counts for none. */
  boolean @Nullable [] objectivesMet() {
    return objectivesMet;
  }

  /** Returns which objectives were missed in the warm-up and do not count; null for none. */
  boolean @Nullable [] missedInWarmUp() {
    return missedInWarmUp;
  }

  /** Returns whether the scope counts the conversation of the response. */
  boolean countsConversation() {
    return windowed.conversation() != null || windowed.isAbandoned() || windowed.isCounted();
  }
}
