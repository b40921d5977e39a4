package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.metrics.Totals;
import java.util.List;

/** Checks whether the prefix cache works, and whether the server's report of it is complete. */
final class CacheFindings {

  /** Fewer responses are not judged. */
  static final int MIN_REPLIES = 20;

  /** A hit rate below this share of the reusable tokens is low. */
  static final double MIN_SHARE_OF_REUSABLE = 0.5;

  /** Fewer reusable tokens in a mean prompt may be less than a block of the cache. */
  static final double MIN_REUSABLE_TOKENS = 32;

  private CacheFindings() {}

  static List<Finding> of(RunSummary run) {
    Totals totals = run.overall().totals();
    Summary cached = run.overall().metrics().get(Figure.CACHED_TOKENS);
    if (totals.ok() == 0) {
      return List.of();
    }
    if (cached == null) {
      return List.of(notReported());
    }
    if (cached.count() < totals.ok()) {
      return List.of(partlyReported(cached.count(), totals.ok()));
    }
    return isMissed(run, cached) ? List.of(missed(totals)) : List.of();
  }

  private static Finding notReported() {
    return Finding.note(
        "cached-tokens-not-reported",
        "The server does not report cached tokens, so the cache hit rate is unknown. vLLM reports"
            + " them with --enable-prompt-tokens-details, SGLang with --enable-cache-report.");
  }

  /** vLLM omits the field if nothing was cached, which is neither a zero nor negligible. */
  private static Finding partlyReported(long reported, long good) {
    return Finding.warning(
        "cached-tokens-partly-reported",
        "Only %,d of %,d successful responses report cached tokens, and the cache hit rate covers"
            + " these alone. Some servers omit the field if nothing was cached: the true rate may"
            + " be lower.",
        reported,
        good);
  }

  private static boolean isMissed(RunSummary run, Summary cached) {
    Totals totals = run.overall().totals();
    Summary input = run.overall().metrics().get(Figure.INPUT_TOKENS);
    if (totals.expectedReusablePercent() == null || totals.cacheHitPercent() == null) {
      return false;
    }
    return cached.count() >= MIN_REPLIES
        && totals.expectedReusablePercent() / 100 * input.mean() >= MIN_REUSABLE_TOKENS
        && totals.cacheHitPercent() < MIN_SHARE_OF_REUSABLE * totals.expectedReusablePercent();
  }

  private static Finding missed(Totals totals) {
    return Finding.warning(
        "cache-not-hit",
        "Low prefix-cache hit rate: %.1f %% of prompt tokens were cached, but %.1f %% could have"
            + " been. Check that prefix caching is on, that the cache is large enough for these"
            + " conversations, and that each conversation stays on one replica.",
        totals.cacheHitPercent(),
        totals.expectedReusablePercent());
  }
}
