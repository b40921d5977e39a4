package dev.gatlingllm.bench.page;

import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.BenchmarkScores.Key;
import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.text.Numbers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** All scores of a benchmark: a row for each choice of parameters, a column for each metric. */
record ScoreTable(Path page, Map<Key, List<Path>> reports, double confidence, DoubtList doubts) {

  void write(Markup markup, List<BenchmarkScores> rows) {
    List<String> parameters = MatrixPage.parameters(rows);
    List<MetricScores> metrics = MatrixPage.metrics(rows);
    boolean linked = rows.stream().anyMatch(row -> reports.containsKey(row.key()));
    // what scrolls can be reached by keyboard, and so has a name
    markup.open(
        "div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", "Scores");
    markup.open("table").open("thead").open("tr");
    if (parameters.isEmpty()) {
      PageShell.heads(markup, List.of("Benchmark"), List.of());
    }
    PageShell.heads(markup, List.of(), parameters);
    for (MetricScores metric : metrics) {
      markup.open("th", "scope", "col").text(metric.name());
      boolean primary = metric == metrics.get(0);
      String unit = metric.unit() + (primary ? " (the score)" : "");
      markup.element("small", unit, "class", "quiet").close();
    }
    if (linked) {
      markup.element("th", "Forks", "scope", "col", "class", "words");
    }
    markup.close().close().open("tbody");
    for (BenchmarkScores row : rows) {
      row(markup, row, parameters, metrics, linked);
    }
    markup.close().close().close();
  }

  private void row(
      Markup markup,
      BenchmarkScores row,
      List<String> parameters,
      List<MetricScores> metrics,
      boolean linked) {
    markup.open("tr");
    if (parameters.isEmpty()) {
      markup.element("th", row.key().shortName(), "scope", "row", "class", "name");
    }
    for (String parameter : parameters) {
      markup.element("th", row.key().params().getOrDefault(parameter, "–"), "scope", "row");
    }
    for (MetricScores column : metrics) {
      markup.open("td", "class", "doubtful");
      row.metric(column.name()).ifPresentOrElse(m -> score(markup, m), () -> markup.text("–"));
      doubts.mark(markup, row.key(), column.name());
      markup.close();
    }
    if (linked) {
      links(markup, reports.getOrDefault(row.key(), List.of()));
    }
    markup.close();
  }

  private void score(Markup markup, MetricScores metric) {
    double error = metric.error(confidence);
    markup.text(Numbers.score(metric.mean()));
    if (!Double.isNaN(error)) {
      markup.element("small", " ± " + Numbers.error(error, ""));
    }
  }

  private void links(Markup markup, List<Path> forks) {
    markup.open("td", "class", "words");
    for (int i = 0; i < forks.size(); i++) {
      markup.text(i == 0 ? "" : " ");
      markup.element(
          "a",
          Integer.toString(i + 1),
          "href",
          RelativeLink.between(page, forks.get(i)),
          "title",
          "Gatling's report of fork " + (i + 1));
    }
    markup.close();
  }
}
