package dev.gatlingllm.gatling;

import io.gatling.charts.util.HtmlHelper.HtmlRichString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Escapes names of requests and scenarios in the scripts of Gatling's index page. Gatling's charts
 * write names into strings of JavaScript and escape nothing but apostrophes, so a name made of a
 * server's words, or in a log that somebody else wrote, could end the script and start another.
 */
final class ChartNames {

  /** A name in the menu of a page. */
  private static final Pattern LABEL =
      Pattern.compile("class=\"nav-label[^>]*>(.*?)</span>", Pattern.DOTALL);

  private static final Pattern ENTITY = Pattern.compile("&#?\\w+;");

  /** How Gatling writes an apostrophe: in the charts of users, and in the one of requests. */
  private static final List<String> APOSTROPHES = List.of("\\'", "&#39;");

  private ChartNames() {}

  /**
   * Returns the index page with safe names.
   *
   * @param folder the run's folder
   */
  static String escape(String index, Path folder) throws IOException {
    List<String> unsafe =
        Stream.concat(labels(index), new SimulationLog(folder).scenarios().stream())
            // Gatling replaces line breaks and tabs
            .flatMap(name -> Stream.of(name, name.replaceAll("[\\n\\r\\t]", " ")))
            .filter(name -> !escaped(name).equals(name))
            // a name can be a part of a longer one
            .sorted(Comparator.comparingInt(String::length).reversed())
            .distinct()
            .toList();
    String safe = index;
    for (String name : unsafe) {
      for (String apostrophe : APOSTROPHES) {
        safe = safe.replace(quoted(name, apostrophe), quoted(escaped(name), apostrophe));
      }
    }
    return safe;
  }

  private static String quoted(String name, String apostrophe) {
    return "'" + name.replace("'", apostrophe) + "'";
  }

  private static Stream<String> labels(String index) {
    List<String> labels =
        LABEL.matcher(index).results().map(found -> found.group(1)).distinct().toList();
    Map<String, String> characters = new HashMap<>();
    if (labels.stream().anyMatch(label -> label.indexOf('&') >= 0)) {
      for (char character = 0; character < Character.MAX_VALUE; character++) {
        String text = String.valueOf(character);
        characters.put(new HtmlRichString(text).htmlEscape(), text);
      }
    }
    return labels.stream().map(label -> ENTITY.matcher(label).replaceAll(unescape(characters)));
  }

  private static Function<MatchResult, String> unescape(Map<String, String> characters) {
    return entity ->
        Matcher.quoteReplacement(characters.getOrDefault(entity.group(), entity.group()));
  }

  static String escaped(String name) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char character = name.charAt(i);
      boolean safe =
          character >= ' '
              && character != '<'
              && character != '\\'
              && character != '\u2028'
              && character != '\u2029';
      escaped.append(safe ? character : String.format("\\u%04x", (int) character));
    }
    return escaped.toString();
  }
}
