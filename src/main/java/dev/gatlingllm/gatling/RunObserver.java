package dev.gatlingllm.gatling;

import dev.gatlingllm.metrics.ResponseSink;
import java.util.List;

/** Whoever reports on a run. */
public interface RunObserver {

  /** Leaves the run unreported. */
  RunObserver NOBODY =
      new RunObserver() {
        @Override
        public List<ResponseSink> sinks() {
          return List.of();
        }

        @Override
        public void prepared(TokenRun run) {}
      };

  /** Where each reply goes as the run goes on. */
  List<ResponseSink> sinks();

  /** The simulation is built and has timed requests; the first one has not been sent. */
  void prepared(TokenRun run);

  /** The run has begun, and Gatling has printed how it goes. Called on a thread of Gatling's. */
  default void statusPrinted(TokenRun run) {}

  /**
   * The load has ended, and Gatling has closed its log and not read it yet. Called once for each
   * load, on the thread that reports next; not on one of Gatling's event loops.
   */
  default void loadEnded(TokenRun run) {}

  /**
   * The process ends, after Gatling's report or because it is stopped, and recording with it: the
   * figures are final.
   */
  default void ended(TokenRun run) {}
}
