package dev.gatlingllm.metrics;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.HistogramLogReader;

/** One metric's logs of several load generators as one, in order of the intervals' beginnings. */
final class MergedHistogramLog {

  private MergedHistogramLog() {}

  private record Next(HistogramLogReader log, EncodableHistogram interval) {

    /** Reads on; null at the end. */
    static Next of(HistogramLogReader log) {
      EncodableHistogram interval = log.nextIntervalHistogram();
      return interval == null ? null : new Next(log, interval);
    }

    long startMillis() {
      return interval.getStartTimeStamp();
    }
  }

  static void write(Figure metric, List<Path> logs, Path file) throws IOException {
    PriorityQueue<Next> intervals =
        new PriorityQueue<>(Comparator.comparingLong(Next::startMillis));
    for (Path log : logs) {
      addNext(new HistogramLogReader(log.toFile()), intervals);
    }
    try (HistogramLog merged = new HistogramLog(file)) {
      long base = intervals.isEmpty() ? 0 : intervals.peek().startMillis();
      if (!intervals.isEmpty()) {
        merged.begin(metric, base);
      }
      for (Next next; (next = intervals.poll()) != null; ) {
        double start = (next.startMillis() - base) / 1e3;
        double end = (next.interval().getEndTimeStamp() - base) / 1e3;
        merged.copy(start, end, next.interval());
        addNext(next.log(), intervals);
      }
    }
  }

  private static void addNext(HistogramLogReader log, PriorityQueue<Next> intervals) {
    Next next = Next.of(log);
    if (next == null) {
      log.close();
    } else {
      intervals.add(next);
    }
  }
}
