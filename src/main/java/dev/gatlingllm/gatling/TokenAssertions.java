package dev.gatlingllm.gatling;

import static io.gatling.javaapi.core.CoreDsl.details;
import static java.util.stream.Collectors.toSet;

import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.report.assertion.JUnitFile;
import dev.gatlingllm.report.assertion.JUnitFile.TestCase;
import dev.gatlingllm.report.assertion.TokenAssertion;
import dev.gatlingllm.report.assertion.TokenAssertion.Outcome;
import io.gatling.javaapi.core.Assertion;
import io.gatling.javaapi.core.Assertion.WithPathAndTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The assertions on token figures of one simulation. Any thread may call it. */
public final class TokenAssertions {

  private static final Logger LOGGER = LoggerFactory.getLogger(TokenAssertions.class);

  private final Set<TokenAssertion> assertions = new LinkedHashSet<>();

  /** Those of Gatling included; null until they are judged. */
  private volatile @Nullable List<TestCase> judged;

  /** Adds an assertion, to be judged when the load ends, and returns it for Gatling. */
  public Assertion add(TokenAssertion assertion) {
    synchronized (assertions) {
      assertions.add(assertion);
    }
    return gatlings(assertion);
  }

  /** Every statistic of the only record in the group is the figure. */
  private static Assertion gatlings(TokenAssertion assertion) {
    WithPathAndTarget<Integer> figure = details(assertion.group()).responseTime().max();
    return switch (assertion.comparison()) {
      case LESS -> figure.lt(assertion.highTicks());
      case LESS_OR_EQUAL -> figure.lte(assertion.highTicks());
      case GREATER -> figure.gt(assertion.lowTicks());
      case GREATER_OR_EQUAL -> figure.gte(assertion.lowTicks());
      case EQUAL -> figure.is(assertion.lowTicks());
      case BETWEEN -> figure.between(assertion.lowTicks(), assertion.highTicks());
    };
  }

  /** Returns the assertions that do not hold, each in a sentence with the value that was found. */
  public List<String> failures(RunSummary run) {
    return assertions().stream()
        .map(assertion -> assertion.judge(run))
        .filter(outcome -> !outcome.holds())
        .map(outcome -> outcome.assertion().words() + ", but " + outcome.found())
        .toList();
  }

  /**
   * Judges the assertions, logs those on token figures that fail, and appends the figures to
   * Gatling's log. Must be called when Gatling has closed its log and has not read it yet.
   *
   * @param run the summary of the whole run
   * @param startEpochMillis wall clock when the run began; empty if it did not
   * @param folder the run's folder, if it is known
   * @return the assertions of Gatling's own that do not hold, each in a sentence with the value
   * @throws IOException if Gatling's log cannot be written; the assertions then fail in its report
   */
  public List<String> judge(RunSummary run, OptionalLong startEpochMillis, Optional<Path> folder)
      throws IOException {
    List<Outcome> outcomes = assertions().stream().map(assertion -> assertion.judge(run)).toList();
    for (Outcome outcome : outcomes) {
      if (!outcome.holds()) {
        LOGGER.error("Assertion failed: {}, but {}", outcome.assertion().words(), outcome.found());
      } else if (outcome.remark() != null) {
        LOGGER.warn("Assertion met: {}; {}", outcome.assertion().words(), outcome.found());
      }
    }
    List<Outcome> measured = outcomes.stream().filter(j -> j.value().isPresent()).toList();
    if (folder.isEmpty()) {
      if (!measured.isEmpty() && startEpochMillis.isPresent()) {
        LOGGER.error(
            "This run's token assertions fail in Gatling's report: the run's folder is not known");
      }
      return List.of();
    }
    SimulationLog log = new SimulationLog(folder.get());
    if (!measured.isEmpty() && startEpochMillis.isPresent()) {
      log.append(measured, startEpochMillis.getAsLong());
    }
    if (!log.hasAssertions()) {
      return List.of();
    }
    Map<String, Outcome> figures = new LinkedHashMap<>();
    outcomes.forEach(outcome -> figures.put(outcome.assertion().group(), outcome));
    List<TestCase> tests = log.assertionOutcomes(figures);
    judged = tests;
    Set<String> ours =
        outcomes.stream().map(outcome -> outcome.assertion().words()).collect(toSet());
    return tests.stream()
        .filter(test -> test.failure() != null && !ours.contains(test.name()))
        .map(test -> test.name() + ", but " + test.failure())
        .toList();
  }

  /**
   * Writes the results of all assertions of the run into its folder, as JUnit's XML. Writes no file
   * for a run without assertions, or one that was stopped before its load ended.
   *
   * @throws IOException if the file cannot be written
   */
  public void writeForCi(Path folder) throws IOException {
    List<TestCase> tests = judged;
    if (tests != null) {
      JUnitFile.write(tests, folder);
    }
  }

  private List<TokenAssertion> assertions() {
    synchronized (assertions) {
      return List.copyOf(assertions);
    }
  }
}
