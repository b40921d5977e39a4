package dev.gatlingllm.report.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.metrics.Accumulators;
import dev.gatlingllm.metrics.RunAccumulator;
import dev.gatlingllm.metrics.ServerClock;
import dev.gatlingllm.metrics.ServerClock.Change;
import dev.gatlingllm.report.Finding;
import dev.gatlingllm.report.Finding.Level;
import dev.gatlingllm.report.Load;
import dev.gatlingllm.report.RunInfo;
import dev.gatlingllm.report.RunInfo.Target;
import dev.gatlingllm.report.StateFile;
import dev.gatlingllm.report.assertion.Assertions;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClockOffsetsTest {

  /** Measured from 2 s to 10 s after its start. */
  private static final RunAccumulator MEASURED =
      Load.recorded(Load.responses(300), response -> true);

  @TempDir Path results;

  /** Creates the run of a load generator that began so many seconds late by its own clock. */
  private static Source run(String name, double late, @Nullable ServerClock clock) {
    return run(name, "http://gpu-box:8000", late, clock);
  }

  private static Source run(String name, String baseUrl, double late, @Nullable ServerClock clock) {
    long start = Load.START_MILLIS + Math.round(1_000 * late);
    RunInfo any = Load.info(Path.of(name));
    RunInfo info =
        new RunInfo(
                any.id(),
                any.simulation(),
                Instant.ofEpochMilli(start),
                any.versions(),
                any.seed(),
                new Target(baseUrl, any.target().model(), any.target().api(), null),
                any.load(),
                any.shard(),
                null,
                Assertions.NONE,
                List.of(),
                List.of())
            .withClock(clock);
    RunAccumulator state = Accumulators.at(start, MEASURED);
    return new Source(String.valueOf(info.id()), Path.of(info.id()), info, state, true);
  }

  /** What a load generator knows that saw two changes of the header to within 4 ms. */
  private static ServerClock ahead(double seconds) {
    long nanos = Math.round(seconds * 1e9);
    long second = Load.START_MILLIS / 1_000 + 3;
    return new ServerClock(
        100,
        -nanos - 2_000_000,
        -nanos + 2_000_000,
        Stream.of(second, second + 1)
            .map(
                changed -> {
                  long at = changed * 1_000_000_000 + nanos;
                  return new Change(changed, at - 2_000_000, at + 2_000_000);
                })
            .toList());
  }

  private List<Finding> merged(Source... sources) throws Exception {
    return Merge.of(List.of(sources)).writeTo(results.resolve("merged")).info().remarks();
  }

  private static List<Finding> ofClocks(List<Finding> findings) {
    return findings.stream().filter(finding -> finding.kind().equals("merged-clocks")).toList();
  }

  @Test
  void tellsHowFarClocksDiffer() throws Exception {
    assertThat(
            ofClocks(
                merged(
                    run("a", 0, ahead(0)),
                    run("b", 2.25, ahead(2.25)),
                    run("c", -1.5, ahead(-1.5)),
                    run("d", 0, ahead(0.001)))))
        .containsExactly(
            new Finding(
                "merged-clocks",
                Level.WARNING,
                "By the Date headers of responses, clocks differ from that of a: b 2,250 ms (± 5.00"
                    + " ms) ahead, c 1,500 ms (± 5.00 ms) behind. The merge moved their windows and"
                    + " timelines by as much. requests.jsonl keeps each load generator's own times,"
                    + " in the order of one clock. Synchronise the clocks."));
  }

  @Test
  void aSmallDifferenceIsNoWarning() throws Exception {
    assertThat(ofClocks(merged(run("a", 0, ahead(0)), run("b", 0, ahead(0.03)))))
        .extracting(Finding::level)
        .containsExactly(Level.NOTE);
  }

  @Test
  void tellsThatClocksMayAgree() throws Exception {
    assertThat(ofClocks(merged(run("a", 0, ahead(0)), run("b", 0, ahead(0.001)))))
        .containsExactly(
            new Finding(
                "merged-clocks",
                Level.NOTE,
                "By the Date headers of responses, the clocks of the load generators may agree:"
                    + " they differ from that of a by 6.00 ms at most."));
  }

  @Test
  void saysNothingWhereNoResponseHadADate() throws Exception {
    assertThat(ofClocks(merged(run("a", 0, null), run("b", 0, null)))).isEmpty();
  }

  @Test
  void namesTheLoadGeneratorsOfWhichNothingIsKnown() throws Exception {
    assertThat(ofClocks(merged(run("a", 0, null), run("b", 0, ahead(0)), run("c", 0, ahead(0)))))
        .last()
        .isEqualTo(
            new Finding(
                "merged-clocks",
                Level.NOTE,
                "Nothing is known of the clocks of these load generators, because responses had no"
                    + " Date header or the headers contradict each other: a."));
  }

  @Test
  void namesAFewOfMany() throws Exception {
    List<Source> sources = new ArrayList<>();
    IntStream.range(0, 12).forEach(i -> sources.add(run("g" + i, i / 10.0, ahead(i / 10.0))));

    assertThat(ofClocks(merged(sources.toArray(Source[]::new))).get(0).text())
        .contains("g11 1,100 ms", "g4 400 ms", "and 3 more")
        .doesNotContain("g3 ");
  }

  @Test
  void mergesRunsThatOnlyTheirClocksPutApart() throws Exception {
    List<Finding> findings = merged(run("a", 0, ahead(0)), run("b", -90, ahead(-90)));

    assertThat(findings).extracting(Finding::kind).doesNotContain("merged-overlap");
    assertThat(findings)
        .filteredOn(finding -> finding.kind().equals("merged"))
        .extracting(Finding::text)
        .singleElement()
        .asString()
        .endsWith("times are moved to one clock.");
    assertThat(StateFile.readHead(results.resolve("merged")).orElseThrow().run().start())
        .isEqualTo(Instant.ofEpochMilli(Load.START_MILLIS));
    assertThat(StateFile.read(results.resolve("merged")).orElseThrow().state())
        .satisfies(
            state ->
                assertThat(state.windowCloseNanos() - state.windowOpenNanos())
                    .as("one window")
                    .isEqualTo(8_000_000_000L));
  }

  @Test
  void warnsOfWindowsThatOnlyTheClocksPutSideBySide() throws Exception {
    assertThat(merged(run("a", 0, ahead(0)), run("b", 0, ahead(-6))))
        .filteredOn(finding -> finding.kind().equals("merged-overlap"))
        .extracting(Finding::text)
        .containsExactly(
            "The load generators measured side by side for only 2.0 s of the 14.0 s from the first"
                + " start to the last end, although their own clocks say otherwise. Rates are over"
                + " all of these seconds, in parts of which the load was smaller.");
  }

  @Test
  void refusesRunsThatTheClocksPutSideBySideByMistake() {
    assertThatThrownBy(() -> merged(run("a", 0, ahead(0)), run("b", 0, ahead(-60))))
        .isInstanceOf(MergeException.class)
        .hasMessage(
            "Cannot merge runs that were not measured at the same time: a until"
                + " 2026-01-02T02:54:15Z, b from 2026-01-02T02:55:07Z, by one clock. Compare them"
                + " in reports/index.html instead");
  }

  @Test
  void replicasAreNotTakenForOneServer() throws Exception {
    Source other = run("b", "http://replica-2:8000", 3, ahead(3));

    assertThat(ofClocks(merged(run("a", 0, ahead(0)), other)).get(0).text())
        .as("each server may send a header that is 1.25 s old")
        .contains("b 3,000 ms (± 1,255 ms) ahead");
  }
}
