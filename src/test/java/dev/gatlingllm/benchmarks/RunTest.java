package dev.gatlingllm.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.report.PageFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the figures of the commands. Times are in milliseconds. */
class RunTest {

  private static final Placement PLACEMENT = Placement.everywhere();

  private static long[] millis(double... millis) {
    long[] nanos = new long[millis.length];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = Math.round(millis[i] * 1e6);
    }
    return nanos;
  }

  private static StreamMoments stream(String id, double start, double... tokens) {
    return new StreamMoments(id, millis(start)[0], millis(tokens));
  }

  private static Usage usage(double at, double process, double loops, double compiler) {
    return new Usage(
        millis(at)[0], millis(process)[0], millis(loops)[0], millis(compiler)[0], 0, 0, 0, 0);
  }

  /** Two responses of three tokens; the second began before the measurement. */
  private static Run run(ClientKind kind, double processMillis) {
    return new Run(
        new Load(kind, 2, 3, 1, 1),
        new ClientNotes(
            usage(1_000, 500, 300, 100),
            usage(2_000, 500 + processMillis, 304, 101),
            1_000,
            5_000,
            List.of(0L, 100L)),
        List.of(
            stream("measured", 1_000, 1_052, 1_062, 1_073),
            stream("before", 900, 990, 1_010, 1_020)),
        List.of(
            stream("measured", 1_001, 1_051, 1_061, 1_071),
            stream("before", 900, 990, 1_010, 1_020)),
        0);
  }

  @Test
  void countsTokensWrittenDuringTheMeasurement() {
    assertThat(run(ClientKind.TIMED, 6).tokens()).isEqualTo(5);
    assertThat(run(ClientKind.TIMED, 6).tokensPerSecond()).isEqualTo(5);
  }

  @Test
  void costIsPerMillionTokensAndOfAllThreads() {
    Run run = run(ClientKind.TIMED, 6);

    assertThat(run.cpuPerMillion()).isCloseTo(1_200, within(1e-9));
    assertThat(run.loopCpuPerMillion()).isCloseTo(800, within(1e-9));
    assertThat(run.compilerCpuPerMillion()).isCloseTo(200, within(1e-9));
    assertThat(run.restCpuPerMillion()).isCloseTo(200, within(1e-9));
    assertThat(run.memoryPerStream()).isEqualTo(2_000);
  }

  @Test
  void errorsAreMeasuredMinusTrueTimesOfResponsesInTheWindow() {
    TimingErrors errors = run(ClientKind.TIMED, 6).errors();

    assertThat(errors.ttft().millis(1)).as("52 − 50").isEqualTo(2);
    assertThat(errors.icl().count()).isEqualTo(2);
    assertThat(errors.icl().millis(0.5)).isZero();
    assertThat(errors.icl().millis(1)).as("11 − 10").isEqualTo(1);
    assertThat(errors.delay().millis(1)).isEqualTo(2);
  }

  @Test
  void comparesEachClientWithTheFirst() {
    ClientPage page = new ClientPage(PLACEMENT, ServerPace.even(2), 2);
    page.add(build(""), run(ClientKind.PLAIN, 6));
    page.add(build(""), run(ClientKind.TIMED, 9));

    assertThat(page.toString())
        .contains("| tokenTimed         |        5 |              1800 |     1.5 |")
        .contains(" not in 1 s |");
  }

  private static Build build(String name) {
    return new Build(name, List.of());
  }

  @Test
  void comparesBuildsByTheRatiosOfTheirRounds() {
    ClientPage page = new ClientPage(PLACEMENT, ServerPace.even(2), 2);
    page.addPair(build("new"), run(ClientKind.TIMED, 6), build("old"), run(ClientKind.TIMED, 12));
    page.addPair(build("new"), run(ClientKind.TIMED, 8), build("old"), run(ClientKind.TIMED, 8));

    assertThat(page.toString())
        .contains("| tokenTimed, new |", "| tokenTimed, old |")
        // √(0.5 × 1), and t = 12.706 for one degree of freedom, of the mean of −ln 2 and 0
        .contains(
            "- tokenTimed: this build costs 0.707 times as much as the other"
                + " (95 % interval 0.00865–57.8, 2 rounds)");
  }

  @Test
  void ratioOfOneRoundHasNoInterval() {
    CostRatio ratio = new CostRatio();
    ratio.add(3, 4);

    assertThat(ratio.mean()).isCloseTo(0.75, within(1e-9));
    assertThat(ratio.low()).isNaN();
    assertThat(ratio.high()).isNaN();
  }

  /** Processor time of compilers that work for some milliseconds in each second. */
  private static ClientNotes compiling(long... millis) {
    List<Long> nanos = new ArrayList<>(List.of(0L));
    for (long used : millis) {
      nanos.add(nanos.get(nanos.size() - 1) + used * 1_000_000);
    }
    return new ClientNotes(usage(0, 0, 0, 0), usage(0, 0, 0, 0), 0, 0, nanos);
  }

  @Test
  void compilerIsQuietWhenNoTenSecondsAfterwardsHaveTwoPercent() {
    assertThat(compiling(900, 300, 60, 20, 20, 20, 20, 20, 20, 20, 0, 0, 0).compilerQuietAfter())
        .isEqualTo(3);
    assertThat(compiling(0, 0, 0, 0, 0, 0, 0, 0, 0, 199).compilerQuietAfter()).isZero();
    assertThat(compiling(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 200).compilerQuietAfter()).isNaN();
    assertThat(compiling(0, 0, 0).compilerQuietAfter()).isNaN();
  }

  @Test
  void scaleHasATableAndAPageOfCharts(@TempDir Path folder) throws IOException {
    ScalePage page = new ScalePage("a machine", "4G");
    page.add(PLACEMENT, run(ClientKind.TIMED, 6));
    page.writeCharts(folder.resolve("scale.html"));

    assertThat(page.table()).contains("| 2, all processors for both |", " 1.95 |", "a machine");
    assertThat(PageFile.data(folder.resolve("scale.html")).at("/rows/0/metrics/1/mean").asDouble())
        .isEqualTo(2_000 / 1024.0);
  }
}
