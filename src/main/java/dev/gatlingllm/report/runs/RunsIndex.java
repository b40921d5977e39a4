package dev.gatlingllm.report.runs;

import dev.gatlingllm.report.HtmlPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code index.html} of a results folder: all its runs with their headline figures, newest first,
 * and any two of them side by side. One file that needs nothing else. Any thread may call it, and
 * any process: a reader sees one whole page or the other.
 */
public final class RunsIndex {

  static final String FILE_NAME = "index.html";

  /** The newest ones; a page of more is for nobody. */
  private static final int MAX_RUNS = 500;

  /** A figure of two runs that the page compares; {@code better} is "more", "less" or null. */
  private record Compared(String name, String unit, String path, String better) {}

  private static final List<Compared> FIGURES =
      List.of(
          new Compared("Output tokens/s", null, "totals.outputTokensPerSecond", "more"),
          new Compared("Requests/s", null, "totals.requestsPerSecond", "more"),
          new Compared("Input tokens/s", null, "totals.inputTokensPerSecond", null),
          new Compared("TTFT p50", "ms", "metrics.ttft.p50", "less"),
          new Compared("TTFT p95", "ms", "metrics.ttft.p95", "less"),
          new Compared("TTFT p99", "ms", "metrics.ttft.p99", "less"),
          new Compared("ICL p50", "ms", "metrics.icl.p50", "less"),
          new Compared("ICL p99", "ms", "metrics.icl.p99", "less"),
          new Compared("TPOT p50", "ms", "metrics.tpot.p50", "less"),
          new Compared("TPOT p95", "ms", "metrics.tpot.p95", "less"),
          new Compared("E2E p50", "ms", "metrics.e2e.p50", "less"),
          new Compared("E2E p95", "ms", "metrics.e2e.p95", "less"),
          new Compared("Schedule delay p99", "ms", "metrics.scheduleDelay.p99", "less"),
          new Compared("Cache hit", "%", "totals.cacheHitPercent", "more"),
          new Compared("Goodput", "%", "totals.goodput.percent", "more"),
          new Compared("Failed requests", "%", "failedPercent", "less"),
          new Compared("Cold TTFT / warm TTFT", null, "speedUp", null),
          new Compared("Requests", null, "totals.requests", null),
          new Compared("Input tokens", null, "totals.inputTokens", null),
          new Compared("Output tokens", null, "totals.outputTokens", null),
          new Compared("Measured", "s", "run.durationSeconds", null));

  private RunsIndex() {}

  /**
   * Writes the page of the folder in which a run's folder lies.
   *
   * @param runFolder the run's folder, itself listed as it is now
   * @throws IOException when it cannot be written, or a page of somebody else's is there
   */
  public static void update(Path runFolder) throws IOException {
    Path results = runFolder.toAbsolutePath().normalize().getParent();
    if (results == null) {
      return;
    }
    Path page = results.resolve(FILE_NAME);
    if (Files.exists(page) && !Files.readString(page).contains(HtmlPage.RUNS.mark())) {
      throw new IOException(page + " is no list of runs of ours and was left as it is");
    }
    HtmlPage.RUNS.write(
        page,
        Map.of("figures", FIGURES, "runs", runs(results).stream().map(RunEntry::json).toList()));
  }

  private static List<RunEntry> runs(Path results) throws IOException {
    try (Stream<Path> folders = Files.list(results)) {
      return folders
          .map(RunEntry::of)
          .flatMap(Optional::stream)
          .sorted(Comparator.comparing(RunEntry::start).reversed())
          .limit(MAX_RUNS)
          .toList();
    }
  }
}
