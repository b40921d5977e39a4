package dev.gatlingllm.gatling;

import dev.gatlingllm.metrics.ResponseSink;
import java.util.List;

/** Follows a run, to report it. The methods are called in the order in which they stand here. */
public interface RunObserver {

  /** An observer that ignores everything. */
  RunObserver NOBODY = new RunObserver() {};

  /** Returns the sinks that get each response while the run goes on. */
  default List<ResponseSink> sinks(TokenRun run) {
    return List.of();
  }

  /** The simulation is built and has timed requests; the first one has not been sent. */
  default void prepared(TokenRun run) {}

  /** The moment of {@code llm.startAt} has come, if it is set; Gatling starts the load next. */
  default void starting(TokenRun run) {}

  /** The run has begun, and Gatling has printed its status. Called on one of Gatling's threads. */
  default void statusPrinted(TokenRun run) {}

  /**
   * The load has ended, or the process is stopped before. Whatever else is to enter the figures
   * must do so now. Called once, not on an event loop.
   */
  default void loadStopped(TokenRun run) {}

  /**
   * The figures are final: the load has ended, or the process is stopped before. Called once, not
   * on an event loop.
   */
  default void recordingEnded(TokenRun run) {}

  /**
   * The load has ended, and Gatling has closed its log but not read it yet. Called once, on the
   * thread that reports next; never for a run that is stopped before.
   */
  default void loadEnded(TokenRun run) {}

  /**
   * Gatling is done with the run: its report is written, or the process is stopped before that.
   * Called in a shutdown hook, or before the process's next simulation starts.
   */
  default void ended(TokenRun run) {}
}
