package dev.gatlingllm.gatling;

import dev.gatlingllm.report.HtmlPage;
import io.gatling.charts.component.Component;
import java.util.ArrayList;
import java.util.List;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** One of Gatling's charts, with the page's token figures and the scripts that draw them. */
final class TokensComponent extends Component {

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
    <link href="style/llm-page.css" rel="stylesheet" type="text/css">
    <script type="application/json" id="llm-data">%s</script>
    """
            .formatted(json)
        + chart.html();
  }

  /** Catches every error, because Gatling's own charts follow in the same script. */
  @Override
  public String js() {
    return chart.js() + "\ntry { Llm.install(); } catch (problem) { console.error(problem); }\n";
  }

  @Override
  public Seq<String> jsFiles() {
    List<String> files = new ArrayList<>(CollectionConverters.asJava(chart.jsFiles()));
    files.addAll(HtmlPage.TOKENS.scripts());
    return CollectionConverters.asScala(files).toSeq();
  }
}
