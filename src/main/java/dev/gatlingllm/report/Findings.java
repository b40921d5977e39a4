package dev.gatlingllm.report;

import dev.gatlingllm.metrics.RetryCounts;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.RunSummary.FailureCount;
import dev.gatlingllm.metrics.Totals;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Finds what a reader should know about a run, once for the page, the console and {@code
 * tokens.json}.
 */
final class Findings {

  static final String FAILURES = "failures";

  private Findings() {}

  /** Returns all findings, warnings first. */
  static List<Finding> of(RunInfo info, RunSummary run) {
    List<Finding> findings = new ArrayList<>(info.remarks());
    findings.addAll(ClientFindings.of(info, run));
    findings.addAll(failures(run));
    findings.addAll(CacheFindings.of(run));
    findings.addAll(TokenizerFindings.of(info, run));
    findings.addAll(retryCounts(run.overall().totals().retryCounts()));
    findings.addAll(repeatedConversations(run));
    findings.sort(Comparator.comparing(Finding::level));
    return List.copyOf(findings);
  }

  private static List<Finding> failures(RunSummary run) {
    Totals totals = run.overall().totals();
    return run.failures().entrySet().stream()
        .max(Comparator.comparingLong(kind -> kind.getValue().count()))
        .map(most -> failures(totals, most))
        .stream()
        .toList();
  }

  private static Finding failures(Totals totals, Map.Entry<String, FailureCount> most) {
    long count = most.getValue().count();
    return count == totals.ko()
        ? Finding.warning(
            FAILURES,
            "%,d of %,d responses failed: %s.",
            totals.ko(),
            totals.requests(),
            most.getKey())
        : Finding.warning(
            FAILURES,
            "%,d of %,d responses failed. Most frequent (%,d): %s.",
            totals.ko(),
            totals.requests(),
            count,
            most.getKey());
  }

  private static List<Finding> retryCounts(RetryCounts retryCounts) {
    List<Finding> findings = new ArrayList<>();
    if (retryCounts.brokenConversations() > 0) {
      findings.add(
          Finding.warning(
              "conversations-broken",
              "%,d conversations ended early because a turn failed.",
              retryCounts.brokenConversations()));
    }
    if (retryCounts.retries() > 0) {
      findings.add(
          Finding.note(
              "retries",
              "%,d responses came from retries. Each attempt counts as its own response; backoff"
                  + " time is not part of any latency.",
              retryCounts.retries()));
    }
    if (retryCounts.turnsCut() > 0) {
      findings.add(
          Finding.note(
              "prompts-cut",
              "%,d prompts omitted earlier turns, %,d tokens in total, to fit the context window."
                  + " The server's prefix cache cannot hold what follows the gap.",
              retryCounts.turnsCut(),
              retryCounts.droppedTokens()));
    }
    return findings;
  }

  private static List<Finding> repeatedConversations(RunSummary run) {
    return run.repeatedConversations() == 0
        ? List.of()
        : List.of(
            Finding.note(
                "conversations-repeated",
                "%,d conversations were identical to an earlier user's, so the server may have"
                    + " had them in its cache in full. To send each conversation once, do not set"
                    + " llm.conversationsPerGroup, or set llm.replayLoop to false for a replay.",
                run.repeatedConversations()));
  }
}
