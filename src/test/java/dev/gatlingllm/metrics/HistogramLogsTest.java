package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistogramLogsTest {

  @TempDir Path folder;

  private List<Histogram> read(String file) throws IOException {
    List<Histogram> intervals = new ArrayList<>();
    HistogramLogReader reader = new HistogramLogReader(new File(folder.toFile(), file));
    for (EncodableHistogram next; (next = reader.nextIntervalHistogram()) != null; ) {
      intervals.add((Histogram) next);
    }
    reader.close();
    return intervals;
  }

  private static Histogram sum(List<Histogram> intervals) {
    Histogram sum = new Histogram(3);
    intervals.forEach(sum::add);
    return sum;
  }

  @Test
  void theirSumIsTheRun() throws IOException {
    Random random = new Random(3);
    List<Response> replies = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      double written = i * 20;
      double ttft = 50 + 400 * random.nextDouble();
      replies.add(
          Reply.streamed(written, written + ttft, written + ttft + 30, written + ttft + 75)
              .measured());
    }
    try (HistogramLogs logs = new HistogramLogs(folder)) {
      for (Response reply : replies) {
        logs.accept(reply, "1");
      }
    }
    ScopeSummary run = Runs.of(Window.openEnded(Duration.ZERO), replies).overall();

    for (Figure metric : List.of(Figure.TTFT, Figure.ICL, Figure.TPOT, Figure.E2E)) {
      Histogram sum = sum(read(metric.key() + ".hlog"));
      Summary summary = run.metrics().get(metric);
      assertThat(sum.getTotalCount()).isEqualTo(summary.count());
      assertThat(sum.getValueAtPercentile(99) / 1e3)
          .isCloseTo(summary.p99(), within(summary.p99() * 2e-3));
      assertThat(sum.getMean() / 1e3).isCloseTo(summary.mean(), within(summary.mean() * 2e-3));
    }
  }

  @Test
  void aLineCoversASecondAndAStragglerJoinsTheOneThatIsOpen() throws IOException {
    try (HistogramLogs logs = new HistogramLogs(folder)) {
      logs.accept(Reply.streamed(10_000, 10_500).measured(), "1");
      logs.accept(Reply.streamed(11_000, 11_400).measured(), "1");
      logs.accept(Reply.streamed(14_000, 14_600).measured(), "1");
      logs.accept(Reply.streamed(14_000, 14_450).measured(), "1");
    }

    List<Histogram> lines = read("ttft.hlog");
    assertThat(lines).extracting(Histogram::getTotalCount).containsExactly(2L, 2L);
    assertThat(lines.get(0).getStartTimeStamp()).isEqualTo(10_500);
    assertThat(lines.get(0).getEndTimeStamp()).isEqualTo(11_500);
    assertThat(lines.get(1).getStartTimeStamp()).isEqualTo(14_500);
    assertThat(read("icl.hlog")).as("replies of one chunk").isEmpty();
  }

  @Test
  void warmUpAndDrainStayOut() throws IOException {
    try (HistogramLogs logs = new HistogramLogs(folder)) {
      logs.accept(Reply.streamed(0, 1).measured(), "warmup");
      logs.accept(Reply.streamed(0, 2).measured(), "1");
      logs.accept(Reply.streamed(0, 3).measured(), "2");
      logs.accept(Reply.streamed(0, 4).measured(), "drain");
      logs.accept(Reply.streamed(0, 5).failed("truncated", null).measured(), "1");
    }

    assertThat(sum(read("e2e.hlog")).getTotalCount()).isEqualTo(2);
    assertThat(Files.readString(folder.resolve("e2e.hlog")))
        .startsWith("#[e2e of good replies in the measured window, us]")
        .contains("Histogram log format version 1.3")
        .as("maxima are milliseconds")
        .containsPattern("\\n0\\.000,\\d\\.\\d{3},3\\.\\d{3},");
  }

  @Test
  void spansGrowSoThatALongRunStaysSmall() throws IOException {
    try (HistogramLogs logs = new HistogramLogs(folder)) {
      for (int second = 0; second < 4 * 3_600; second++) {
        logs.accept(Reply.streamed(second * 1_000.0, second * 1_000.0 + 5).measured(), "1");
      }
    }

    List<Histogram> lines = read("e2e.hlog");
    assertThat(lines).hasSize(3_600 + 3_600 + 900);
    assertThat(sum(lines).getTotalCount()).isEqualTo(4 * 3_600);
  }

  @Test
  void aRunWithoutRepliesLeavesLogsWithoutLines() throws IOException {
    new HistogramLogs(folder).close();

    assertThat(read("ttft.hlog")).isEmpty();
  }
}
