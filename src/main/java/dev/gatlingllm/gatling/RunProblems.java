package dev.gatlingllm.gatling;

import dev.gatlingllm.text.Redactor;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a run could not record, write or show. Each problem is printed to standard error at once:
 * Gatling closes its log before the process ends. A process with a problem exits with {@value
 * #EXIT_STATUS}, so that CI notices that something is missing. Safe for threads.
 */
public final class RunProblems {

  /** Exit status of a process whose run is incomplete; Gatling's own are 0 to 2. */
  public static final int EXIT_STATUS = 3;

  private static final int MAX_CHARS = 500;

  /** A step of a run's end, which others do not depend on. */
  public interface Step {

    /** Takes the step. */
    void run() throws Exception;
  }

  /** The steps to take again, by what they make; empty where that makes no sense. */
  private final Map<String, Optional<Step>> problems = new LinkedHashMap<>();

  private final PrintStream console;

  RunProblems(PrintStream console) {
    this.console = console;
  }

  /**
   * Takes a step. If it fails in any way, that is a problem of the run.
   *
   * @param what what the step makes, such as the name of a file
   */
  public void attempt(String what, Step step) {
    take(what, step, Optional.empty());
  }

  /**
   * Takes a step as soon as the load has ended. If it fails, it is taken again when Gatling is done
   * with the run: by then connections are closed, and file descriptors free.
   *
   * @param what what the step makes, such as the name of a file
   */
  public void attemptTwice(String what, Step step) {
    take(what, step, Optional.of(step));
  }

  private void take(String what, Step step, Optional<Step> again) {
    try {
      step.run();
    } catch (Throwable problem) {
      add(what, problem, again);
    }
  }

  /**
   * Adds a problem.
   *
   * @param what what is missing or incomplete
   */
  public void add(String what, Throwable problem) {
    add(what, problem, Optional.empty());
  }

  private synchronized void add(String what, Throwable problem, Optional<Step> again) {
    problems.put(what, again);
    // the message of many input/output errors is only the name of a file
    console.printf(
        "gatling-llm: %s could not be written: %s: %s%n",
        what,
        problem.getClass().getSimpleName(),
        Redactor.ofProcess().line(String.valueOf(problem.getMessage()), MAX_CHARS));
    if (!(problem instanceof IOException)) {
      StringWriter trace = new StringWriter();
      problem.printStackTrace(new PrintWriter(trace, true));
      console.print(Redactor.ofProcess().printable(trace.toString()));
    }
    console.flush();
  }

  /** Takes the steps again that failed and may succeed now. */
  synchronized void retry() {
    Map.copyOf(problems).forEach((what, again) -> again.ifPresent(step -> retry(what, step)));
  }

  private void retry(String what, Step step) {
    try {
      step.run();
      problems.remove(what);
      console.printf("gatling-llm: %s is written now%n", what);
    } catch (Throwable asBefore) {
      // said before
    }
  }

  /** Returns whether there is any problem. */
  synchronized boolean isAny() {
    return !problems.isEmpty();
  }
}
