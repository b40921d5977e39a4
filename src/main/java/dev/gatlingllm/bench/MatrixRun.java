package dev.gatlingllm.bench;

import dev.gatlingllm.bench.search.LimitSearch.MeasureFailedException;
import dev.gatlingllm.report.runs.RunsIndex;
import dev.gatlingllm.text.Plurals;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures all combinations, or searches the limit of a parameter for each. Writes the result file
 * after each combination and prints JMH's table at the end, even if the process is stopped before.
 */
final class MatrixRun {

  private static final int OK = 0;
  private static final int FAILED = 1;

  /** Time to write the last results after a stop. */
  private static final long PATIENCE_SECONDS = 15;

  private final List<Combination> combinations;
  private final Optional<ResultFile> file;
  private final Progress progress;
  private final Forks forks;
  private final PrintWriter details;
  private final PrintWriter out;
  private final BenchOptions options;
  private final Results results = new Results();
  private boolean written = true;
  private int complete;

  MatrixRun(
      List<Combination> combinations,
      BenchOptions options,
      Optional<ResultFile> file,
      PrintWriter out) {
    this.combinations = combinations;
    this.options = options;
    this.file = file;
    this.out = out;
    // a search has no plan
    progress =
        new Progress(options.search().isPresent() ? List.of() : combinations, System::nanoTime);
    // a search has a line for each step: what its forks say is for those who ask for it
    boolean brief = options.search().isPresent() && options.verbosity != VerboseMode.EXTRA;
    details = brief ? new PrintWriter(Writer.nullWriter()) : out;
    forks = new Forks(options, progress, out, details);
  }

  /** Runs until everything is measured and returns the exit code. */
  int run() {
    CountDownLatch done = new CountDownLatch(1);
    Thread stop = new Thread(() -> stopAndWait(done), "gatling-llm-benchmark-stop");
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      measureAll();
      conclude();
    } finally {
      done.countDown();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(stop);
    } catch (IllegalStateException shuttingDown) {
      // the hook itself has caused this end
    }
    return complete == combinations.size() && written ? OK : FAILED;
  }

  /**
   * Stops the current fork and starts no other. Keeps what was measured. Any thread may call it.
   */
  void stop() {
    forks.stop();
  }

  private void stopAndWait(CountDownLatch done) {
    stop();
    try {
      done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void measureAll() {
    if (options.search().isEmpty()) {
      out.println(progress.plan());
      out.println();
    }
    for (Combination combination : combinations) {
      if (forks.isOver()) {
        return;
      }
      if (options.search().isPresent()) {
        complete += search(combination, options.search().get()) ? 1 : 0;
      } else {
        int failures = forks.failures();
        List<ForkScores> measured = measure(combination);
        complete += !measured.isEmpty() && forks.failures() == failures ? 1 : 0;
      }
    }
  }

  private List<ForkScores> measure(Combination combination) {
    List<ForkScores> measured = forks.measure(combination, results.forks(combination));
    if (!measured.isEmpty()) {
      details.println("Result \"" + combination.benchmark() + "\":");
      details.println(results.add(combination, measured).getPrimaryResult().extendedInfo());
      details.println();
      write();
    }
    return measured;
  }

  private boolean search(Combination base, BenchOptions.Search search) {
    String ending =
        "-search" + (combinations.size() > 1 ? "-" + (combinations.indexOf(base) + 1) : "");
    if (details != out) {
      base.header().forEach(out::println);
    }
    return new CombinationSearch(search, out, beside(ending + ".json"), beside(ending + ".html"))
        .run(
            value -> {
              Combination point = base.with(search.axis().name(), value);
              List<ForkScores> measured = measure(point);
              int planned = point.conditions().forks();
              if (measured.size() < planned) {
                // the load may be what they failed at
                throw new MeasureFailedException(
                    Plurals.format(
                        "%d of %d fork{s} ha{s|ve} no score", planned - measured.size(), planned));
              }
              String parameter = point.nameOf(search.axis().name());
              if (measured.stream().anyMatch(fork -> fork.withoutEffect().contains(parameter))) {
                // each load would be the same, and sustained
                throw new MeasureFailedException(Combination.noEffect(parameter));
              }
              return point.scores(measured);
            });
  }

  private Path beside(String ending) {
    return file.map(there -> there.beside(ending))
        .orElseGet(() -> Path.of(options.reports, "jmh-result" + ending));
  }

  private void write() {
    if (file.isPresent()) {
      try {
        file.get().write(results);
        results.writePage(file.get().beside(".html"));
        written = true;
      } catch (IOException e) {
        written = false;
        out.printf(
            "# FAILED: %s could not be written (%s); its content is unchanged%n", file.get(), e);
      }
    }
  }

  /** Adds the pages of scores and searches to the list of runs that the forks have written. */
  private void listPages() {
    Path reports = Path.of(options.reports);
    if (Files.exists(reports.resolve("index.html"))) {
      try {
        RunsIndex.updateFolder(reports);
      } catch (IOException e) {
        out.println("# The list of runs in " + reports + " could not be written: " + e);
      }
    }
  }

  private void conclude() {
    if (!written) {
      write();
    }
    out.println(progress.total());
    if (forks.failures() > 0) {
      out.println(Plurals.format("# %d fork{s} FAILED; see above", forks.failures()));
    }
    if (options.search().isEmpty() && results.size() < combinations.size()) {
      out.println(
          "# " + results.size() + " of " + combinations.size() + " combinations have a result");
    }
    out.println();
    if (!results.isEmpty()) {
      results.warnings().forEach(line -> out.println("# Warning: " + line));
      results.pooling().ifPresent(line -> out.println("# " + line));
      file.filter(there -> written)
          .ifPresent(there -> out.println("# Page: " + there.beside(".html")));
      out.println();
      out.println(results.table());
    }
    file.filter(there -> written && !results.isEmpty())
        .ifPresent(there -> out.println("Results: " + there));
    listPages();
    out.flush();
  }
}
