package dev.gatlingllm.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * Measures all combinations and leaves their results: in the file after each of them, and in JMH's
 * table at the end, also where the process is told to stop before.
 */
final class MatrixRun {

  private static final int OK = 0;
  private static final int FAILED = 1;

  /** For the last results to be written after a stop. */
  private static final long PATIENCE_SECONDS = 15;

  private final List<Combination> combinations;
  private final Optional<ResultFile> file;
  private final Progress progress;
  private final Forks forks;
  private final PrintStream out;
  private final List<RunResult> results = new ArrayList<>();
  private boolean written = true;

  MatrixRun(
      List<Combination> combinations,
      BenchOptions options,
      Optional<ResultFile> file,
      PrintStream out) {
    this.combinations = combinations;
    this.file = file;
    this.out = out;
    progress = new Progress(combinations, System::nanoTime);
    forks = new Forks(options, progress, out);
  }

  /** Runs until all is measured; the exit status. */
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
      // it is the hook that let this end
    }
    return results.size() == combinations.size() && forks.failures() == 0 && written ? OK : FAILED;
  }

  /** Ends what is running and begins nothing else; what was measured is kept. For any thread. */
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
    out.println(progress.plan());
    out.println();
    for (Combination combination : combinations) {
      if (forks.isOver()) {
        return;
      }
      List<ForkScores> measured = forks.measure(combination);
      if (!measured.isEmpty()) {
        RunResult result = new JmhResults(combination).of(measured);
        results.add(result);
        show(combination, result.getPrimaryResult());
        write();
      }
    }
  }

  private void show(Combination combination, Result<?> score) {
    out.println("Result \"" + combination.benchmark() + "\":");
    out.println(score.extendedInfo());
    out.println();
  }

  private void write() {
    if (file.isPresent()) {
      try {
        file.get().write(results);
        written = true;
      } catch (IOException e) {
        written = false;
        out.println(
            "# FAILED: " + file.get() + " could not be written (" + e + "); it holds what it held");
      }
    }
  }

  private void conclude() {
    if (!written) {
      write();
    }
    out.println(progress.total());
    if (forks.failures() > 0) {
      out.println("# " + forks.failures() + " forks FAILED; see above");
    }
    if (results.size() < combinations.size()) {
      out.println(
          "# " + results.size() + " of " + combinations.size() + " combinations have a result");
    }
    out.println();
    if (!results.isEmpty()) {
      out.println(Tables.of(results));
    }
    file.filter(there -> written && !results.isEmpty())
        .ifPresent(there -> out.println("Results: " + there));
    out.flush();
  }
}
