package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary.Second;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That what a machine was found to manage is kept, and held against later runs. */
class CalibrationTest {

  private static final RunSummary RUN = SampleRun.busy().summary();

  @TempDir private Path folder;

  private static double most(ToDoubleFunction<Second> figure) {
    return RUN.overall().timeline().stream()
        .filter(second -> second.second() >= 0)
        .mapToDouble(figure)
        .max()
        .getAsDouble();
  }

  private static List<Finding> findings(int streams, double tokensPerSecond) {
    return Calibration.ofThisMachine(5, streams, tokensPerSecond).check(RUN).stream().toList();
  }

  @Test
  void readsWhatItStored() throws IOException {
    Path file = folder.resolve("new/calibration.json");
    Calibration calibration = Calibration.ofThisMachine(2.5, 512, 51_200.5);

    calibration.store(file);

    assertThat(Calibration.read(file)).contains(calibration);
    assertThat(calibration.processors()).isPositive();
    assertThat(calibration.processor()).isNotBlank();
  }

  @Test
  void isEmptyForAnUnreadableFile() throws IOException {
    Path broken = Files.writeString(folder.resolve("calibration.json"), "{\"streams\":");

    assertThat(Calibration.read(broken)).isEmpty();
    assertThat(Calibration.read(folder.resolve("none.json"))).isEmpty();
  }

  @Test
  void acceptsARunWithinTheCalibration() {
    int streams = (int) Math.ceil(most(Second::activeStreams));

    assertThat(findings(streams, most(Second::outputTokens))).isEmpty();
  }

  @Test
  void warnsAboutARunWithMoreTokens() {
    Finding finding = findings(1_000_000, most(Second::outputTokens) / 2).get(0);

    assertThat(finding.kind()).isEqualTo("client-uncalibrated");
    assertThat(finding.level()).isEqualTo(Finding.Level.WARNING);
    assertThat(finding.text()).contains("1,000,000 streams", "within 5.00 ms", "99 %");
  }

  @Test
  void warnsAboutARunWithMoreStreams() {
    assertThat(findings(0, 1e9)).hasSize(1);
  }
}
