package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Breakdown;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.RunSummary.TurnPrompts;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.report.Verdict.Level;
import dev.gatlingllm.report.Verdict.Reason;
import java.util.Map;
import java.util.Optional;

/** The rule of a verdict on the server's prefix cache. docs/report.md lists the limits. */
final class CacheRule {

  /** A hit rate that lacks fewer points than this of what is reusable is good. */
  private static final double MAX_POINTS = 10;

  /** Fewer tokens of a mean prompt may be less than two blocks of the cache. */
  private static final double MAX_TOKENS = 32;

  private final RunInfo.Load load;
  private final RunSummary run;
  private final TurnPrompts prompts;

  CacheRule(RunInfo info, RunSummary run) {
    this.load = info.load();
    this.run = run;
    this.prompts = run.turnPrompts();
  }

  /** Compares the hits with what earlier prompts had sent, if both are known. */
  Optional<Reason> reason() {
    Double hit = prompts.cacheHitPercent();
    Double sent = run.overall().totals().values().get(Figure.EXPECTED_REUSABLE_PERCENT);
    if (hit == null || sent == null) {
      return Optional.empty();
    }
    return sent - hit > MAX_POINTS ? lacking(hit, sent) : holding(hit, sent);
  }

  /** Judges a hit rate that is far below what is expected. */
  private Optional<Reason> lacking(double hit, double sent) {
    if (prompts.leastReusablePercent() == null) {
      // requests do not carry the prompts
      return Optional.empty();
    }
    double least = prompts.surelyReusable(sent);
    if (least < sent && least - hit < MAX_POINTS) {
      return reason(
          Level.DOUBTFUL,
          "Cache not judged",
          "%.1f %% of prompt tokens of turns were hits, and %.1f %% of those expected had been sent"
              + " before; but the server counted more, such as text that requests add, and how much"
              + " of that could be hit is unknown",
          hit,
          sent);
    }
    // less is too short for a block of the cache
    return tokens(least - hit) > MAX_TOKENS
        ? hits(Level.DOUBTFUL, "Cache evicts or is not hit", hit, least, least < sent)
        : Optional.empty();
  }

  /** Judges a hit rate that is about what is expected, or more. */
  private Optional<Reason> holding(double hit, double sent) {
    boolean isMore = hit - sent > MAX_POINTS;
    if (hit == 0 || (isMore && run.by(Breakdown.MODEL).size() > 1)) {
      // nothing was there to be cached, or a request of one's own may have asked another model
      return Optional.empty();
    }
    return isMore && isOld(tokens(hit - sent))
        ? hits(
            Level.DOUBTFUL,
            "Cache held more than this run had sent, such as the prompts of an earlier run;"
                + " another llm.salt generates new ones",
            hit,
            sent,
            false)
        : hits(Level.GOOD, "Cache works", hit, sent, false);
  }

  private Optional<Reason> hits(
      Level level, String title, double hit, double sent, boolean isLeast) {
    return reason(
        level,
        title,
        "%.1f %% of prompt tokens of turns were hits, %s%.1f %% had been sent before",
        hit,
        isLeast || load.mayBeginAlike() ? "at least " : "",
        sent);
  }

  private static Optional<Reason> reason(
      Level level, String title, String text, Object... figures) {
    return Optional.of(VerdictRules.reason("cache", level, title, text, figures));
  }

  /** Returns the tokens of a mean prompt that are so many points. */
  private double tokens(double points) {
    return points / 100 * prompts.inputTokens();
  }

  /**
   * Returns whether so many hits on what no earlier prompt had must be older than the run. It is
   * unknown of recorded texts and those of feeders, which may begin alike, of several choices,
   * whose prompt is the same, and of prompts of unknown length.
   *
   * @param excess tokens of a mean prompt that were hit and had not been sent
   */
  private boolean isOld(double excess) {
    Summary output = run.overall().metrics().get(Figure.OUTPUT_TOKENS);
    Summary difference = run.overall().metrics().get(Figure.TOKENIZER_DIFFERENCE);
    Map<String, String> settings = load.settings();
    if (output == null
        || difference == null
        || difference.count() < output.count()
        || load.mayBeginAlike()
        || settings.getOrDefault("extraBody", "").contains("\"n\"")
        || settings.getOrDefault("benchmark", "").contains("-cache keep")) {
      return false;
    }
    // in the cache before a prompt has it: the last response, and what a template or a body adds
    return excess > output.mean() + Math.max(0, difference.mean()) + MAX_TOKENS;
  }
}
