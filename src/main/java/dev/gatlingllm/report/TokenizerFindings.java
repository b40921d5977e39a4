package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.Summary;
import java.util.List;

/**
 * Whether the configured tokenizer is the model's. A chat template adds tokens that nobody wrote:
 * as many to every prompt of as many messages. So over first turns the server's count minus ours
 * has one value where the tokenizers agree, whatever the template, and many where they do not.
 */
final class TokenizerFindings {

  /** Fewer first turns may agree by chance. */
  static final int MIN_REPLIES = 5;

  /** A token more or less where the template's text meets ours is no disagreement. */
  static final double MAX_SPREAD = 2;

  /** Tokens that a template and a system prompt of its own may add. */
  static final double MAX_TEMPLATE_TOKENS = 64;

  /** Beyond the template's tokens, a difference in percent of the prompt. */
  static final double MAX_DIFFERENCE_PERCENT = 5;

  private TokenizerFindings() {}

  static List<Finding> of(RunInfo info, RunSummary run) {
    ScopeSummary firstTurns = run.overall().byTurn().get(1);
    ScopeSummary scope = firstTurns == null ? run.overall() : firstTurns;
    Summary difference = scope.metrics().get(Figure.TOKENIZER_DIFFERENCE);
    Summary input = scope.metrics().get(Figure.INPUT_TOKENS);
    if (difference == null || difference.count() < MIN_REPLIES) {
      return List.of();
    }
    boolean scattered = firstTurns != null && difference.max() - difference.min() > MAX_SPREAD;
    return scattered || isLarge(difference.mean(), input.mean())
        ? List.of(disagreement(info, difference))
        : List.of();
  }

  private static boolean isLarge(double difference, double input) {
    return Math.abs(difference) > MAX_TEMPLATE_TOKENS
        && Math.abs(difference) > MAX_DIFFERENCE_PERCENT / 100 * input;
  }

  private static Finding disagreement(RunInfo info, Summary difference) {
    return Finding.warning(
        "tokenizer-disagrees",
        "The tokenizer %s does not match the model: the server counted %+.0f to %+.0f tokens more"
            + " per prompt (mean %+.1f), so prompts do not have the requested lengths. Set"
            + " llm.tokenizer to the model's tokenizer.json.",
        info.target().tokenizer(),
        difference.min(),
        difference.max(),
        difference.mean());
  }
}
