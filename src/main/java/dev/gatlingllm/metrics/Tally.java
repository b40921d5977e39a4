package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunState.TallyState;

/**
 * The counts of one scope. Not safe for threads.
 *
 * <p>A failed response counts as a request, as a failure and with the output that did arrive; what
 * the prompt was worth is only asked of good ones.
 */
final class Tally {

  private final int scope;
  private long ok;
  private long ko;
  private long conversations;
  private double outputTokens;
  private RetryCounts retryCounts = RetryCounts.NONE;
  private GoodputTally goodput;
  private final KnownSum input = new KnownSum();
  private final KnownSum cached = new KnownSum();
  private final KnownSum inputWhereCachedIsReported = new KnownSum();
  private final KnownSum reusable = new KnownSum();
  private final KnownSum expectedWhereReusableIsKnown = new KnownSum();

  /**
   * @param scope the number under which conversations remember that this scope has counted them
   */
  Tally(int scope) {
    this.scope = scope;
  }

  void accept(WindowedResponse placed) {
    outputTokens += placed.tokensInWindow();
    if (!placed.counted()) {
      return;
    }
    if (placed.bringsConversationTo(scope)) {
      conversations++;
    }
    judge(placed);
    retryCounts = retryCounts.with(placed.response());
    if (placed.response().ok()) {
      ok++;
      addPrompt(placed.response());
    } else {
      ko++;
    }
  }

  private void judge(WindowedResponse placed) {
    if (placed.objectivesMet().length > 0) {
      goodputOf(placed.objectives()).accept(placed.objectivesMet());
    }
  }

  private GoodputTally goodputOf(Objectives objectives) {
    if (goodput == null) {
      goodput = new GoodputTally(objectives);
    }
    return goodput;
  }

  private void addPrompt(Response response) {
    int prompt = response.inputTokensOrExpected();
    if (prompt >= 0) {
      input.add(prompt);
    }
    if (response.usage().cachedTokens() >= 0) {
      cached.add(response.usage().cachedTokens());
      if (prompt >= 0) {
        inputWhereCachedIsReported.add(prompt);
      }
    }
    if (response.turn().reusableTokens() >= 0 && response.turn().expectedInputTokens() >= 0) {
      reusable.add(response.turn().reusableTokens());
      expectedWhereReusableIsKnown.add(response.turn().expectedInputTokens());
    }
  }

  /** Whether anything lies in the window. */
  boolean touched() {
    return ok + ko > 0 || outputTokens > 0;
  }

  /** Adds what another load generator counted, by the same objectives. */
  void add(TallyState other, Objectives objectives) {
    ok += other.ok();
    ko += other.ko();
    conversations += other.conversations();
    outputTokens += other.outputTokens();
    retryCounts = retryCounts.plus(other.retryCounts());
    if (other.goodput() != null) {
      goodputOf(objectives).add(other.goodput());
    }
    input.add(other.inputTokens());
    cached.add(other.cachedTokens());
    inputWhereCachedIsReported.add(other.inputTokensWhereCachedIsKnown());
    reusable.add(other.reusableTokens());
    expectedWhereReusableIsKnown.add(other.expectedTokensWhereReusableIsKnown());
  }

  TallyState state() {
    return new TallyState(
        ok,
        ko,
        conversations,
        outputTokens,
        retryCounts,
        goodput == null ? null : goodput.state(),
        input.state(),
        cached.state(),
        inputWhereCachedIsReported.state(),
        reusable.state(),
        expectedWhereReusableIsKnown.state());
  }

  Totals totals(double windowSeconds) {
    return new Totals(
        ok + ko,
        ok,
        ko,
        conversations,
        input.orNull(),
        touched() ? Math.round(outputTokens) : null,
        cached.orNull(),
        rate(outputTokens, windowSeconds),
        rate(input.total(), windowSeconds),
        rate(ok + ko, windowSeconds),
        retryCounts,
        goodput == null ? null : goodput.goodput(windowSeconds),
        percent(cached, inputWhereCachedIsReported),
        percent(reusable, expectedWhereReusableIsKnown));
  }

  private static double rate(double amount, double seconds) {
    return seconds > 0 ? amount / seconds : 0;
  }

  private static Double percent(KnownSum part, KnownSum whole) {
    return whole.total() == 0 ? null : 100.0 * part.total() / whole.total();
  }
}
