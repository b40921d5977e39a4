package dev.gatlingllm.report.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.report.HtmlPage;
import dev.gatlingllm.report.Json;
import dev.gatlingllm.report.KeptFile;
import dev.gatlingllm.report.PageFigure;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code index.html} of a results folder: all its runs with their headline figures, newest first,
 * and a comparison of any two. Safe for threads and for several processes.
 */
public final class RunsIndex {

  static final String FILE_NAME = "index.html";

  /** Older runs are not listed. */
  private static final int MAX_RUNS = 500;

  /** Pages of benchmarks and searches that are listed, the newest ones. */
  private static final int MAX_PAGES = 50;

  /** A page that another version wrote is not taken as the source of an entry. */
  private static final int VERSION = 2;

  /** Figures whose course over the last runs of a simulation is drawn. */
  private static final List<PageFigure> TRENDS =
      Stream.of(
              PageFigure.percentiles(Figure.TTFT, 50, 95),
              PageFigure.percentiles(Figure.TPOT, 50),
              PageFigure.totals(
                  Figure.OUTPUT_TOKENS_PER_SECOND,
                  Figure.CACHE_HIT_PERCENT,
                  Figure.GOODPUT_PERCENT,
                  Figure.FAILED_PERCENT))
          .flatMap(columns -> columns)
          .toList();

  /** Columns of the list. */
  private static final List<PageFigure> LISTED =
      Stream.of(
              Stream.of(new PageFigure(null, "Measured", "s", "run.durationSeconds", null)),
              PageFigure.totals(
                  Figure.REQUESTS, Figure.FAILED_PERCENT, Figure.OUTPUT_TOKENS_PER_SECOND),
              PageFigure.percentiles(Figure.TTFT, 50, 95),
              PageFigure.percentiles(Figure.TPOT, 50, 95),
              PageFigure.percentiles(Figure.E2E, 50, 95),
              PageFigure.totals(Figure.CACHE_HIT_PERCENT, Figure.GOODPUT_PERCENT))
          .flatMap(columns -> columns)
          .toList();

  /** Rows of a comparison. */
  private static final List<PageFigure> COMPARED =
      Stream.of(
              PageFigure.headlines(),
              PageFigure.percentiles(Figure.SCHEDULE_DELAY, 99),
              Stream.of(new PageFigure(null, "Cold TTFT / warm TTFT", "", "speedUp", null)),
              PageFigure.totals(
                  Figure.REQUESTS,
                  Figure.CONVERSATIONS,
                  Figure.TOTAL_INPUT_TOKENS,
                  Figure.TOTAL_OUTPUT_TOKENS,
                  Figure.LENGTH_PERCENT),
              LISTED.stream().limit(1))
          .flatMap(rows -> rows)
          .toList();

  private RunsIndex() {}

  /**
   * Writes the page of the folder in which a run's folder lies.
   *
   * @param runFolder the run's folder, which is read again
   * @throws IOException if the page cannot be written
   * @throws FileAlreadyExistsException if another program's page is there
   */
  public static void update(Path runFolder) throws IOException {
    Path results = runFolder.toAbsolutePath().normalize().getParent();
    if (results != null) {
      updateFolder(results);
    }
  }

  /**
   * Writes the page of a folder of runs.
   *
   * @throws IOException if the page cannot be written
   * @throws FileAlreadyExistsException if another program's page is there
   */
  public static void updateFolder(Path results) throws IOException {
    Path page = results.resolve(FILE_NAME);
    ObjectNode data = Json.FILES.createObjectNode();
    data.put("version", VERSION);
    data.set("trends", Json.FILES.valueToTree(TRENDS));
    data.set("listed", Json.FILES.valueToTree(LISTED));
    data.set("compared", Json.FILES.valueToTree(COMPARED));
    Map<String, ObjectNode> earlier = Files.exists(page) ? entries(page, data) : Map.of();
    ArrayNode runs = data.putArray("runs");
    runs(results, earlier).forEach(run -> runs.add(run.json()));
    ArrayNode pages = data.putArray("pages");
    ResultPages.in(results, MAX_PAGES).forEach(pages::add);
    HtmlPage.RUNS.write(page, data);
  }

  /** Returns the page's entries by folder, which spare reading every run's file again. */
  private static Map<String, ObjectNode> entries(Path page, ObjectNode columns) throws IOException {
    String html = KeptFile.readText(page);
    if (!html.contains(HtmlPage.RUNS.mark())) {
      throw new FileAlreadyExistsException(
          page.toString(), null, "another program's page, which was not changed");
    }
    try {
      return KeptFile.read(page, () -> entries(HtmlPage.dataIn(html), columns));
    } catch (IOException damaged) {
      return Map.of();
    }
  }

  private static Map<String, ObjectNode> entries(JsonNode data, ObjectNode columns) {
    Map<String, ObjectNode> entries = new HashMap<>();
    // another version of this page may have other fields
    if (columns.properties().stream()
        .allMatch(column -> column.getValue().equals(data.get(column.getKey())))) {
      data.path("runs").forEach(run -> entries.put(run.path("folder").asText(), (ObjectNode) run));
    }
    return entries;
  }

  private static List<RunEntry> runs(Path results, Map<String, ObjectNode> earlier)
      throws IOException {
    try (Stream<Path> folders = Files.list(results)) {
      return folders
          .map(folder -> RunEntry.of(folder, earlier.get(folder.getFileName().toString())))
          .flatMap(Optional::stream)
          .sorted(Comparator.comparing(RunEntry::start).reversed())
          .limit(MAX_RUNS)
          .toList();
    }
  }
}
