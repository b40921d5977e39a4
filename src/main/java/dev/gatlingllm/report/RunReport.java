package dev.gatlingllm.report;

import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.report.assertion.Assertions;
import dev.gatlingllm.report.assertion.TestCase;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Everything that pages, files and console show about one run. Immutable.
 *
 * @param info what was run
 * @param summary what was measured
 */
public record RunReport(RunInfo info, RunSummary summary) {

  /** The finding on an assertion that does not hold. */
  public static final String ASSERTION_FAILED = "assertion-failed";

  /** Refuses null. */
  public RunReport {
    Objects.requireNonNull(info, "info");
    Objects.requireNonNull(summary, "summary");
  }

  /**
   * Returns the report of a run on this machine. Findings on assertions, and those that compare the
   * run with the machine's limits and its calibration, are worked out now and stay with the run: a
   * machine that rebuilds the report later has others.
   *
   * @param failedAssertions returns the token assertions that do not hold, each in a sentence
   */
  public static RunReport ofThisMachine(
      RunInfo info, RunSummary summary, Function<RunSummary, List<String>> failedAssertions) {
    List<Finding> remarks = new ArrayList<>(info.remarks());
    failedAssertions.apply(summary).forEach(failed -> remarks.add(failedAssertion(failed)));
    Calibration.stored().flatMap(known -> known.check(summary)).ifPresent(remarks::add);
    remarks.addAll(MachineLimits.check(summary));
    return new RunReport(info.withRemarks(remarks), summary);
  }

  /** Returns the finding of a time without tokens, as a list of one or none. */
  public List<Finding> stalls() {
    return Findings.of(info.withRemarks(List.of()), summary).stream()
        .filter(finding -> finding.kind().equals("stall"))
        .toList();
  }

  /** Returns the report with findings on those assertions that do not hold. */
  public RunReport withFailedAssertions(List<TestCase> tests) {
    List<Finding> remarks = new ArrayList<>(info.remarks());
    tests.stream()
        .filter(TestCase::hasFailed)
        .forEach(test -> remarks.add(failedAssertion(test.sentence())));
    return new RunReport(info.withRemarks(remarks), summary);
  }

  /** Returns the report with the outcomes of Gatling's own assertions. */
  public RunReport withGatlingsAssertions(List<TestCase> tests) {
    Assertions judged = new Assertions(info.assertions().onTokens(), tests);
    return new RunReport(info.withAssertions(judged), summary).withFailedAssertions(tests);
  }

  private static Finding failedAssertion(String words) {
    return new Finding(ASSERTION_FAILED, Finding.Level.WARNING, words);
  }
}
