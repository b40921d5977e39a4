package dev.gatlingllm.bench.page;

import dev.gatlingllm.bench.page.Chart.Dot;
import dev.gatlingllm.bench.page.Chart.Drawn;
import dev.gatlingllm.bench.page.Chart.Line;
import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.MetricScores;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A chart of every metric over every parameter that was varied. */
final class ParameterCharts {

  /** As many as the style has; more lines repeat them. */
  static final int LOOKS = 8;

  private final List<BenchmarkScores> rows;
  private final double confidence;
  private final List<String> varied;

  ParameterCharts(List<BenchmarkScores> rows, double confidence) {
    this.rows = rows;
    this.confidence = confidence;
    this.varied =
        MatrixPage.parameters(rows).stream().filter(name -> values(name).size() > 1).toList();
  }

  void write(Markup page) {
    for (String parameter : varied) {
      page.open("section").element("h3", "Over " + parameter);
      List<Chart> charts = charts(parameter);
      if (charts.get(0).lines().size() > 1) {
        PageShell.legend(page, charts.get(0).lines());
      }
      page.open("div", "class", "charts");
      charts.forEach(chart -> chart.write(page));
      page.close().close();
    }
  }

  private List<Chart> charts(String parameter) {
    Spread spread = Spread.of(values(parameter));
    return MatrixPage.metrics(rows).stream()
        .map(
            metric ->
                new Chart(
                    metric.name(),
                    metric.unit(),
                    parameter,
                    spread,
                    lines(parameter, spread, metric.name()),
                    List.of()))
        .toList();
  }

  private List<Line> lines(String parameter, Spread spread, String metric) {
    Map<String, List<BenchmarkScores>> groups =
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    row -> others(row, parameter), LinkedHashMap::new, Collectors.toList()));
    List<Line> lines = new ArrayList<>();
    groups.forEach(
        (name, members) ->
            lines.add(
                new Line(
                    name,
                    lines.size() % LOOKS,
                    Drawn.JOINED,
                    dots(members, parameter, spread, metric))));
    return lines;
  }

  private List<Dot> dots(
      List<BenchmarkScores> members, String parameter, Spread spread, String metric) {
    Map<String, BenchmarkScores> byValue =
        members.stream()
            .filter(row -> row.key().params().containsKey(parameter))
            .collect(
                Collectors.toMap(
                    row -> row.key().params().get(parameter), row -> row, (a, b) -> a));
    return spread.values().stream()
        .filter(byValue::containsKey)
        .flatMap(
            value -> byValue.get(value).metric(metric).map(scores -> dot(value, scores)).stream())
        .toList();
  }

  private Dot dot(String value, MetricScores scores) {
    return new Dot(value, scores.mean(), scores.error(confidence));
  }

  private String others(BenchmarkScores row, String parameter) {
    return varied.stream()
        .filter(name -> !name.equals(parameter))
        .map(name -> name + "=" + row.key().params().getOrDefault(name, "–"))
        .collect(Collectors.joining(", "));
  }

  private List<String> values(String parameter) {
    return rows.stream()
        .filter(row -> row.key().params().containsKey(parameter))
        .map(row -> row.key().params().get(parameter))
        .distinct()
        .toList();
  }
}
