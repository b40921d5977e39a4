package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Oddity;
import dev.gatlingllm.metrics.Response.Outcome;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.Summary;
import java.util.List;
import java.util.Set;

/**
 * Findings about why responses ended. That all of them end by {@code length} is what a synthetic
 * load asks for, and so no finding.
 */
final class FinishFindings extends FindingSource {

  /** Fewer responses that end in another way are exceptions. */
  private static final double MIN_PERCENT = 1;

  FinishFindings(RunInfo info, RunSummary run, List<Finding> found) {
    super(info, run, found);
  }

  @Override
  void find() {
    length();
    toolCalls();
    long below = run.count(Oddity.BELOW_LIMIT);
    if (isMuch(below)) {
      warn(
          "length-below-limit",
          "%,d of %,d successful response{s} ended by length with fewer tokens than their turn had"
              + " asked for: the context window of the server was full, or the server or the body"
              + " sets a lower limit. These responses are shorter than planned. Shorten the"
              + " prompts, or set llm.maxModelTokens to the context window of the server.",
          below,
          totals.ok());
    }
    long filtered = endedBy(Set.of("content_filter"));
    if (filtered > 0) {
      warn(
          "content-filtered",
          "%,d of %,d successful response{s} ended by content_filter: the server or the model"
              + " refused to go on. A refusal is short and quick, so that latencies and rates look"
              + " better than those of the load that was planned. Change the prompts, or the"
              + " filter.",
          filtered,
          totals.ok());
    }
  }

  /** Compares responses that ended at a limit with those that the model ended with a text. */
  private void length() {
    if (asksForFixedLengths()) {
      fixedLength();
      return;
    }
    long length = endedBy(Outcome.AT_A_LIMIT);
    long all = length + endedBy(Outcome.AT_THE_END);
    double percent = 100.0 * length / all;
    if (percent >= MIN_PERCENT && percent <= 100 - MIN_PERCENT) {
      note(
          "length-mixed",
          "%.0f %% of the responses that call no tools ended by length, at the limit that the"
              + " request or the server sets; the others ended before. So the limit cuts some"
              + " responses, and the model decides on the length of the others, which can differ"
              + " between two servers. For whole responses, raise llm.outputTokens; for exact"
              + " lengths, set llm.ignoreEos.",
          percent);
    }
  }

  private void fixedLength() {
    long early = run.count(Oddity.BEFORE_LIMIT);
    if (isMuch(early)) {
      warn(
          "length-not-kept",
          "%,d of %,d successful response{s} ended before the length that their turn had asked for,"
              + " although the load asks for responses of exact lengths. The server does not know"
              + " ignore_eos or min_tokens, or a stop text ends its responses.",
          early,
          totals.ok());
    }
  }

  private void toolCalls() {
    long calls = endedBy(Outcome.AT_A_CALL);
    Summary toolTime = run.overall().metrics().get(Figure.CONVERSATION_TOOL_TIME);
    if (isMuch(calls) && toolTime != null && toolTime.max() == 0) {
      note(
          "tool-calls-unanswered",
          "%,d of %,d successful response{s} ended by tool_calls, but no turn carries results of"
              + " tools: conversations go on without them. A call is most often shorter than a"
              + " text. Leave tools out, set tool_choice to none, or send results with"
              + " llm.toolRounds or a replay.",
          calls,
          totals.ok());
    }
  }

  private boolean asksForFixedLengths() {
    return "true".equals(info.load().settings().get("ignoreEos"))
        || "max".equals(info.load().settings().get("minTokens"));
  }

  private boolean isMuch(long count) {
    return count > 0 && 100.0 * count >= MIN_PERCENT * withOutput();
  }
}
