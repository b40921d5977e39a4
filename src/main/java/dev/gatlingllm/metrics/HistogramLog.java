package dev.gatlingllm.metrics;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;

/**
 * The interval histograms of one figure in HdrHistogram's log format, version 1.3: values in
 * microseconds, the column of maxima in milliseconds. Used by one thread.
 */
final class HistogramLog implements Closeable {

  private static final int SIGNIFICANT_DIGITS = 3;
  private static final double MICROS_PER_MILLI = 1e3;

  private final Path file;
  private final PrintStream out;
  private final HistogramLogWriter writer;
  private final Histogram interval = new Histogram(SIGNIFICANT_DIGITS);

  HistogramLog(Path file) throws IOException {
    this.file = file;
    out = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8);
    writer = new HistogramLogWriter(out);
  }

  /** Writes the header; call it once, before any interval. */
  void begin(Figure figure, long startEpochMillis) {
    writer.outputComment("[" + figure.key() + " of responses in the measured window, us]");
    writer.outputLogFormatVersion();
    writer.outputStartTime(startEpochMillis);
    writer.setBaseTime(startEpochMillis);
    writer.outputBaseTime(startEpochMillis);
    writer.outputLegend();
  }

  void add(double millis) {
    interval.recordValue(Math.round(millis * MICROS_PER_MILLI));
  }

  /** Writes the values since the last call, if there are any. */
  void endInterval(double startSeconds, double endSeconds) throws IOException {
    if (interval.getTotalCount() == 0) {
      return;
    }
    write(startSeconds, endSeconds, interval);
    interval.reset();
  }

  private void write(double startSeconds, double endSeconds, EncodableHistogram histogram)
      throws IOException {
    writer.outputIntervalHistogram(startSeconds, endSeconds, histogram, MICROS_PER_MILLI);
    requireNoError();
  }

  /** A print stream keeps no cause. */
  private void requireNoError() throws IOException {
    if (out.checkError()) {
      throw new IOException(file + " cannot be written");
    }
  }

  /** An interval of a log that is being merged. */
  private record Next(Path file, HistogramLogReader log, EncodableHistogram interval) {

    long startMillis() {
      return interval.getStartTimeStamp();
    }
  }

  /**
   * Merges logs into a file, in order of the starts of their intervals.
   *
   * @return those that end in a damaged line, as that of a killed process may: the merged log has
   *     what comes before it
   */
  static List<Path> merge(Figure figure, List<Path> logs, Path file) throws IOException {
    List<Path> damaged = new ArrayList<>();
    PriorityQueue<Next> queue = new PriorityQueue<>(Comparator.comparingLong(Next::startMillis));
    for (Path log : logs) {
      enqueueNext(log, new HistogramLogReader(log.toFile()), queue, damaged);
    }
    try (HistogramLog merged = new HistogramLog(file)) {
      long base = queue.isEmpty() ? 0 : queue.peek().startMillis();
      if (!queue.isEmpty()) {
        merged.begin(figure, base);
      }
      for (Next next; (next = queue.poll()) != null; ) {
        double start = (next.startMillis() - base) / 1e3;
        double end = (next.interval().getEndTimeStamp() - base) / 1e3;
        merged.write(start, end, next.interval());
        enqueueNext(next.file(), next.log(), queue, damaged);
      }
    }
    return damaged;
  }

  private static void enqueueNext(
      Path file, HistogramLogReader log, PriorityQueue<Next> queue, List<Path> damaged) {
    EncodableHistogram interval = null;
    try {
      interval = log.nextIntervalHistogram();
    } catch (RuntimeException broken) {
      damaged.add(file);
    }
    if (interval == null) {
      log.close();
    } else {
      queue.add(new Next(file, log, interval));
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
    requireNoError();
  }
}
