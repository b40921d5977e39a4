package dev.gatlingllm.gatling;

import dev.gatlingllm.report.HtmlPage;
import dev.gatlingllm.report.TokensPage;
import io.gatling.charts.component.Component;
import io.gatling.charts.component.ComponentLibrary;
import io.gatling.charts.report.GroupContainer;
import io.gatling.charts.stats.CountsVsTimePlot;
import io.gatling.charts.stats.IntVsTimePlot;
import io.gatling.charts.stats.PercentVsTimePlot;
import io.gatling.charts.stats.PercentilesVsTimePlot;
import io.gatling.charts.stats.Ranges;
import io.gatling.charts.stats.UserSeries;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Adds the Tokens tab to Gatling's charts. Gatling finds this class by {@link ServiceLoader} and
 * draws every page with it. Each chart comes from the next provider; the ranges chart, which every
 * page has, carries the tab. An error in the tab is logged and leaves Gatling's page unchanged.
 * Names reach Gatling's charts escaped, with or without a tab. Called by one thread, page after
 * page.
 */
public final class TokensComponentLibrary implements ComponentLibrary {

  private static final Logger LOGGER = LoggerFactory.getLogger(TokensComponentLibrary.class);

  private final ComponentLibrary gatling = nextProvider();
  private PageOrder pages = new PageOrder();
  private TokensPage data;

  /** Called before Gatling copies scripts and styles into the report. */
  public TokensComponentLibrary() {
    ReportsOnly.clearAssets();
  }

  private static ComponentLibrary nextProvider() {
    return ServiceLoader.load(ComponentLibrary.class, ComponentLibrary.class.getClassLoader())
        .stream()
        .filter(provider -> provider.type() != TokensComponentLibrary.class)
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("gatling-charts-highcharts is not on the class path"))
        .get();
  }

  @Override
  public Component getRangesComponent(
      String containerId, String chartTitle, String eventName, Ranges ranges, boolean large) {
    Component chart = gatling.getRangesComponent(containerId, chartTitle, eventName, ranges, large);
    try {
      return page(eventName, large).map(json -> withTab(chart, json)).orElse(chart);
    } catch (Throwable problem) {
      LOGGER.error("This page of the report has no Tokens tab", problem);
      return chart;
    }
  }

  /**
   * Returns the tab's data; the small chart is on the index page, others are of a request or group.
   */
  private Optional<String> page(String eventName, boolean large) {
    if (!large) {
      pages = new PageOrder();
      data = TokensTab.published().map(TokensPage::new).orElse(null);
      return Optional.ofNullable(data).map(TokensPage::index);
    }
    if (data == null || !eventName.equals("requests")) {
      return Optional.empty();
    }
    return pages.nextRequest().flatMap(name -> data.request(name, pages.pagesOf(name)));
  }

  @Override
  public Component getRequestCountPolarComponent(GroupContainer root) {
    if (data != null) {
      pages.add(root);
    }
    return gatling.getRequestCountPolarComponent(ScriptSafeNames.in(root));
  }

  @Override
  public Component getUserStartRateComponent(
      String containerId, long runStart, UserSeries all, Seq<UserSeries> scenarios) {
    return gatling.getUserStartRateComponent(
        containerId, runStart, all, ScriptSafeNames.in(scenarios));
  }

  @Override
  public Component getMaxConcurrentUsersComponent(
      String containerId, long runStart, UserSeries all, Seq<UserSeries> scenarios) {
    return gatling.getMaxConcurrentUsersComponent(
        containerId, runStart, all, ScriptSafeNames.in(scenarios));
  }

  @Override
  public Component getDistributionComponent(
      String containerId,
      String title,
      String yAxisName,
      Seq<PercentVsTimePlot> ok,
      Seq<PercentVsTimePlot> ko) {
    return gatling.getDistributionComponent(containerId, title, yAxisName, ok, ko);
  }

  @Override
  public Component getPercentilesOverTimeComponent(
      String containerId,
      String title,
      String yAxisName,
      long runStart,
      Seq<PercentilesVsTimePlot> series) {
    return gatling.getPercentilesOverTimeComponent(containerId, title, yAxisName, runStart, series);
  }

  @Override
  public Component getRequestsComponent(
      String containerId, long runStart, Seq<CountsVsTimePlot> counts) {
    return gatling.getRequestsComponent(containerId, runStart, counts);
  }

  @Override
  public Component getResponsesComponent(
      String containerId, long runStart, Seq<CountsVsTimePlot> counts) {
    return gatling.getResponsesComponent(containerId, runStart, counts);
  }

  @Override
  public Component getResponseTimeScatterComponent(
      String containerId, Seq<IntVsTimePlot> ok, Seq<IntVsTimePlot> ko) {
    return gatling.getResponseTimeScatterComponent(containerId, ok, ko);
  }

  /** One of Gatling's charts, with the page's token figures and the scripts that draw them. */
  private static Component withTab(Component chart, String json) {
    return new Component() {
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
        return chart.js()
            + "\ntry { Llm.install(); } catch (problem) { console.error(problem); }\n";
      }

      @Override
      public Seq<String> jsFiles() {
        List<String> files = new ArrayList<>(CollectionConverters.asJava(chart.jsFiles()));
        files.addAll(HtmlPage.TOKENS.scripts());
        return CollectionConverters.asScala(files).toSeq();
      }
    };
  }
}
