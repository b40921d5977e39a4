package dev.gatlingllm.gatling;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatlingllm.report.AtomicFile;
import dev.gatlingllm.report.HtmlPage;
import dev.gatlingllm.report.TokensPage;
import io.gatling.charts.util.HtmlHelper.HtmlRichString;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Adds the Tokens tab to the pages of Gatling's report, when Gatling has written them. Gatling has
 * copied the tab's scripts and style into the report by then, as it copies those of every library
 * on the class path.
 */
public final class TokensTab {

  private static final String INDEX = "index.html";
  private static final String REQUESTS = "req_*.html";
  private static final String END = "</body>";

  /** The entry of a page in its own menu. */
  private static final Pattern NAME =
      Pattern.compile(
          "<li[^>]* class=\"on\">.*?class=\"nav-label[^>]*>(.*?)</span>", Pattern.DOTALL);

  private final TokensPage data;

  private TokensTab(TokensPage data) {
    this.data = data;
  }

  /**
   * Adds the tab to the report in a run's folder, if there is one.
   *
   * @param data what the tab shows
   * @return a line that says where the figures are
   * @throws IOException if a page cannot be read or written
   */
  public static String addTo(Path folder, TokensPage data) throws IOException {
    Path index = folder.resolve(INDEX);
    TokensTab tab = new TokensTab(data);
    escapeNames(folder);
    if (!Files.exists(index) || !add(index, tab.data.index())) {
      return "Files of this run: " + folder.toUri();
    }
    tab.addToRequests(folder);
    return "Tokens tab: " + index.toUri() + "#tokens";
  }

  /** Makes the names in the scripts of Gatling's index page safe, if there is a page. */
  static void escapeNames(Path folder) throws IOException {
    Path index = folder.resolve(INDEX);
    if (Files.exists(index)) {
      String html = read(index);
      String safe = ChartNames.escape(html, folder);
      if (!safe.equals(html)) {
        write(index, safe);
      }
    }
  }

  /** Requests of one name may have several pages: one for each Gatling group with it. */
  private void addToRequests(Path folder) throws IOException {
    Map<String, String> names = new HashMap<>();
    for (String name : data.requests()) {
      names.put(new HtmlRichString(name).htmlEscape(), name);
    }
    Map<Path, String> requests = new LinkedHashMap<>();
    Map<String, Integer> pages = new HashMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, REQUESTS)) {
      for (Path file : files) {
        Matcher label = NAME.matcher(read(file));
        String name = label.find() ? names.get(label.group(1)) : null;
        if (name != null) {
          requests.put(file, name);
          pages.merge(name, 1, Integer::sum);
        }
      }
    }
    for (Map.Entry<Path, String> request : requests.entrySet()) {
      String name = request.getValue();
      add(request.getKey(), data.request(name, pages.getOrDefault(name, 1)).orElseThrow());
    }
  }

  /** Adds the tab to a page; returns false if Gatling has not written it to its end. */
  private static boolean add(Path page, String json) throws IOException {
    String html = read(page);
    int end = html.lastIndexOf(END);
    if (end >= 0 && !html.contains(HtmlPage.DATA_TAG)) {
      write(page, html.substring(0, end) + tab(json) + html.substring(end));
    }
    return end >= 0;
  }

  private static String read(Path page) throws IOException {
    return new String(Files.readAllBytes(page), UTF_8);
  }

  private static void write(Path page, String html) throws IOException {
    AtomicFile.write(page, out -> out.write(html.getBytes(UTF_8)));
  }

  /** Installs the tab after Gatling's own scripts, which also wait until the page is loaded. */
  private static String tab(String json) {
    StringBuilder tab = new StringBuilder();
    for (String style : new String[] {"llm-uplot.css", "llm-page.css"}) {
      tab.append(
          "<link href=\"style/%s\" rel=\"stylesheet\" type=\"text/css\">\n".formatted(style));
    }
    tab.append(HtmlPage.DATA_TAG).append(json).append("</script>\n");
    for (String script : HtmlPage.TOKENS.scripts()) {
      tab.append("<script src=\"js/%s\"></script>\n".formatted(script));
    }
    return tab.append("<script>$(document).ready(() => Llm.install());</script>\n").toString();
  }
}
