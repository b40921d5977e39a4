package dev.gatlingllm.metrics;

import dev.gatlingllm.text.Numbers;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.function.DoubleConsumer;
import java.util.zip.Deflater;
import org.HdrHistogram.HistogramLogWriter;

/**
 * The interval histograms of one figure in HdrHistogram's log format, version 1.3: values in
 * microseconds, the column of maxima in milliseconds. Used by one thread.
 */
final class HistogramLog implements DoubleConsumer, Closeable {

  private static final int SIGNIFICANT_DIGITS = 3;
  private static final double MICROS_PER_MILLI = 1e3;

  private final Path file;
  private final PrintStream out;
  private final HistogramLogWriter writer;
  private final BucketCounts interval = BucketCounts.dense(SIGNIFICANT_DIGITS);
  private final Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);

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

  @Override
  public void accept(double millis) {
    interval.add(Math.round(millis * MICROS_PER_MILLI));
  }

  /**
   * Writes the values since the last call, if there are any.
   *
   * @param startMillis since the start in the header
   */
  void endInterval(long startMillis, long endMillis) throws IOException {
    if (interval.total() == 0) {
      return;
    }
    byte[] compressed = HistogramEncoding.compressed(interval, deflater);
    out.append(Numbers.thousandths(startMillis))
        .append(',')
        .append(Numbers.thousandths(endMillis - startMillis))
        .append(',')
        .append(Numbers.thousandths(interval.max()))
        .append(',')
        .append(Base64.getEncoder().encodeToString(compressed))
        .append('\n');
    requireNoError();
    interval.clear();
  }

  /** A print stream keeps no cause. */
  private void requireNoError() throws IOException {
    if (out.checkError()) {
      throw new IOException(file + " cannot be written");
    }
  }

  /** A log that is being merged, at one of its intervals. */
  private static final class Part {

    private static final String BASE = "#[BaseTime: ";

    private final Path file;
    private final BufferedReader lines;
    private double baseSeconds;
    private double startSeconds;
    private String rest = "";

    Part(Path file) throws IOException {
      this.file = file;
      lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1);
    }

    /** Returns the start of the interval in seconds since the epoch. */
    double startSeconds() {
      return startSeconds;
    }

    /**
     * Goes to the next interval; returns whether there is one.
     *
     * @throws RuntimeException if the next line is damaged
     */
    boolean advance() throws IOException {
      for (String line; (line = lines.readLine()) != null; ) {
        if (line.startsWith(BASE)) {
          int end = line.indexOf(' ', BASE.length());
          baseSeconds = Double.parseDouble(line.substring(BASE.length(), end));
        } else if (!line.startsWith("#") && !line.startsWith("\"")) {
          int comma = line.indexOf(',');
          startSeconds = baseSeconds + Double.parseDouble(line.substring(0, comma));
          rest = line.substring(comma);
          byte[] histogram = Base64.getDecoder().decode(line.substring(line.lastIndexOf(',') + 1));
          HistogramEncoding.decompressed(histogram, SIGNIFICANT_DIGITS);
          return true;
        }
      }
      return false;
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
    PriorityQueue<Part> queue = new PriorityQueue<>(Comparator.comparingDouble(Part::startSeconds));
    for (Path log : logs) {
      enqueueNext(new Part(log), queue, damaged);
    }
    try (HistogramLog merged = new HistogramLog(file)) {
      if (!queue.isEmpty()) {
        long base = Math.round(queue.peek().startSeconds() * 1e3);
        merged.begin(figure, base);
        for (Part next; (next = queue.poll()) != null; ) {
          merged.out.printf(Locale.ROOT, "%.3f%s\n", next.startSeconds() - base / 1e3, next.rest);
          enqueueNext(next, queue, damaged);
        }
      }
    }
    return damaged;
  }

  private static void enqueueNext(Part part, PriorityQueue<Part> queue, List<Path> damaged)
      throws IOException {
    boolean hasNext = false;
    try {
      hasNext = part.advance();
    } catch (RuntimeException broken) {
      damaged.add(part.file);
    }
    if (hasNext) {
      queue.add(part);
    } else {
      part.lines.close();
    }
  }

  @Override
  public void close() throws IOException {
    deflater.end();
    out.close();
    requireNoError();
  }
}
