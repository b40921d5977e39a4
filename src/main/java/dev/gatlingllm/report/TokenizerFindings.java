package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.Summary;
import java.util.List;

/**
 * Checks whether the configured tokenizer matches the model. A chat template adds the same number
 * of tokens to each prompt with the same number of messages. So over first turns, the server's
 * count minus ours is constant if the tokenizers agree, and scattered if they do not.
 */
final class TokenizerFindings {

  /** Fewer first turns may agree by chance. */
  static final int MIN_REPLIES = 5;

  /** A token more or less, where the template's text joins ours, is no difference. */
  static final double MAX_SPREAD = 2;

  /** Tokens that a template, possibly with a system prompt, may add. */
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
