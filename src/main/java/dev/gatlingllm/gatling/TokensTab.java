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
 * Where a run leaves its figures for Gatling's report generator, which runs later in the same JVM
 * and takes no argument of ours. Any thread may call it.
 */
public final class TokensTab {

  private static final Logger LOGGER = LoggerFactory.getLogger(TokensTab.class);

  private static volatile Supplier<RunReport> published;

  private TokensTab() {}

  /**
   * Gives the report that Gatling is about to write a Tokens tab. A run that never calls this has
   * Gatling's own report, untouched. Warns where the class path keeps the tab from being seen.
   *
   * @param report gives the run's figures; asked when Gatling writes its pages
   */
  public static void publish(Supplier<RunReport> report) {
    published = report;
    warnIfHidden();
  }

  /** The run of this process, or the one whose report alone this process was asked to write. */
  static Optional<RunReport> published() {
    Supplier<RunReport> run = published;
    return run != null ? Optional.of(run.get()) : ReportsOnly.run();
  }

  /** Gatling takes the first provider on the class path and says nothing of the others. */
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
