package dev.gatlingllm.gatling;

import dev.gatlingllm.report.assertion.JUnitFile.TestCase;
import dev.gatlingllm.report.assertion.TokenAssertion;
import io.gatling.charts.stats.LogFileData;
import io.gatling.charts.stats.LogFileReader;
import io.gatling.commons.stats.assertion.Assertion;
import io.gatling.commons.stats.assertion.AssertionPath;
import io.gatling.core.config.GatlingConfiguration;
import io.gatling.shared.model.assertion.AssertionMessage;
import io.gatling.shared.model.assertion.AssertionResult;
import io.gatling.shared.model.assertion.AssertionValidator;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The outcomes of all assertions of a run. Gatling shows them only on the console and its page, so
 * its own classes evaluate them here once more, from the run's log.
 */
final class AssertionOutcomes {

  private AssertionOutcomes() {}

  /**
   * Reads the log of a run, which takes as long as Gatling takes for it.
   *
   * @param figures the assertions on token figures, by their groups in the log
   */
  static List<TestCase> in(Path runFolder, Map<String, TokenAssertion.Outcome> figures) {
    LogFileData log =
        LogFileReader.apply(
                runFolder.getFileName().toString(),
                runFolder.getParent(),
                GatlingConfiguration.load())
            .read();
    return CollectionConverters.asJava(
            new AssertionValidator(log).validateAssertions(log.assertions()))
        .stream()
        .map(result -> outcome(result, figures.get(group(result.assertion()))))
        .toList();
  }

  /** Describes a token figure in its own unit, where Gatling counts in thousandths. */
  private static TestCase outcome(AssertionResult result, TokenAssertion.Outcome figure) {
    return figure != null
        ? new TestCase(figure.assertion().words(), figure.holds() ? null : figure.found())
        : new TestCase(
            AssertionMessage.message(result.assertion()), result.success() ? null : found(result));
  }

  private static String found(AssertionResult result) {
    if (result instanceof AssertionResult.ResolutionError error) {
      return error.error();
    }
    return "it is " + ((AssertionResult.Resolved) result).actualValue();
  }

  private static String group(Assertion assertion) {
    return assertion.path() instanceof AssertionPath.Details details && details.parts().size() == 1
        ? details.parts().head()
        : null;
  }
}
