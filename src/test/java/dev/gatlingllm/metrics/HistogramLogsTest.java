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

  private HistogramLogs logs(Window window) throws IOException {
    RunClock clock = new RunClock(window);
    clock.begin(TestResponse.ORIGIN, 0);
    HistogramLogs logs = new HistogramLogs(folder);
    logs.setClock(clock);
    return logs;
  }

  @Test
  void intervalsAddUpToTheRun() throws IOException {
    Random random = new Random(3);
    List<Response> responses = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      double written = i * 20;
      double ttft = 50 + 400 * random.nextDouble();
      responses.add(
          TestResponse.streamed(written, written + ttft, written + ttft + 30, written + ttft + 75)
              .build());
    }
    try (HistogramLogs logs = logs(Window.openEnded(Duration.ZERO))) {
      for (Response response : responses) {
        logs.accept(response, "1");
      }
    }
    ScopeSummary run = Runs.of(Window.openEnded(Duration.ZERO), responses).overall();

    for (Figure metric : List.of(Figure.TTFT, Figure.ICL, Figure.TPOT, Figure.E2E)) {
      Histogram sum = sum(read(metric.key() + ".hlog"));
      Summary summary = run.metrics().get(metric);
      assertThat(sum.getTotalCount()).isEqualTo(summary.count());
      assertThat(sum.getValueAtPercentile(99) / 1e3)
          .as("by nearest rank, which is as good as the estimator for 500 samples and more")
          .isCloseTo(summary.p99(), within(summary.p99() * 5e-3));
      assertThat(sum.getMean() / 1e3).isCloseTo(summary.mean(), within(summary.mean() * 2e-3));
    }
  }

  @Test
  void lateResponseJoinsTheOpenInterval() throws IOException {
    try (HistogramLogs logs = logs(Window.openEnded(Duration.ZERO))) {
      logs.accept(TestResponse.streamed(10_000, 10_500).build(), "1");
      logs.accept(TestResponse.streamed(11_000, 11_400).build(), "1");
      logs.accept(TestResponse.streamed(14_000, 14_600).build(), "1");
      logs.accept(TestResponse.streamed(14_000, 14_450).build(), "1");
    }

    List<Histogram> lines = read("ttft.hlog");
    assertThat(lines).extracting(Histogram::getTotalCount).containsExactly(2L, 2L);
    assertThat(lines.get(0).getStartTimeStamp()).isEqualTo(10_500);
    assertThat(lines.get(0).getEndTimeStamp()).isEqualTo(11_500);
    assertThat(lines.get(1).getStartTimeStamp()).isEqualTo(14_500);
    assertThat(read("icl.hlog")).as("responses of one chunk").isEmpty();
  }

  @Test
  void leavesOutWarmUpAndDrain() throws IOException {
    try (HistogramLogs logs = logs(Runs.seconds(1, 1, 1))) {
      logs.accept(TestResponse.streamed(0, 1).build(), "warmup");
      logs.accept(TestResponse.streamed(1_000, 1_002).build(), "1");
      logs.accept(TestResponse.streamed(2_000, 2_003).build(), "2");
      logs.accept(TestResponse.streamed(3_000, 3_004).build(), "drain");
      logs.accept(TestResponse.streamed(1_000, 1_005).failed("truncated", null).build(), "1");
    }

    assertThat(sum(read("e2e.hlog")).getTotalCount()).isEqualTo(2);
    assertThat(Files.readString(folder.resolve("e2e.hlog")))
        .startsWith("#[e2e of responses in the measured window, us]")
        .contains("Histogram log format version 1.3")
        .as("maxima are milliseconds")
        .containsPattern("\\n0\\.000,\\d\\.\\d{3},2\\.\\d{3},");
  }

  @Test
  void intervalsGrowInALongRun() throws IOException {
    try (HistogramLogs logs = logs(Window.openEnded(Duration.ZERO))) {
      for (int second = 0; second < 4 * 3_600; second++) {
        logs.accept(TestResponse.streamed(second * 1_000.0, second * 1_000.0 + 5).build(), "1");
      }
    }

    List<Histogram> lines = read("e2e.hlog");
    assertThat(lines).hasSize(3_600 + 3_600 + 900);
    assertThat(sum(lines).getTotalCount()).isEqualTo(4 * 3_600);
  }

  @Test
  void runWithoutResponsesLeavesEmptyLogs() throws IOException {
    new HistogramLogs(folder).close();

    assertThat(read("ttft.hlog")).isEmpty();
  }
}
