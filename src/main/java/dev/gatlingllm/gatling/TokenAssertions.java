package dev.gatlingllm.gatling;

import static io.gatling.javaapi.core.CoreDsl.details;

import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.report.JUnitFile;
import dev.gatlingllm.report.assertion.TestCase;
import dev.gatlingllm.report.assertion.TokenAssertion;
import dev.gatlingllm.report.assertion.TokenAssertion.Outcome;
import io.gatling.javaapi.core.Assertion;
import io.gatling.javaapi.core.Assertion.WithPathAndTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The assertions on token figures of one simulation. Those of a shard are about the load of all
 * shards, so that it does not judge them: their merge does. Any thread may call it.
 */
public final class TokenAssertions {

  private static final Logger LOGGER = LoggerFactory.getLogger(TokenAssertions.class);

  private final IntSupplier shards;

  /** The assertions, each with the number of shards that its figure is about. */
  private final Map<TokenAssertion, Integer> assertions = new LinkedHashMap<>();

  /** Those of Gatling included; null until they are judged. */
  private volatile @Nullable List<TestCase> judged;

  /**
   * Creates the assertions of a simulation.
   *
   * @param shards returns the number of load generators that share the load
   */
  TokenAssertions(IntSupplier shards) {
    this.shards = shards;
  }

  /** Adds an assertion, to be judged when the load ends, and returns it for Gatling. */
  public Assertion add(TokenAssertion assertion) {
    if (assertion.looksLikeFraction()) {
      LOGGER.warn("{}: limits of percentages are from 0 to 100, not to 1", assertion.words());
    }
    int count = shards.getAsInt();
    synchronized (assertions) {
      assertions.put(assertion, count);
    }
    return gatlings(assertion, count);
  }

  /** Every statistic of the only record in the group is the figure. */
  private static Assertion gatlings(TokenAssertion assertion, int shards) {
    WithPathAndTarget<Integer> figure = details(group(assertion, shards)).responseTime().max();
    if (shards > 1) {
      return figure.gte(0);
    }
    return switch (assertion.comparison()) {
      case LESS -> figure.lt(assertion.highTicks());
      case LESS_OR_EQUAL -> figure.lte(assertion.highTicks());
      case GREATER -> figure.gt(assertion.lowTicks());
      case GREATER_OR_EQUAL -> figure.gte(assertion.lowTicks());
      case EQUAL -> figure.is(assertion.lowTicks());
      case BETWEEN -> figure.between(assertion.lowTicks(), assertion.highTicks());
    };
  }

  private static String group(TokenAssertion assertion, int shards) {
    return shards > 1 ? assertion.words() + " (" + judgedBy(shards) + ")" : assertion.group();
  }

  private static String judgedBy(int shards) {
    return "judged by the merge of the " + shards + " shards";
  }

  /**
   * Returns the assertions that do not hold, each in a sentence with the value that was found;
   * without those that the merge of the shards judges.
   */
  public List<String> failures(RunSummary run) {
    return all().entrySet().stream()
        .filter(assertion -> assertion.getValue() == 1)
        .map(assertion -> assertion.getKey().judge(run).testCase())
        .filter(TestCase::hasFailed)
        .map(TestCase::sentence)
        .toList();
  }

  /** Returns the assertions. */
  public List<TokenAssertion> declared() {
    return List.copyOf(all().keySet());
  }

  /**
   * Judges the assertions, logs those on token figures that fail, and appends the figures to
   * Gatling's log. Must be called when Gatling has closed its log and has not read it yet.
   *
   * @param run the summary of the whole run
   * @param startEpochMillis wall clock when the run began; empty if it did not
   * @param folder the run's folder, if it is known
   * @return the outcomes of Gatling's own assertions
   * @throws IOException if Gatling's log cannot be written; the assertions then fail in its report
   */
  public List<TestCase> judge(RunSummary run, OptionalLong startEpochMillis, Optional<Path> folder)
      throws IOException {
    Map<String, TestCase> outcomes = new LinkedHashMap<>();
    Map<String, Integer> figures = new LinkedHashMap<>();
    all()
        .forEach(
            (assertion, count) -> {
              String group = group(assertion, count);
              if (count > 1) {
                outcomes.put(group, TestCase.skipped(assertion.words(), judgedBy(count)));
                figures.put(group, 0);
                return;
              }
              Outcome outcome = assertion.judge(run);
              log(outcome);
              outcomes.put(group, outcome.testCase());
              if (outcome.value().isPresent()) {
                figures.put(group, outcome.ticks());
              }
            });
    if (folder.isEmpty()) {
      if (!figures.isEmpty() && startEpochMillis.isPresent()) {
        LOGGER.error(
            "This run's token assertions fail in Gatling's report: the run's folder is not known");
      }
      return List.of();
    }
    SimulationLog log = new SimulationLog(folder.get());
    if (!figures.isEmpty() && startEpochMillis.isPresent()) {
      log.append(figures, startEpochMillis.getAsLong());
    }
    if (!log.hasAssertions()) {
      return List.of();
    }
    List<TestCase> tests = log.assertionOutcomes(outcomes);
    judged = tests;
    return tests.stream().filter(test -> !outcomes.containsValue(test)).toList();
  }

  private static void log(Outcome outcome) {
    if (!outcome.holds()) {
      LOGGER.error("Assertion failed: {}, but {}", outcome.assertion().words(), outcome.found());
    } else if (outcome.remark() != null) {
      LOGGER.warn("Assertion met: {}; {}", outcome.assertion().words(), outcome.found());
    }
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

  private Map<TokenAssertion, Integer> all() {
    synchronized (assertions) {
      return new LinkedHashMap<>(assertions);
    }
  }
}
