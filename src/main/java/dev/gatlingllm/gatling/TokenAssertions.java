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

/**
 * The assertions on token figures that the simulation of this process states. Any thread may call
 * it.
 */
public final class TokenAssertions {

  private static final Logger LOGGER = LoggerFactory.getLogger(TokenAssertions.class);

  private static final Set<TokenLimit> STATED = new LinkedHashSet<>();

  /** Null until the load has ended. */
  private static volatile List<Judgement> judged;

  private TokenAssertions() {}

  /** Has an assertion judged when the load ends, and gives it to Gatling's {@code assertions}. */
  public static Assertion state(TokenLimit limit) {
    synchronized (STATED) {
      STATED.add(limit);
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
   * Judges what was stated, tells of what does not hold, and hands the figures to Gatling. To be
   * called when Gatling has closed its log and has not read it yet. Forgets what was stated, so
   * that a later simulation of the same process states its own.
   *
   * @param run all of the run
   * @param startEpochMillis the run's first request; empty if there was none
   * @param folder the run's folder, if it is known
   */
  public static void judge(RunSummary run, OptionalLong startEpochMillis, Optional<Path> folder) {
    List<Judgement> judgements = taken().stream().map(limit -> limit.judge(run)).toList();
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
          "Gatling will not find the figures of this run's token assertions, which fail: the run's"
              + " folder is not known");
      return;
    }
    try {
      new SimulationLog(folder.get()).append(measured, startEpochMillis.getAsLong());
    } catch (IOException problem) {
      LOGGER.error("Gatling will not find the figures of this run's token assertions", problem);
    }
  }

  /**
   * Leaves what came of all assertions of a run in its folder, as JUnit's XML; no file where
   * nothing was asserted, or where the run was stopped before its load had ended. To be called when
   * Gatling is done with the run.
   */
  public static void writeForCi(Path folder) {
    try {
      if (judged != null && new SimulationLog(folder).holdsAssertions()) {
        Map<String, Judgement> figures = new LinkedHashMap<>();
        judged.forEach(judgement -> figures.put(judgement.stated().group(), judgement));
        JUnitFile.write(AssertionOutcomes.in(folder, figures), folder);
      }
    } catch (IOException | RuntimeException problem) {
      LOGGER.error("{} could not be written into {}", JUnitFile.FILE_NAME, folder, problem);
    }
  }

  private static List<TokenLimit> taken() {
    synchronized (STATED) {
      List<TokenLimit> taken = List.copyOf(STATED);
      STATED.clear();
      return taken;
    }
  }
}
