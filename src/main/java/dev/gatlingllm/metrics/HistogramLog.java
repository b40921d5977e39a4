package dev.gatlingllm.metrics;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * One metric's interval histograms in HdrHistogram's log format, version 1.3: values in
 * microseconds, the column of maxima in milliseconds. Not safe for threads.
 */
final class HistogramLog implements Closeable {

  private static final int SIGNIFICANT_DIGITS = 3;
  private static final double MICROS_PER_MILLI = 1e3;

  private final PrintStream out;
  private final HistogramLogWriter writer;
  private final Histogram interval = new Histogram(SIGNIFICANT_DIGITS);

  HistogramLog(Path file) throws IOException {
    out = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8);
    writer = new HistogramLogWriter(out);
  }

  /** Writes the head; once, before any interval. */
  void begin(Figure metric, long startEpochMillis) {
    writer.outputComment("[" + metric.key() + " of good replies in the measured window, us]");
    writer.outputLogFormatVersion();
    writer.outputStartTime(startEpochMillis);
    writer.setBaseTime(startEpochMillis);
    writer.outputBaseTime(startEpochMillis);
    writer.outputLegend();
  }

  void add(double millis) {
    interval.recordValue(Math.round(millis * MICROS_PER_MILLI));
  }

  /** Writes what was added since the last call, if anything was, and hands it to the system. */
  void endInterval(double startSeconds, double endSeconds) throws IOException {
    if (interval.getTotalCount() == 0) {
      return;
    }
    writer.outputIntervalHistogram(startSeconds, endSeconds, interval, MICROS_PER_MILLI);
    interval.reset();
    if (out.checkError()) {
      throw new IOException("the disk takes no more");
    }
  }

  /** Writes an interval of another log. */
  void copy(double startSeconds, double endSeconds, EncodableHistogram other) throws IOException {
    writer.outputIntervalHistogram(startSeconds, endSeconds, other, MICROS_PER_MILLI);
    if (out.checkError()) {
      throw new IOException("the disk takes no more");
    }
  }

  @Override
  public void close() {
    out.close();
  }
}
