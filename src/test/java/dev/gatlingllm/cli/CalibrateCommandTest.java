package dev.gatlingllm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrateCommandTest {

  private final List<Integer> measured = new ArrayList<>();
  private final StringWriter out = new StringWriter();

  /** On a machine that is exact up to a number of streams. */
  private Optional<Integer> search(int exactUpTo) throws Exception {
    CalibrateCommand command = new CalibrateCommand();
    return command
        .search(
            streams -> {
              measured.add(streams);
              Histogram errors = new Histogram(3);
              errors.recordValue(streams <= exactUpTo ? 1_000_000 : 10_000_000);
              return new TimingErrors(streams, 100.0 * streams, errors, errors);
            },
            new PrintWriter(out))
        .map(TimingErrors::streams);
  }

  @Test
  void refusesAFileThatCannotBeWrittenBeforeTheFirstLoad(@TempDir Path folder) throws IOException {
    Path inTheWay = Files.writeString(folder.resolve("plain"), "a file");

    int status =
        Main.of(Main.class)
            .setErr(new PrintWriter(out))
            .execute("calibrate", "--most=32", "--file", inTheWay + "/calibration.json");

    assertThat(status).isEqualTo(2);
    assertThat(out.toString())
        .contains("--file must be a file that can be written", "(a file is in the way)");
  }

  @Test
  void refusesAFolderForAFileBeforeTheFirstLoad(@TempDir Path folder) {
    int status =
        Main.of(Main.class)
            .setErr(new PrintWriter(out))
            .execute("calibrate", "--most=32", "--file", folder.toString());

    assertThat(status).isEqualTo(2);
    assertThat(out.toString()).contains("(it is a folder)");
  }

  @Test
  void doublesUntilTheErrorIsTooLargeThenBisects() throws Exception {
    assertThat(search(200)).hasValue(192);
    assertThat(measured).containsExactly(32, 64, 128, 256, 192, 224);
  }

  @Test
  void stopsAtTheMaximum() throws Exception {
    assertThat(search(1_000_000)).hasValue(4096);
  }

  @Test
  void findsNothingOnABusyMachine() throws Exception {
    assertThat(search(1)).isEmpty();
  }

  @Test
  void findsNothingIfNoResponseEndsInTime() throws Exception {
    Histogram none = new Histogram(3);

    assertThat(
            new CalibrateCommand()
                .search(streams -> new TimingErrors(streams, 0, none, none), new PrintWriter(out)))
        .isEmpty();
  }

  @Test
  void keepsWhatItFoundWhereTheClientFailsAtALargerLoad() throws Exception {
    Histogram exact = new Histogram(3);
    exact.recordValue(1_000_000);

    assertThat(
            new CalibrateCommand()
                .search(
                    streams -> {
                      if (streams > 100) {
                        throw new IOException("The client failed: out of memory");
                      }
                      return new TimingErrors(streams, 100, exact, exact);
                    },
                    new PrintWriter(out)))
        .map(TimingErrors::streams)
        .hasValue(96);
    assertThat(out.toString())
        .contains("128 streams cannot be measured. The client failed: out of memory");
  }

  @Test
  void failsIfNoLoadCanBeMeasured() {
    assertThatThrownBy(
            () ->
                new CalibrateCommand()
                    .search(
                        streams -> {
                          throw new IOException("The client failed");
                        },
                        new PrintWriter(out)))
        .hasMessage("The client failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--within 0", "--from 0", "--from 9 --most 8", "--seconds 0"})
  void rejectsValuesOutOfRange(String options) {
    StringWriter err = new StringWriter();

    assertThat(
            Main.of(new CalibrateCommand())
                .setErr(new PrintWriter(err))
                .execute(options.split(" ")))
        .isEqualTo(2);
    assertThat(err.toString()).startsWith(options.split(" ")[0] + " must be ");
  }
}
