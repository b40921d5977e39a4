package dev.gatlingllm.gatling;

import dev.gatlingllm.report.RunReport;
import io.gatling.charts.component.ComponentLibrary;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes a run's figures to Gatling's report generator, which runs later in the same JVM and takes
 * no arguments. Any thread may call it.
 */
public final class TokensTab {

  private static final Logger LOGGER = LoggerFactory.getLogger(TokensTab.class);

  private static volatile Supplier<RunReport> published;

  private TokensTab() {}

  /**
   * Adds a Tokens tab to the report that Gatling writes next. Without a call, Gatling's report does
   * not change. Warns if the order of the class path hides the tab.
   *
   * @param report returns the run's figures; called when Gatling writes its pages; null if there
   *     are none
   */
  public static void publish(Supplier<RunReport> report) {
    published = report;
    warnIfHidden();
  }

  /** Returns the last published run, or the earlier run whose report this process writes. */
  static Optional<RunReport> published() {
    Supplier<RunReport> run = published;
    return run != null ? Optional.ofNullable(run.get()) : ReportsOnly.run();
  }

  /** Gatling takes the first provider on the class path and ignores the others silently. */
  private static void warnIfHidden() {
    try {
      ServiceLoader.load(ComponentLibrary.class, ComponentLibrary.class.getClassLoader()).stream()
          .map(ServiceLoader.Provider::type)
          .findFirst()
          .filter(first -> first != TokensComponentLibrary.class)
          .ifPresent(
              first ->
                  LOGGER.warn(
                      "The report will have no Tokens tab: {} comes before gatling-llm on the class"
                          + " path. Declare gatling-llm above gatling-charts-highcharts.",
                      first.getName()));
    } catch (LinkageError | ServiceConfigurationError unknown) {
      LOGGER.warn("Cannot tell whether the report will have a Tokens tab", unknown);
    }
  }
}
