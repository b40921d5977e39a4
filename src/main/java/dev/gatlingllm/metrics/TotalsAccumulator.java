package dev.gatlingllm.metrics;

import java.util.stream.IntStream;

/**
 * The counts of one scope.
 *
 * <p>A failed response counts as a request, as a failure and with the output that did arrive; its
 * prompt counts for nothing.
 */
@Accumulator
final class TotalsAccumulator {

  /** The number under which conversations remember that this scope has counted them. */
  private transient int scope = CountedConversations.NO_SCOPE;

  private long ok;
  private long ko;
  private long conversations;
  private double outputTokens;
  private RetryCounts retryCounts = RetryCounts.NONE;
  private PromptTokens prompts = new PromptTokens();

  /** Responses that meet each objective, in the order of the objectives; null without any. */
  private long[] metEach;

  private long metAll;

  void add(WindowedResponse windowed) {
    outputTokens += windowed.tokensInWindow();
    if (!windowed.counted()) {
      return;
    }
    Response response = windowed.response();
    countConversation(windowed);
    countGoodput(windowed.objectivesMet());
    retryCounts = retryCounts.with(response);
    prompts.add(response);
    if (response.ok()) {
      ok++;
    } else {
      ko++;
    }
  }

  private void countConversation(WindowedResponse windowed) {
    if (windowed.conversation() != null) {
      if (scope == CountedConversations.NO_SCOPE) {
        scope = windowed.conversations().newScope();
      }
      if (!windowed.conversation().get(scope)) {
        windowed.conversation().set(scope);
        conversations++;
      }
    }
  }

  private void countGoodput(boolean[] met) {
    if (met.length == 0) {
      return;
    }
    if (metEach == null) {
      metEach = new long[met.length];
    }
    boolean all = true;
    for (int i = 0; i < met.length; i++) {
      metEach[i] += met[i] ? 1 : 0;
      all &= met[i];
    }
    metAll += all ? 1 : 0;
  }

  /** Adds what another load generator counted, with the same objectives. */
  void add(TotalsAccumulator other) {
    ok += other.ok;
    ko += other.ko;
    conversations += other.conversations;
    outputTokens += other.outputTokens;
    retryCounts = retryCounts.plus(other.retryCounts);
    prompts.add(other.prompts);
    if (metEach == null) {
      metEach = other.metEach == null ? null : other.metEach.clone();
    } else if (other.metEach != null) {
      for (int i = 0; i < metEach.length; i++) {
        metEach[i] += other.metEach[i];
      }
    }
    metAll += other.metAll;
  }

  /** Returns whether anything lies in the window. */
  boolean isTouched() {
    return ok + ko > 0 || outputTokens > 0;
  }

  Totals summary(double windowSeconds, Objectives objectives) {
    return new Totals(
        ok + ko,
        ok,
        ko,
        conversations,
        prompts.inputOrNull(),
        isTouched() ? Math.round(outputTokens) : null,
        prompts.cachedOrNull(),
        rate(outputTokens, windowSeconds),
        rate(prompts.input(), windowSeconds),
        rate(ok + ko, windowSeconds),
        retryCounts,
        metEach == null ? null : goodput(windowSeconds, objectives),
        prompts.cachedPercent(),
        prompts.reusablePercent());
  }

  private Goodput goodput(double windowSeconds, Objectives objectives) {
    return new Goodput(
        rate(metAll, windowSeconds),
        percent(metAll),
        IntStream.range(0, metEach.length)
            .mapToObj(i -> new Goodput.Share(objectives.all().get(i), percent(metEach[i])))
            .toList());
  }

  private double percent(long responses) {
    return 100.0 * responses / (ok + ko);
  }

  private static double rate(double amount, double seconds) {
    return seconds > 0 ? amount / seconds : 0;
  }
}
