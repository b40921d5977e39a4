package dev.gatlingllm.bench.page;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes HTML and SVG, element by element; every text and every attribute is escaped. Not safe for
 * threads.
 */
final class Markup {

  private final StringBuilder text = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /**
   * Opens an element.
   *
   * @param attributes names and values in turn
   */
  Markup open(String element, Object... attributes) {
    start(element, attributes);
    text.append('>');
    open.push(element);
    return this;
  }

  /** Closes the element that was opened last. */
  Markup close() {
    text.append("</").append(open.pop()).append('>');
    if (open.size() < 4) {
      text.append('\n');
    }
    return this;
  }

  /** An element that holds a text alone. */
  Markup element(String element, String content, Object... attributes) {
    return open(element, attributes).text(content).close();
  }

  /** An element of SVG or HTML that holds nothing. */
  Markup empty(String element, Object... attributes) {
    start(element, attributes);
    text.append("/>");
    return this;
  }

  private void start(String element, Object... attributes) {
    text.append('<').append(element);
    for (int i = 0; i < attributes.length; i += 2) {
      text.append(' ').append(attributes[i]).append("=\"");
      text(String.valueOf(attributes[i + 1]));
      text.append('"');
    }
  }

  /** Data, of which nothing becomes markup. */
  Markup text(String data) {
    data.codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '&' -> text.append("&amp;");
                case '<' -> text.append("&lt;");
                case '>' -> text.append("&gt;");
                case '"' -> text.append("&quot;");
                case '\'' -> text.append("&#39;");
                default -> text.appendCodePoint(isAllowed(point) ? point : '\uFFFD');
              }
            });
    return this;
  }

  /** Text of ours that is already markup, a style or a script. */
  Markup raw(String markup) {
    text.append(markup);
    return this;
  }

  private static boolean isAllowed(int point) {
    return point >= ' ' && point != 0x7F || point == '\n' || point == '\t';
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
