package dev.gatlingllm.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Lines over a plane of two logarithmic axes, as an SVG that a page shows as it is. */
final class LineChart {

  private static final int WIDTH = 720;
  private static final int HEIGHT = 360;
  private static final int LEFT = 60;
  private static final int RIGHT = 200;
  private static final int TOP = 36;
  private static final int BOTTOM = 44;
  private static final String[] COLOURS = {
    "#1b6ca8", "#d1495b", "#2e933c", "#8e5ea2", "#e08e0b", "#4a4e69"
  };

  private record Point(double x, double y) {}

  private final Map<String, List<Point>> lines = new LinkedHashMap<>();
  private final String title;
  private final String xTitle;

  LineChart(String title, String xTitle) {
    this.title = title;
    this.xTitle = xTitle;
  }

  /** Adds a point to a line; on logarithmic axes only what is above zero has a place. */
  void add(String line, double x, double y) {
    if (x > 0 && y > 0) {
      lines.computeIfAbsent(line, unseen -> new ArrayList<>()).add(new Point(x, y));
    }
  }

  String svg() {
    StringBuilder svg = new StringBuilder();
    append(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"11\">%n<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n"
            + "<text x=\"%d\" y=\"20\" font-size=\"14\">%s</text>%n"
            + "<text x=\"%d\" y=\"%d\">%s</text>%n",
        WIDTH,
        HEIGHT,
        WIDTH,
        HEIGHT,
        LEFT,
        title,
        LEFT,
        HEIGHT - 8,
        xTitle);
    Axis x = axis(true);
    Axis y = axis(false);
    for (double tick : x.ticks()) {
      double at = LEFT + x.place(tick) * (WIDTH - LEFT - RIGHT);
      append(
          svg,
          "<path d=\"M%.1f %dV%d\" stroke=\"#ddd\"/><text x=\"%.1f\" y=\"%d\""
              + " text-anchor=\"middle\">%s</text>%n",
          at,
          TOP,
          HEIGHT - BOTTOM,
          at,
          HEIGHT - BOTTOM + 16,
          Numbers.shortly(tick));
    }
    for (double tick : y.ticks()) {
      double at = HEIGHT - BOTTOM - y.place(tick) * (HEIGHT - TOP - BOTTOM);
      append(
          svg,
          "<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%.1f\""
              + " text-anchor=\"end\">%s</text>%n",
          LEFT,
          at,
          WIDTH - RIGHT,
          LEFT - 6,
          at + 4,
          Numbers.shortly(tick));
    }
    int number = 0;
    for (Map.Entry<String, List<Point>> line : lines.entrySet()) {
      draw(svg, line.getKey(), line.getValue(), x, y, number++);
    }
    return svg.append("</svg>\n").toString();
  }

  private static void draw(
      StringBuilder svg, String name, List<Point> points, Axis x, Axis y, int number) {
    String colour = COLOURS[number % COLOURS.length];
    StringBuilder path = new StringBuilder();
    for (Point point : points) {
      double left = LEFT + x.place(point.x()) * (WIDTH - LEFT - RIGHT);
      double top = HEIGHT - BOTTOM - y.place(point.y()) * (HEIGHT - TOP - BOTTOM);
      append(path, "%s%.1f %.1f", path.isEmpty() ? "M" : "L", left, top);
      append(svg, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", left, top, colour);
    }
    append(svg, "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n", path, colour);
    int row = TOP + 8 + number * 18;
    int legend = WIDTH - RIGHT + 14;
    append(
        svg,
        "<path d=\"M%d %dh18\" stroke=\"%s\" stroke-width=\"2\"/><text x=\"%d\" y=\"%d\">%s</text>%n",
        legend,
        row - 4,
        colour,
        legend + 24,
        row,
        name);
  }

  private Axis axis(boolean horizontal) {
    double[] values =
        lines.values().stream()
            .flatMap(List::stream)
            .mapToDouble(point -> horizontal ? point.x() : point.y())
            .toArray();
    return Axis.over(values);
  }

  private static void append(StringBuilder to, String format, Object... values) {
    to.append(String.format(Locale.ROOT, format, values));
  }

  /** From one power of ten to another. */
  private record Axis(int from, int to) {

    static Axis over(double[] values) {
      double least = Double.POSITIVE_INFINITY;
      double greatest = 0;
      for (double value : values) {
        least = Math.min(least, value);
        greatest = Math.max(greatest, value);
      }
      if (values.length == 0) {
        return new Axis(0, 1);
      }
      int from = (int) Math.floor(Math.log10(least));
      return new Axis(from, Math.max(from + 1, (int) Math.ceil(Math.log10(greatest))));
    }

    double place(double value) {
      return (Math.log10(value) - from) / (to - from);
    }

    List<Double> ticks() {
      List<Double> ticks = new ArrayList<>();
      for (int power = from; power <= to; power++) {
        ticks.add(Math.pow(10, power));
      }
      return ticks;
    }
  }
}
