package dev.gatlingllm.metrics;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code ttft.hlog}, {@code icl.hlog}, {@code tpot.hlog} and {@code e2e.hlog}: interval histograms
 * of the measured window, for any tool that reads HdrHistogram's logs.
 *
 * <p>A line covers a second in which responses ended; the last one also has what responses that end
 * after the window left in it. After each {@value #LINES_BEFORE_DOUBLING} lines the interval
 * doubles, so that a run of days leaves some ten thousand lines.
 */
public final class HistogramLogs implements ResponseSink {

  /** Names of the files in a run's folder. */
  public static final String FILES = "*.hlog";

  private static final List<Figure> LOGGED =
      Figure.headlines().stream().filter(Figure::isDistribution).toList();
  private static final int LINES_BEFORE_DOUBLING = 3_600;

  private final Map<Figure, HistogramLog> logs = new EnumMap<>(Figure.class);
  private @Nullable RunClock clock;

  /** Stays empty: nothing is counted here. */
  private final CountedConversations conversations = new CountedConversations(left -> {});

  private long baseEpochMillis;
  private long intervalMillis = 1_000;
  private long intervalStart;
  private long latest;
  private int intervals;
  private boolean begun;

  /**
   * Creates the files, replacing earlier ones.
   *
   * @param folder the run's folder
   * @throws IOException if a file cannot be created
   */
  public HistogramLogs(Path folder) throws IOException {
    for (Figure figure : LOGGED) {
      logs.put(figure, new HistogramLog(folder.resolve(fileName(figure))));
    }
  }

  /**
   * Merges the logs of several load generators, interval by interval in order of the wall clock. A
   * run without logs is skipped.
   *
   * @param folders folders of the runs
   * @param into another folder
   * @return logs that end in a damaged line, as that of a killed process may: the merged log has
   *     what comes before it
   */
  public static List<Path> merge(List<Path> folders, Path into) throws IOException {
    List<Path> damaged = new ArrayList<>();
    for (Figure figure : LOGGED) {
      List<Path> logs =
          folders.stream()
              .map(folder -> folder.resolve(fileName(figure)))
              .filter(Files::isRegularFile)
              .toList();
      if (!logs.isEmpty()) {
        damaged.addAll(HistogramLog.merge(figure, logs, into.resolve(fileName(figure))));
      }
    }
    return damaged;
  }

  static String fileName(Figure figure) {
    return figure.key() + ".hlog";
  }

  @Override
  public String what() {
    return FILES;
  }

  @Override
  public void setClock(RunClock clock) {
    this.clock = clock;
  }

  /** Adds what of a response lies in the window. */
  @Override
  public void accept(Response response, String iteration) throws IOException {
    RunClock known = requireNonNull(clock, "no clock was set");
    int endedIn = known.window().ofLabel(iteration);
    WindowedResponse windowed =
        WindowedResponse.of(response, endedIn, known, conversations, Objectives.NONE, false, null);
    if (!windowed.touchesSpan()) {
      return;
    }
    if (windowed.isCounted() || !begun) {
      moveTo(response.timing().writtenEpochMillis() + response.timing().e2eNanos() / 1_000_000);
    }
    for (Map.Entry<Figure, HistogramLog> log : logs.entrySet()) {
      log.getKey().samples(windowed, log.getValue());
    }
  }

  /** Opens the interval of a moment; responses end almost in order, so a late one joins it. */
  private void moveTo(long endEpochMillis) throws IOException {
    if (!begun) {
      begun = true;
      baseEpochMillis = endEpochMillis;
      logs.forEach((figure, log) -> log.begin(figure, baseEpochMillis));
    }
    latest = Math.max(latest, endEpochMillis - baseEpochMillis);
    if (latest < intervalStart + intervalMillis) {
      return;
    }
    endInterval(intervalStart + intervalMillis);
    intervalStart = latest - (latest - intervalStart) % intervalMillis;
    if (++intervals % LINES_BEFORE_DOUBLING == 0) {
      intervalMillis *= 2;
    }
  }

  private void endInterval(long end) throws IOException {
    for (HistogramLog log : logs.values()) {
      log.endInterval(intervalStart, end);
    }
  }

  /** Writes the last interval. */
  @Override
  public void close() throws IOException {
    IOException failure = null;
    try {
      endInterval(Math.max(latest, intervalStart + 1));
    } catch (IOException e) {
      failure = e;
    }
    for (HistogramLog log : logs.values()) {
      try {
        log.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
