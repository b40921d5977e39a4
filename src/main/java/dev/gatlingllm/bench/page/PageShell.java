package dev.gatlingllm.bench.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** What every page has around its content: style, heading and the change of theme. */
final class PageShell {

  private PageShell() {}

  /**
   * Writes a page, over an earlier one.
   *
   * @throws IOException if it cannot be written
   */
  static void write(Path file, String title, String subtitle, Consumer<Markup> content)
      throws IOException {
    Markup page = new Markup().raw("<!DOCTYPE html>\n");
    page.open("html", "lang", "en").open("head");
    page.empty("meta", "charset", "utf-8");
    page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    page.element("title", title);
    page.open("style").raw(resource("page.css")).close().close();
    page.open("body").open("header").open("div");
    page.element("h1", title).element("p", subtitle, "class", "quiet").close();
    page.element("button", "Dark or light", "type", "button").close();
    page.open("main");
    content.accept(page);
    page.close().open("script").raw(resource("page.js")).close().close().close();
    Files.writeString(file, page + "\n");
  }

  /** A table's heads, those of words first. */
  static void heads(Markup page, List<String> words, List<String> numbers) {
    words.forEach(head -> page.element("th", head, "scope", "col", "class", "name"));
    numbers.forEach(head -> page.element("th", head, "scope", "col"));
  }

  /** What the colours and shapes of some charts mean. */
  static void legend(Markup page, List<Chart.Line> lines) {
    page.open("ul", "class", "legend");
    for (Chart.Line line : lines) {
      page.open("li").open("svg", "viewBox", "0 0 14 14", "aria-hidden", "true");
      page.open("g", "class", "look" + line.look());
      Shape.of(line.look()).write(page, 7, 7, 4);
      page.close().close().text(line.name()).close();
    }
    page.close();
  }

  private static String resource(String name) {
    try (InputStream in = PageShell.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
