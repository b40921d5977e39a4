package dev.gatlingllm.bench.page;

import dev.gatlingllm.text.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * A chart of means with their errors over the values of a parameter. Immutable.
 *
 * @param title what is drawn
 * @param unit of the values; may be empty
 * @param across name of the parameter
 * @param spread of its values
 * @param lines one for each choice of the other parameters
 * @param limits values that are drawn as lines across
 */
record Chart(
    String title, String unit, String across, Spread spread, List<Line> lines, List<Limit> limits) {

  /**
   * Dots of one colour.
   *
   * @param name what they have in common; may be empty
   * @param look number of the colour and the shape
   * @param drawn how they are drawn
   */
  record Line(String name, int look, Drawn drawn, List<Dot> dots) {}

  /** How dots are drawn. */
  enum Drawn {
    /** As dots alone. */
    DOTS,
    /** As dots with a line from one to the next. */
    JOINED,
    /** As that line alone. */
    LINE
  }

  /**
   * A mean.
   *
   * @param at value of the parameter
   * @param mean its height; NaN for none
   * @param error half the height of its error bar; NaN for none
   */
  record Dot(String at, double mean, double error) {

    double low() {
      return Double.isFinite(error) ? mean - error : mean;
    }

    double high() {
      return Double.isFinite(error) ? mean + error : mean;
    }
  }

  /** A line across. */
  record Limit(double value, String name) {}

  private static final double WIDTH = 440;
  private static final double HEIGHT = 250;
  private static final double LEFT = 58;
  private static final double RIGHT = 16;
  private static final double TOP = 14;
  private static final double BOTTOM = 40;

  /** Dots keep this from either side. */
  private static final double INSET = 22;

  /** Labels keep this from one another. */
  private static final double APART = 6;

  private static final double SIZE = 4;

  void write(Markup page) {
    page.open("figure", "class", "chart");
    page.open("figcaption").element("b", title).text(unit.isEmpty() ? "" : " " + unit).close();
    page.open(
        "svg",
        "viewBox",
        "0 0 " + coordinate(WIDTH) + " " + coordinate(HEIGHT),
        "role",
        "img",
        "aria-label",
        spoken());
    Ticks ticks = ticks();
    grid(page, ticks);
    values(page);
    for (Limit limit : limits) {
      double y = y(ticks, limit.value);
      across(page, "limit", y);
      page.element(
          "text", limit.name, "class", "limit", "x", coordinate(LEFT + 4), "y", coordinate(y - 4));
    }
    for (Line line : lines) {
      line(page, ticks, line);
    }
    page.close().close();
  }

  /** A line from side to side. */
  private static void across(Markup page, String kind, double y) {
    page.empty(
        "line",
        "class",
        kind,
        "x1",
        coordinate(LEFT),
        "x2",
        coordinate(WIDTH - RIGHT),
        "y1",
        coordinate(y),
        "y2",
        coordinate(y));
  }

  private void grid(Markup page, Ticks ticks) {
    for (double tick : ticks.all()) {
      double y = y(ticks, tick);
      across(page, "grid", y);
      page.element(
          "text",
          Ticks.label(tick),
          "class",
          "tick",
          "text-anchor",
          "end",
          "x",
          coordinate(LEFT - 6),
          "y",
          coordinate(y + 4));
    }
  }

  private void values(Markup page) {
    double before = Double.NEGATIVE_INFINITY;
    for (String value : spread.values()) {
      double x = x(value);
      double half = 3.2 * Math.min(value.length(), 14);
      if (x - half > before) {
        page.element(
            "text",
            shortened(value),
            "class",
            "tick",
            "text-anchor",
            "middle",
            "x",
            coordinate(x),
            "y",
            coordinate(HEIGHT - BOTTOM + 16));
        before = x + half + APART;
      }
    }
    page.element(
        "text",
        across,
        "class",
        "axis",
        "text-anchor",
        "middle",
        "x",
        coordinate((LEFT + WIDTH - RIGHT) / 2),
        "y",
        coordinate(HEIGHT - 6));
  }

  private static String shortened(String value) {
    return value.length() <= 14 ? value : value.substring(0, 13) + "…";
  }

  private void line(Markup page, Ticks ticks, Line line) {
    page.open("g", "class", "look" + line.look);
    List<Dot> dots = line.dots.stream().filter(dot -> Double.isFinite(dot.mean)).toList();
    if (line.drawn != Drawn.DOTS && dots.size() > 1) {
      StringBuilder points = new StringBuilder();
      dots.forEach(
          dot ->
              points
                  .append(coordinate(x(dot.at)))
                  .append(',')
                  .append(coordinate(y(ticks, dot.mean)))
                  .append(' '));
      page.empty("polyline", "points", points.toString().strip());
    }
    for (Dot dot : line.drawn == Drawn.LINE ? List.<Dot>of() : dots) {
      double x = x(dot.at);
      page.open("g").element("title", described(line, dot));
      if (Double.isFinite(dot.error)) {
        bar(page, x, y(ticks, dot.high()), y(ticks, Math.max(dot.low(), ticks.low())));
      }
      Shape.of(line.look).write(page, x, y(ticks, dot.mean), SIZE);
      page.close();
    }
    page.close();
  }

  private static void bar(Markup page, double x, double top, double bottom) {
    page.empty(
        "path",
        "class",
        "error",
        "d",
        String.format(
            Locale.ROOT,
            "M%1$.1f %2$.1fV%3$.1fM%4$.1f %2$.1fH%5$.1fM%4$.1f %3$.1fH%5$.1f",
            x,
            top,
            bottom,
            x - SIZE,
            x + SIZE));
  }

  private Ticks ticks() {
    double[] heights =
        Stream.concat(
                lines.stream()
                    .flatMap(line -> line.dots.stream())
                    .flatMap(dot -> Stream.of(dot.low(), dot.high())),
                limits.stream().map(Limit::value))
            .mapToDouble(Double::doubleValue)
            .filter(Double::isFinite)
            .toArray();
    double least = DoubleStream.of(heights).min().orElse(0);
    // an error bar may reach below 0 where no value can
    boolean positive =
        lines.stream().flatMap(line -> line.dots.stream()).noneMatch(dot -> dot.mean < 0);
    return Ticks.covering(
        positive ? Math.max(0, least) : least, DoubleStream.of(heights).max().orElse(1));
  }

  private double x(String value) {
    double from = LEFT + INSET;
    return from + spread.share(value) * (WIDTH - RIGHT - INSET - from);
  }

  private static double y(Ticks ticks, double value) {
    return HEIGHT - BOTTOM - ticks.share(value) * (HEIGHT - BOTTOM - TOP);
  }

  private static String coordinate(double value) {
    return Numbers.score(Math.round(value * 10) / 10.0);
  }

  private String described(Line line, Dot dot) {
    String error = Double.isFinite(dot.error) ? " ± " + Numbers.score(dot.error) : "";
    return (line.name.isEmpty() ? "" : line.name + ", ")
        + across
        + " "
        + dot.at
        + ": "
        + Numbers.score(dot.mean)
        + error
        + (unit.isEmpty() ? "" : " " + unit);
  }

  /** What a reader who does not see the chart hears. */
  private String spoken() {
    List<String> words = new ArrayList<>();
    words.add(title + " over " + across);
    limits.forEach(limit -> words.add(limit.name));
    for (Line line : lines) {
      if (line.drawn != Drawn.LINE) {
        line.dots.forEach(dot -> words.add(described(line, dot)));
      }
    }
    return String.join("; ", words);
  }
}
