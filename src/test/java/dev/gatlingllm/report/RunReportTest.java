package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RunReportTest {

  @Test
  void keepsEarlierRemarks() {
    Finding known = Finding.note("merged", "This run merges 2 runs.");
    RunReport report =
        RunReport.ofThisMachine(
            SampleRun.INFO.withRemarks(List.of(known)), SampleRun.busy().summary());

    assertThat(report.info().remarks()).contains(known);
    assertThat(Findings.of(report.info(), report.summary())).contains(known);
  }
}
