package dev.gatlingllm.metrics;

import java.util.LongSummaryStatistics;

/**
 * The counts of one scope. Not safe for threads.
 *
 * <p>A failed reply counts as a request, as a failure and with the output that did arrive; what the
 * prompt was worth is only asked of good ones.
 */
final class Tally {

  private final int scope;
  private long ok;
  private long ko;
  private long conversations;
  private double outputTokens;
  private Setbacks setbacks = Setbacks.NONE;
  private GoodputTally goodput;
  private final LongSummaryStatistics input = new LongSummaryStatistics();
  private final LongSummaryStatistics cached = new LongSummaryStatistics();
  private final LongSummaryStatistics inputWhereCachedIsReported = new LongSummaryStatistics();
  private final LongSummaryStatistics reusable = new LongSummaryStatistics();
  private final LongSummaryStatistics expectedWhereReusableIsKnown = new LongSummaryStatistics();

  /**
   * @param scope the number under which conversations remember that this scope has counted them
   */
  Tally(int scope) {
    this.scope = scope;
  }

  void accept(PlacedReply placed) {
    outputTokens += placed.tokensInWindow();
    if (!placed.counted()) {
      return;
    }
    if (placed.bringsConversationTo(scope)) {
      conversations++;
    }
    judge(placed);
    setbacks = setbacks.with(placed.reply());
    if (placed.reply().ok()) {
      ok++;
      addPrompt(placed.reply());
    } else {
      ko++;
    }
  }

  private void judge(PlacedReply placed) {
    if (placed.objectivesMet().length > 0) {
      if (goodput == null) {
        goodput = new GoodputTally(placed.objectives());
      }
      goodput.accept(placed.objectivesMet());
    }
  }

  private void addPrompt(TurnMeasurement reply) {
    int prompt = reply.inputTokensOrExpected();
    if (prompt >= 0) {
      input.accept(prompt);
    }
    if (reply.cachedTokens() >= 0) {
      cached.accept(reply.cachedTokens());
      if (prompt >= 0) {
        inputWhereCachedIsReported.accept(prompt);
      }
    }
    if (reply.reusableTokens() >= 0 && reply.inputTokensExpected() >= 0) {
      reusable.accept(reply.reusableTokens());
      expectedWhereReusableIsKnown.accept(reply.inputTokensExpected());
    }
  }

  /** Whether anything lies in the window. */
  boolean touched() {
    return ok + ko > 0 || outputTokens > 0;
  }

  Totals totals(double windowSeconds) {
    return new Totals(
        ok + ko,
        ok,
        ko,
        conversations,
        sum(input),
        touched() ? Math.round(outputTokens) : null,
        sum(cached),
        rate(outputTokens, windowSeconds),
        rate(input.getSum(), windowSeconds),
        rate(ok + ko, windowSeconds),
        setbacks,
        goodput == null ? null : goodput.goodput(windowSeconds),
        percent(cached, inputWhereCachedIsReported),
        percent(reusable, expectedWhereReusableIsKnown));
  }

  private static Long sum(LongSummaryStatistics values) {
    return values.getCount() == 0 ? null : values.getSum();
  }

  private static double rate(double amount, double seconds) {
    return seconds > 0 ? amount / seconds : 0;
  }

  private static Double percent(LongSummaryStatistics part, LongSummaryStatistics whole) {
    return whole.getSum() == 0 ? null : 100.0 * part.getSum() / whole.getSum();
  }
}
