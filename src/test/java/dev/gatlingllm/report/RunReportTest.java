package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.stream.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunReportTest {

  @Test
  void keepsEarlierRemarks() {
    Finding known = Finding.note("merged", "This run merges 2 runs.");
    RunReport report =
        RunReport.ofThisMachine(
            SampleRun.INFO.withRemarks(List.of(known)),
            SampleRun.busy().summary(),
            run -> List.of());

    assertThat(report.info().remarks()).contains(known);
    assertThat(Findings.of(report.info(), report.summary())).contains(known);
  }

  @Test
  void keepsAssertionsThatDoNotHold() {
    RunReport report =
        RunReport.ofThisMachine(
            SampleRun.INFO,
            SampleRun.busy().summary(),
            run -> List.of("TTFT p95 is less than 80 ms, but it is 185.729 ms"));

    assertThat(Verdict.of(report).text())
        .isEqualTo("1 assertion failed: TTFT p95 is less than 80 ms, but it is 185.729 ms");
    assertThat(Findings.of(report.info(), report.summary()))
        .extracting(Finding::text)
        .contains("TTFT p95 is less than 80 ms, but it is 185.729 ms");
  }

  private static List<Finding> ofRunThatFailed(String kind) {
    RunReport failed = SampleRun.failed(kind, "");
    return RunReport.ofThisMachine(SampleRun.INFO, failed.summary(), run -> List.of())
        .info()
        .remarks();
  }

  @Test
  void namesTheLimitOfTheMachineThatRequestsMet() {
    assertThat(ofRunThatFailed(Failure.OUT_OF_FILE_DESCRIPTORS))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.kind()).isEqualTo("out-of-file-descriptors");
              assertThat(finding.text()).contains("200 requests failed in the load generator");
              assertThat(finding.text()).contains("Raise the limit (ulimit -n");
            });
    assertThat(ofRunThatFailed(Failure.OUT_OF_PORTS))
        .singleElement()
        .satisfies(finding -> assertThat(finding.text()).contains("no free local port"));
    assertThat(ofRunThatFailed("connection")).isEmpty();
  }
}
