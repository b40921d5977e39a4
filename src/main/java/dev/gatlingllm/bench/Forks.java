package dev.gatlingllm.bench;

import dev.gatlingllm.gatling.RunProblems;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures combinations, each fork in its own process, one after another. A fork that fails is
 * reported and counted, and the next one starts. Any thread may call {@link #stop}.
 */
final class Forks {

  /**
   * Exit codes of a fork whose load was measured: it also met the user's assertions; it did not;
   * one of its files could not be written.
   */
  private static final Set<Integer> COMPLETE = Set.of(0, 2, RunProblems.EXIT_STATUS);

  private final BenchOptions options;
  private final Progress progress;
  private final PrintWriter out;
  private final PrintWriter details;

  /** The header of the combination before: of the next one, only what differs is printed. */
  private List<String> shown = List.of();

  private int failed;
  private volatile boolean stopped;
  private volatile @Nullable ForkProcess running;

  /**
   * Creates forks.
   *
   * @param out receives what failed
   * @param details receives what the forks do and say
   */
  Forks(BenchOptions options, Progress progress, PrintWriter out, PrintWriter details) {
    this.options = options;
    this.progress = progress;
    this.out = out;
    this.details = details;
  }

  /**
   * Measures a combination and returns the scores of its forks, without those that have none.
   *
   * @param earlier number of earlier forks of the combination, so that every fork has its own salt
   */
  List<ForkScores> measure(Combination combination, int earlier) {
    Conditions conditions = combination.conditions();
    List<ForkScores> measured = new ArrayList<>();
    List<String> header = new ArrayList<>(combination.header());
    header.add("# Cache: " + options.cache.meaning);
    header.stream().filter(line -> !shown.contains(line)).forEach(details::println);
    shown = header;
    int last = earlier + conditions.forks();
    int first = earlier == 0 ? 1 - conditions.warmupForks() : earlier + 1;
    for (int fork = first; fork <= last; fork++) {
      if (isOver()) {
        break;
      }
      Optional<ForkScores> scores = measure(combination, fork, last);
      if (fork > 0) {
        scores.ifPresent(measured::add);
      }
    }
    details.println();
    return measured;
  }

  private Optional<ForkScores> measure(Combination combination, int fork, int last) {
    Conditions conditions = combination.conditions();
    details.println();
    details.println(progress.line());
    details.println(
        fork > 0
            ? "# Fork: " + fork + " of " + last
            : "# Warmup Fork: "
                + (fork + conditions.warmupForks())
                + " of "
                + conditions.warmupForks());
    String salt = ForkProcess.salt(options, combination, fork);
    if (salt != null) {
      details.println("# Salt of the seeds: " + salt);
    }
    ForkLog log = new ForkLog(Path.of(options.reports));
    try (log) {
      return judged(run(combination, fork, log), log, conditions);
    } catch (IOException e) {
      failed("could not be run: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped = true;
    } finally {
      progress.ended(combination);
    }
    return Optional.empty();
  }

  private ForkProcess.End run(Combination combination, int fork, ForkLog log)
      throws IOException, InterruptedException {
    ForkProcess process = new ForkProcess(options, combination, fork);
    running = process;
    if (stopped) {
      process.stop();
    }
    boolean verbose = options.verbosity == VerboseMode.EXTRA;
    return process.run(
        limit(combination.conditions()),
        details::println,
        line -> {
          String shown = log.add(line);
          if (verbose) {
            details.println(shown);
          }
        });
  }

  private static Duration limit(Conditions conditions) {
    return conditions.duration().plusNanos(conditions.timeout().convertTo(TimeUnit.NANOSECONDS));
  }

  private Optional<ForkScores> judged(ForkProcess.End end, ForkLog log, Conditions conditions) {
    log.close();
    boolean isComplete = COMPLETE.contains(end.exit());
    if (end.scores() == null || !isComplete) {
      failed(
          stopped
              ? "was stopped"
              : end.late()
                  ? "took longer than its load and " + conditions.timeout() + ", and was stopped"
                  : end.exit() == 0
                      ? "ended without a score; its load may have ended before the last iteration"
                      : "ended without a score, with exit code " + end.exit());
      if (!stopped) {
        log.lastLines().forEach(line -> out.println("#   " + line));
        out.println("# Full output: " + log.file());
      }
      return Optional.empty();
    }
    Path report = report(end.scores());
    ForkScores scores = end.scores().withReport(report);
    if (report != null) {
      log.moveTo(report);
      details.println("# Report: " + report.resolve("index.html"));
    }
    scores.notes().forEach(note -> out.println("# " + note.text()));
    if (end.exit() != 0) {
      failed("has a score, but ended with exit code " + end.exit() + ": " + log.file());
    }
    List<Integer> without = scores.without(conditions.score());
    if (!without.isEmpty()) {
      failed("measured no " + conditions.score().label() + " in iterations " + without);
    } else if (options.search().isEmpty()) {
      ForkScores.samples(conditions.score(), List.of(scores))
          .filter(samples -> samples.fewestOfAFork() < samples.neededByFork())
          .ifPresent(
              samples ->
                  failed(
                      "has too few samples for %s: %d, and it takes %d"
                          .formatted(
                              conditions.score().label(),
                              samples.fewestOfAFork(),
                              samples.neededByFork())));
    }
    // to a search, no score means that the load is too high
    boolean empty = without.size() == conditions.iterations() && options.search().isEmpty();
    return empty ? Optional.empty() : Optional.of(scores);
  }

  /** Returns the folder of a fork's report; null unless it is in the folder of all reports. */
  private @Nullable Path report(ForkScores scores) {
    if (scores.report() == null) {
      return null;
    }
    try {
      Path folder = Path.of(scores.report()).toRealPath();
      return Path.of(options.reports).toRealPath().equals(folder.getParent()) ? folder : null;
    } catch (IOException | InvalidPathException e) {
      return null;
    }
  }

  private void failed(String how) {
    failed++;
    out.println("# FAILED: this fork " + how);
  }

  /** Returns how many forks failed. */
  int failures() {
    return failed;
  }

  /** Returns whether no other fork must start. */
  boolean isOver() {
    return stopped || (failed > 0 && options.failOnError);
  }

  /** Stops the current fork and starts no other. */
  void stop() {
    stopped = true;
    ForkProcess now = running;
    if (now != null) {
      now.stop();
    }
  }
}
