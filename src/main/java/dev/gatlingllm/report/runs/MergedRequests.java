package dev.gatlingllm.report.runs;

import dev.gatlingllm.report.Json;
import dev.gatlingllm.report.KeptFile;
import dev.gatlingllm.report.RequestLines;
import dev.gatlingllm.report.RequestsFile;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Merges the lines of several runs' {@code requests.jsonl}, in order of completion by one clock.
 * Each line also names its single {@code run}, because users are numbered per run.
 */
final class MergedRequests {

  private MergedRequests() {}

  static void write(List<Source> sources, ClockOffsets clocks, Path folder) throws IOException {
    PriorityQueue<Lines> next = new PriorityQueue<>(Comparator.comparingDouble(Lines::endMillis));
    try (Writer merged = Files.newBufferedWriter(folder.resolve(RequestsFile.FILE_NAME))) {
      for (int i = 0; i < sources.size(); i++) {
        Source source = sources.get(i);
        Path file = source.folder().resolve(RequestsFile.FILE_NAME);
        if (KeptFile.exists(file)) {
          enqueueNext(
              new Lines(file, new RequestLines(file), clocks.aheadMillis(i), suffix(source)), next);
        }
      }
      for (Lines first; (first = next.poll()) != null; ) {
        merged.write(first.line());
        enqueueNext(first, next);
      }
    } finally {
      for (Lines unread : next) {
        unread.lines().close();
      }
    }
  }

  /** Lines of a merged run name theirs already. */
  private static String suffix(Source source) throws IOException {
    return source.info().runs().isEmpty()
        ? ",\"run\":" + Json.FILES.writeValueAsString(source.name()) + "}\n"
        : "}\n";
  }

  private static void enqueueNext(Lines of, PriorityQueue<Lines> queue) throws IOException {
    if (KeptFile.read(of.file(), of.lines()::advance)) {
      queue.add(of);
    } else {
      of.lines().close();
    }
  }

  /**
   * The lines of one run, at one of them.
   *
   * @param aheadMillis how far the clock of its load generator is ahead
   */
  private record Lines(Path file, RequestLines lines, long aheadMillis, String suffix) {

    double endMillis() {
      return lines.endMillis() - aheadMillis;
    }

    /** Returns the line unchanged, with the run added. */
    String line() {
      return lines.text().substring(0, lines.text().length() - 1) + suffix;
    }
  }
}
