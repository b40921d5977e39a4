package dev.gatlingllm.gatling;

import dev.gatlingllm.report.assertion.Judgement;
import dev.gatlingllm.report.assertion.Outcome;
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
 * All assertions of a run as Gatling judges them, from the run's log. Gatling tells its verdict to
 * nobody but the console and its page, so that its own classes judge once more.
 */
final class AssertionOutcomes {

  private AssertionOutcomes() {}

  /**
   * Reads a log that Gatling has closed, which takes as long as Gatling took for it.
   *
   * @param figures those assertions that are about token figures, by their groups
   */
  static List<Outcome> in(Path runFolder, Map<String, Judgement> figures) {
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

  /** A figure's own words say more than Gatling's, which count in its ticks. */
  private static Outcome outcome(AssertionResult result, Judgement figure) {
    return figure != null
        ? Outcome.of(figure)
        : new Outcome(
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
