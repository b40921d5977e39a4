package dev.gatlingllm.gatling;

import io.gatling.charts.component.Component;
import io.gatling.charts.component.ComponentLibrary;
import io.gatling.charts.report.GroupContainer;
import io.gatling.charts.stats.CountsVsTimePlot;
import io.gatling.charts.stats.IntVsTimePlot;
import io.gatling.charts.stats.PercentVsTimePlot;
import io.gatling.charts.stats.PercentilesVsTimePlot;
import io.gatling.charts.stats.Ranges;
import io.gatling.charts.stats.UserSeries;
import java.util.ServiceLoader;
import scala.collection.immutable.Seq;

/**
 * Takes part in the making of Gatling's report, of which Gatling tells nobody. Gatling draws with
 * the first provider on the class path, but creates all of them before it writes a report. If this
 * is the first one, every chart comes from the next.
 */
public final class TokensComponentLibrary implements ComponentLibrary {

  private final ComponentLibrary gatling = nextProvider();

  /** Called before Gatling copies scripts and styles into the report. */
  public TokensComponentLibrary() {
    ReportsOnly.prepare();
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
    return gatling.getRangesComponent(containerId, chartTitle, eventName, ranges, large);
  }

  @Override
  public Component getRequestCountPolarComponent(GroupContainer root) {
    return gatling.getRequestCountPolarComponent(root);
  }

  @Override
  public Component getUserStartRateComponent(
      String containerId, long runStart, UserSeries all, Seq<UserSeries> scenarios) {
    return gatling.getUserStartRateComponent(containerId, runStart, all, scenarios);
  }

  @Override
  public Component getMaxConcurrentUsersComponent(
      String containerId, long runStart, UserSeries all, Seq<UserSeries> scenarios) {
    return gatling.getMaxConcurrentUsersComponent(containerId, runStart, all, scenarios);
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
}
