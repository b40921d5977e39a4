package dev.gatlingllm.observe.export;

import dev.gatlingllm.metrics.Deployment;
import dev.gatlingllm.metrics.LiveFigures;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.Response.Turn;
import dev.gatlingllm.metrics.ResponseBuilder;
import dev.gatlingllm.metrics.ResponseSink;
import dev.gatlingllm.metrics.RunClock;
import dev.gatlingllm.metrics.TokenRecorder;
import dev.gatlingllm.metrics.Window;
import dev.gatlingllm.observe.export.LiveMetrics.Series;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** Live metrics of responses that a test makes, recorded as in a run. Times are milliseconds. */
final class ExportedResponses {

  static final RunIdentity IDENTITY =
      new RunIdentity(
          "chat-20261127080226017",
          "example.Chat",
          "1.2.3",
          "chat",
          "anthropic",
          Optional.of("llama"),
          Optional.of("llm.example"),
          8000);

  private ExportedResponses() {}

  /** A response of a turn: some chunks at even distances, one token in each. */
  static ResponseBuilder turn(int turn, int group, long written, long ttft, long gap, int chunks) {
    long[] nanos = LongStream.range(0, chunks).map(i -> nanos(written + ttft + i * gap)).toArray();
    long end = nanos.length == 0 ? nanos(written + ttft) : nanos[nanos.length - 1];
    return ResponseBuilder.to("chat", "answer", 1)
        .conversation("c1", group)
        .turn(new Turn(turn, 1, 100, 40, 0, 2))
        .times(written, nanos(written), end)
        .chunks(nanos)
        .ttfo(TimeUnit.MILLISECONDS.toNanos(ttft))
        .scheduleDelay(TimeUnit.MILLISECONDS.toNanos(1))
        .promptTokens(100, turn == 1 ? 0 : 80)
        .output(chunks, OutputTokensSource.USAGE);
  }

  static long nanos(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** Returns the metrics of a run with a warm-up of a second, which begins at 0. */
  static LiveMetrics metrics(Objectives objectives, Response... responses) {
    return metrics(objectives, new LiveFigures(), List.of(responses));
  }

  static LiveMetrics metrics(Objectives objectives, LiveFigures live, List<Response> responses) {
    LiveMetrics metrics = new LiveMetrics(live, objectives);
    Window window = Window.of(Duration.ofSeconds(1), List.of(Duration.ofSeconds(9)));
    try (TokenRecorder recorder =
        TokenRecorder.start(
            window, Objectives.NONE, Deployment.UNKNOWN, List.of(new Sink(metrics)))) {
      recorder.begin(0, 0);
      responses.forEach(recorder::record);
    }
    return metrics;
  }

  private static final class Sink implements ResponseSink {

    private final LiveMetrics metrics;
    private RunClock clock;

    Sink(LiveMetrics metrics) {
      this.metrics = metrics;
    }

    @Override
    public void setClock(RunClock clock) {
      this.clock = clock;
    }

    @Override
    public void accept(Response response, String iteration) {
      metrics.add(response, iteration, clock);
    }
  }

  /**
   * Returns the total, or the number of values, of each series by its labels that are not empty.
   */
  static Map<String, Long> counts(LiveMetrics metrics, ExportedMetric metric) {
    Map<String, Long> counts = new TreeMap<>();
    for (Series series : metrics.snapshot().getOrDefault(metric, List.of())) {
      List<String> labels = new ArrayList<>();
      for (int i = 0; i < metric.labels().size(); i++) {
        if (!series.labels().get(i).isEmpty()) {
          labels.add(metric.labels().get(i).key() + "=" + series.labels().get(i));
        }
      }
      counts.put(
          String.join(" ", labels),
          series.histogram() == null ? series.total() : series.histogram().count());
    }
    return counts;
  }
}
