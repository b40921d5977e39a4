package dev.gatlingllm.report.runs;

import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.report.HtmlPage;
import dev.gatlingllm.report.PageFigure;
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

  /** Columns of the list. */
  private static final List<PageFigure> LISTED =
      Stream.of(
              Stream.of(new PageFigure(null, "Measured", "s", "run.durationSeconds", null)),
              PageFigure.totals(Figure.REQUESTS, Figure.FAILURES, Figure.OUTPUT_TOKENS_PER_SECOND),
              PageFigure.percentiles(Figure.TTFT, 50, 95),
              PageFigure.percentiles(Figure.TPOT, 50, 95),
              PageFigure.percentiles(Figure.E2E, 50, 95),
              PageFigure.totals(Figure.CACHE_HIT_PERCENT, Figure.GOODPUT_PERCENT))
          .flatMap(columns -> columns)
          .toList();

  /** Rows of a comparison. */
  private static final List<PageFigure> COMPARED =
      Stream.of(
              PageFigure.headlines().stream(),
              PageFigure.percentiles(Figure.SCHEDULE_DELAY, 99),
              Stream.of(new PageFigure(null, "Cold TTFT / warm TTFT", "", "speedUp", null)),
              PageFigure.totals(
                  Figure.REQUESTS, Figure.TOTAL_INPUT_TOKENS, Figure.TOTAL_OUTPUT_TOKENS),
              LISTED.stream().limit(1))
          .flatMap(rows -> rows)
          .toList();

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
        Map.of(
            "listed",
            LISTED,
            "compared",
            COMPARED,
            "runs",
            runs(results).stream().map(RunEntry::json).toList()));
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
