package dev.gatlingllm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the commands work. Their results depend on the machine. */
class TimingCommandsIT {

  @Test
  void storesWhatTheMachineMeasuresWithinTheError(@TempDir Path folder) {
    Path file = folder.resolve("calibration.json");
    StringWriter out = new StringWriter();

    // no machine is off by a minute
    int status =
        Main.of(new CalibrateCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(out))
            .execute(
                ("--within 60000 --from 2 --most 2 --warmup 1 --seconds 2 --reply-tokens 16 --file "
                        + file)
                    .split(" "));

    assertThat(status).as("%s", out).isZero();
    assertThat(out.toString()).contains("2 streams, ", "ms: good");
    assertThat(file).content().contains("\"streams\" : 2", "\"withinMillis\" : 60000.0");
  }

  @Test
  void printsARowOfErrorsForEachNumberOfStreams() {
    StringWriter out = new StringWriter();

    int status =
        Main.of(new AccuracyCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(out))
            .execute("--streams 2 --warmup 0 --seconds 4 --reply-tokens 16".split(" "));

    assertThat(status).as("%s", out).isZero();
    assertThat(out.toString().lines().skip(1))
        .singleElement()
        .asString()
        .matches(" +2 +\\d+( +[0-9.]+){6}");
  }
}
