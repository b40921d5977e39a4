package dev.gatlingllm.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * {@code ttft.hlog}, {@code icl.hlog}, {@code tpot.hlog} and {@code e2e.hlog}: histograms of the
 * measured window for every tool that reads HdrHistogram's logs, and to be added up over several
 * load generators.
 *
 * <p>A line covers a second in which replies ended. After each {@value #LINES_BEFORE_DOUBLING}
 * spans they become twice as long, so that a run of days leaves some ten thousand lines.
 */
public final class HistogramLogs implements ResponseSink {

  private static final List<Figure> LOGGED =
      Figure.headlines().stream().filter(Figure::isDistribution).toList();
  private static final int LINES_BEFORE_DOUBLING = 3_600;

  private final Map<Figure, HistogramLog> logs = new EnumMap<>(Figure.class);
  private long baseEpochMillis;
  private long spanMillis = 1_000;
  private long spanStart;
  private long latest;
  private int spans;
  private boolean begun;

  /**
   * Starts the files, over earlier ones.
   *
   * @param folder the run's folder
   * @throws IOException when a file cannot be made
   */
  public HistogramLogs(Path folder) throws IOException {
    for (Figure metric : LOGGED) {
      logs.put(metric, new HistogramLog(folder.resolve(fileName(metric))));
    }
  }

  /**
   * Writes the logs of several load generators as one, interval by interval in order of the wall
   * clock. Where one has no such file, it is left out.
   *
   * @param folders of the runs
   * @param into another folder
   */
  public static void merge(List<Path> folders, Path into) throws IOException {
    for (Figure metric : LOGGED) {
      List<Path> logs =
          folders.stream()
              .map(folder -> folder.resolve(fileName(metric)))
              .filter(Files::exists)
              .toList();
      if (!logs.isEmpty()) {
        MergedHistogramLog.write(metric, logs, into.resolve(fileName(metric)));
      }
    }
  }

  static String fileName(Figure metric) {
    return metric.key() + ".hlog";
  }

  /** Adds a response of the window. */
  @Override
  public void accept(Response response, String iteration) throws IOException {
    if (!Window.isMeasured(iteration)) {
      return;
    }
    moveTo(response.timing().writtenEpochMillis() + response.timing().e2eNanos() / 1_000_000);
    logs.forEach((figure, log) -> figure.samples(response, log::add));
  }

  /** Replies of several users end almost in order; a straggler joins the span that is open. */
  private void moveTo(long endEpochMillis) throws IOException {
    if (!begun) {
      begun = true;
      baseEpochMillis = endEpochMillis;
      logs.forEach((metric, log) -> log.begin(metric, baseEpochMillis));
    }
    latest = Math.max(latest, endEpochMillis - baseEpochMillis);
    if (latest < spanStart + spanMillis) {
      return;
    }
    endSpan(spanStart + spanMillis);
    spanStart = latest - (latest - spanStart) % spanMillis;
    if (++spans % LINES_BEFORE_DOUBLING == 0) {
      spanMillis *= 2;
    }
  }

  private void endSpan(long end) throws IOException {
    for (HistogramLog log : logs.values()) {
      log.endInterval(spanStart / 1e3, end / 1e3);
    }
  }

  /** Writes the last span. */
  @Override
  public void close() throws IOException {
    try {
      endSpan(Math.max(latest, spanStart + 1));
    } finally {
      logs.values().forEach(HistogramLog::close);
    }
  }
}
