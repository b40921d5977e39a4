package dev.gatlingllm.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The pages that JavaScript draws from data. Each is one file that holds its data, scripts and
 * style, loads nothing and works from a disk. The same scripts draw the Tokens tab.
 */
public enum HtmlPage {
  /** The list of runs. */
  RUNS("Runs", "table", "runs"),
  /** The Tokens tab without Gatling's report around it. */
  TOKENS(
      "Run",
      "uplot",
      "table",
      "plot",
      "drawn",
      "objectives",
      "figures",
      "percentiles",
      "time-charts",
      "server",
      "turn-charts",
      "answers",
      "lanes",
      "histogram",
      "tables",
      "tokens"),
  /** The results of a benchmark. */
  MATRIX("Benchmarks", "uplot", "table", "plot", "means", "pareto", "matrix"),
  /** The results of a search. */
  SEARCH("Search", "uplot", "table", "plot", "means", "pareto", "search");

  /** Begins the data in the markup of a page. */
  public static final String DATA_TAG = "<script type=\"application/json\" id=\"llm-data\">";

  private static final String ASSETS = "/io/gatling/charts/assets/";

  private final String title;
  private final List<String> scripts = new ArrayList<>(List.of("llm-format.js", "llm-page.js"));

  HtmlPage(String title, String... scripts) {
    this.title = title;
    for (String script : scripts) {
      this.scripts.add("llm-" + script + ".js");
    }
  }

  /** Names of the page's scripts, in the order in which they must be loaded. */
  public List<String> scripts() {
    return List.copyOf(scripts);
  }

  /** The tag by which a file is recognised as such a page. */
  public String mark() {
    return "<meta name=\"generator\" content=\"gatling-llm " + key() + "\">";
  }

  private String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Writes the page, replacing an earlier one.
   *
   * @param data what the page shows, as Jackson can serialise it
   * @throws IOException if the file cannot be written
   */
  public void write(Path file, Object data) throws IOException {
    writeJson(file, Json.inPage(Json.EXACT, data));
  }

  void writeJson(Path file, String data) throws IOException {
    StringBuilder script = new StringBuilder();
    for (String name : scripts) {
      script.append(resource("js/" + name)).append('\n');
    }
    String page =
        """
        <!doctype html>
        <html lang="en" class="llm-page">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        %s
        <title>%s</title>
        <style>
        %s%s</style>
        </head>
        <body>
        <p id="llm-unscripted">A script draws this page, but this browser, or a Content-Security-Policy
        of the web server, does not let it run.</p>
        %s%s</script>
        <script>
        %sLlm.%sPage();
        </script>
        </body>
        </html>
        """
            .formatted(
                mark(),
                title,
                scripts.contains("llm-uplot.js") ? resource("style/llm-uplot.css") : "",
                resource("style/llm-page.css"),
                DATA_TAG,
                data,
                script,
                key());
    AtomicFile.write(file, page);
  }

  /**
   * Returns the data in a page's markup; missing if there is none.
   *
   * @throws IOException if the data is not JSON
   */
  public static JsonNode dataIn(String page) throws IOException {
    int start = page.indexOf(DATA_TAG);
    return start < 0
        ? MissingNode.getInstance()
        : Json.FILES.readTree(
            page.substring(start + DATA_TAG.length(), page.indexOf("</script>", start)));
  }

  private static String resource(String name) throws IOException {
    try (InputStream resource = HtmlPage.class.getResourceAsStream(ASSETS + name)) {
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
