package dev.gatlingllm.gatling;

import io.gatling.charts.component.Component;
import java.util.ArrayList;
import java.util.List;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** A chart of Gatling's that brings the page's token figures and the scripts that draw them. */
final class TokensComponent extends Component {

  private static final List<String> SCRIPTS =
      List.of(
          "llm-uplot.js",
          "llm-format.js",
          "llm-csv.js",
          "llm-section.js",
          "llm-legend.js",
          "llm-plot.js",
          "llm-percentiles.js",
          "llm-time-charts.js",
          "llm-turn-charts.js",
          "llm-histogram.js",
          "llm-percentile-curves.js",
          "llm-charts.js",
          "llm-figures.js",
          "llm-table.js",
          "llm-tables.js",
          "llm-notes.js",
          "llm-tokens.js");

  private final Component chart;
  private final String json;

  TokensComponent(Component chart, String json) {
    this.chart = chart;
    this.json = json;
  }

  @Override
  public String html() {
    return """
    <link href="style/llm-uplot.css" rel="stylesheet" type="text/css">
    <link href="style/llm-tokens.css" rel="stylesheet" type="text/css">
    <script type="application/json" id="llm-tokens-data">%s</script>
    """
            .formatted(json)
        + chart.html();
  }

  /** Runs among Gatling's own scripts, whose charts must come out whatever happens to ours. */
  @Override
  public String js() {
    return chart.js()
        + "\ntry { LlmTokens.install(); } catch (problem) { console.error(problem); }\n";
  }

  @Override
  public Seq<String> jsFiles() {
    List<String> files = new ArrayList<>(CollectionConverters.asJava(chart.jsFiles()));
    files.addAll(SCRIPTS);
    return CollectionConverters.asScala(files).toSeq();
  }
}
