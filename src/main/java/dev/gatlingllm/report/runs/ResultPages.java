package dev.gatlingllm.report.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.report.HtmlPage;
import dev.gatlingllm.report.Json;
import dev.gatlingllm.report.KeptFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The pages of benchmarks and searches in a folder of runs, as the list of runs links them. A page
 * that cannot be read is left out.
 */
final class ResultPages {

  private static final int MAX_TEXT = 1_000;

  private ResultPages() {}

  /**
   * Returns a description of each page, the newest ones first: its file, kind ({@code scores} or
   * {@code search}), title, a sentence about its result, and the folders of the runs that it links.
   *
   * @param most pages to return
   */
  static List<ObjectNode> in(Path results, int most) throws IOException {
    try (Stream<Path> files = Files.list(results)) {
      return files
          .filter(file -> file.toString().endsWith(".html") && KeptFile.exists(file))
          .filter(file -> !file.getFileName().toString().equals(RunsIndex.FILE_NAME))
          .sorted(Comparator.comparing((Path file) -> file.toFile().lastModified()).reversed())
          .map(ResultPages::described)
          .flatMap(Optional::stream)
          .limit(most)
          .toList();
    }
  }

  private static Optional<ObjectNode> described(Path file) {
    try {
      return KeptFile.read(file, () -> described(file, KeptFile.readText(file)));
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private static Optional<ObjectNode> described(Path file, String html) throws IOException {
    ObjectNode json = Json.FILES.createObjectNode();
    json.put("file", file.getFileName().toString());
    json.put("written", Instant.ofEpochMilli(file.toFile().lastModified()).toString());
    if (html.contains(HtmlPage.MATRIX.mark())) {
      JsonNode data = HtmlPage.dataIn(html);
      String benchmarks =
          stream(data.path("rows"))
              .map(row -> row.path("benchmark").asText())
              .distinct()
              .collect(Collectors.joining(", "));
      json.put("kind", "scores").put("title", shortened(benchmarks));
      json.put("text", shortened(data.path("subtitle").asText()));
      var folders = json.putArray("folders");
      stream(data.path("rows"))
          .flatMap(row -> stream(row.path("reports")))
          .map(link -> link.asText().replaceFirst("/index\\.html$", ""))
          .forEach(folders::add);
      return Optional.of(json);
    }
    if (html.contains(HtmlPage.SEARCH.mark())) {
      JsonNode data = HtmlPage.dataIn(html);
      json.put("kind", "search");
      json.put("title", shortened("Limit of " + data.path("parameter").asText()));
      json.put("text", shortened(data.path("summary").asText()));
      return Optional.of(json);
    }
    return Optional.empty();
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static String shortened(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }
}
