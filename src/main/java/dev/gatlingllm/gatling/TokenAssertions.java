package dev.gatlingllm.gatling;

import static io.gatling.javaapi.core.CoreDsl.details;

import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.report.assertion.JUnitFile;
import dev.gatlingllm.report.assertion.Judgement;
import dev.gatlingllm.report.assertion.TokenLimit;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The assertions on token figures of one simulation. Any thread may call it. */
public final class TokenAssertions {

  private static final Logger LOGGER = LoggerFactory.getLogger(TokenAssertions.class);

  private final Set<TokenLimit> limits = new LinkedHashSet<>();

  /** Null until the load has ended. */
  private volatile List<Judgement> judged;

  /** Adds an assertion, to be judged when the load ends, and returns it for Gatling. */
  public Assertion add(TokenLimit limit) {
    synchronized (limits) {
      limits.add(limit);
    }
    return gatlings(limit);
  }

  /** Every statistic of the only record in the limit's group is the figure. */
  private static Assertion gatlings(TokenLimit limit) {
    WithPathAndTarget<Integer> figure = details(limit.group()).responseTime().max();
    return switch (limit.limit().comparison()) {
      case LESS -> figure.lt(limit.highTicks());
      case LESS_OR_EQUAL -> figure.lte(limit.highTicks());
      case GREATER -> figure.gt(limit.lowTicks());
      case GREATER_OR_EQUAL -> figure.gte(limit.lowTicks());
      case EQUAL -> figure.is(limit.lowTicks());
      case BETWEEN -> figure.between(limit.lowTicks(), limit.highTicks());
    };
  }

  /**
   * Judges the assertions, logs those that fail, and appends the figures to Gatling's log. Must be
   * called when Gatling has closed its log and has not read it yet.
   *
   * @param run the summary of the whole run
   * @param startEpochMillis wall clock when the run began; empty if it did not
   * @param folder the run's folder, if it is known
   */
  public void judge(RunSummary run, OptionalLong startEpochMillis, Optional<Path> folder) {
    List<Judgement> judgements = limits().stream().map(limit -> limit.judge(run)).toList();
    for (Judgement judgement : judgements) {
      if (!judgement.holds()) {
        LOGGER.error("Assertion failed: {}, but {}", judgement.stated().words(), judgement.found());
      }
    }
    judged = judgements;
    List<Judgement> measured = judgements.stream().filter(j -> j.value().isPresent()).toList();
    if (measured.isEmpty() || startEpochMillis.isEmpty()) {
      return;
    }
    if (folder.isEmpty()) {
      LOGGER.error(
          "This run's token assertions fail in Gatling's report: the run's folder is not known");
      return;
    }
    try {
      new SimulationLog(folder.get()).append(measured, startEpochMillis.getAsLong());
    } catch (IOException problem) {
      LOGGER.error(
          "This run's token assertions fail in Gatling's report: its log cannot be written",
          problem);
    }
  }

  /**
   * Writes the results of all assertions of the run into its folder, as JUnit's XML. Writes no file
   * for a run without assertions, or one that was stopped before its load ended. Must be called
   * when Gatling is done with the run.
   */
  public void writeForCi(Path folder) {
    try {
      if (judged != null && new SimulationLog(folder).hasAssertions()) {
        Map<String, Judgement> figures = new LinkedHashMap<>();
        judged.forEach(judgement -> figures.put(judgement.stated().group(), judgement));
        JUnitFile.write(AssertionOutcomes.in(folder, figures), folder);
      }
    } catch (IOException | RuntimeException problem) {
      LOGGER.error("{} could not be written into {}", JUnitFile.FILE_NAME, folder, problem);
    }
  }

  private List<TokenLimit> limits() {
    synchronized (limits) {
      return List.copyOf(limits);
    }
  }
}
