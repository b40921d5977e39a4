package dev.gatlingllm.report.runs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.report.InlineJsonEscapes;
import dev.gatlingllm.report.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code index.html} of a results folder: all its runs with their headline figures, newest first,
 * and any two of them side by side. One file that needs nothing else. Any thread may call it, and
 * any process: a reader sees one whole page or the other.
 */
public final class RunsIndex {

  static final String FILE_NAME = "index.html";

  /** By which a page is known as ours. */
  private static final String MARK = "<meta name=\"generator\" content=\"gatling-llm runs\">";

  /** The newest ones; a page of more is for nobody. */
  private static final int MAX_RUNS = 500;

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
    if (Files.exists(page) && !Files.readString(page).contains(MARK)) {
      throw new IOException(page + " is no list of runs of ours and was left as it is");
    }
    String html =
        resource("index.html")
            .replace("%STYLE%", resource("index.css"))
            .replace("%SCRIPT%", resource("index.js"))
            .replace("%DATA%", data(results));
    WholeFile.write(page, file -> file.write(html.getBytes(StandardCharsets.UTF_8)));
  }

  private static String resource(String name) throws IOException {
    try (InputStream resource = RunsIndex.class.getResourceAsStream(name)) {
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String data(Path results) throws IOException {
    JsonFactory factory = new JsonFactory().setCharacterEscapes(new InlineJsonEscapes());
    ObjectMapper json = new ObjectMapper(factory);
    ObjectNode data = json.createObjectNode();
    ArrayNode runs = data.putArray("runs");
    for (RunEntry run : runs(results)) {
      runs.add(run.json());
    }
    return json.writeValueAsString(data);
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
