package dev.gatlingllm.report.assertion;

import dev.gatlingllm.metrics.RunSummary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The assertions of a run. Those on token figures can be judged again, on the merge of several
 * runs. Of Gatling's own, only the outcomes are known. Immutable.
 *
 * @param onTokens the assertions on token figures
 * @param gatlings the outcomes of Gatling's own assertions; null before they are judged, and of a
 *     run that was stopped before
 */
public record Assertions(List<TokenAssertion> onTokens, @Nullable List<TestCase> gatlings) {

  /** Nothing is asserted, or it is not known. */
  public static final Assertions NONE = new Assertions(List.of(), null);

  /** Takes copies. */
  public Assertions {
    onTokens = List.copyOf(onTokens);
    gatlings = gatlings == null ? null : List.copyOf(gatlings);
  }

  /** Returns the outcomes of the assertions on token figures in a run. */
  public List<TestCase> judge(RunSummary run) {
    return onTokens.stream().map(assertion -> assertion.judge(run).testCase()).toList();
  }
}
