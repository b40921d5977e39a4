package dev.gatlingllm.gatling;

import io.gatling.core.actor.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The moment between the load and Gatling's report: every user has ended and Gatling has closed its
 * log, which it reads next. Gatling ends its actors then, on the thread that reports.
 */
final class LoadEnd {

  private static final Logger LOGGER = LoggerFactory.getLogger(LoadEnd.class);

  private LoadEnd() {}

  /** A task that fails keeps nobody else from ending. */
  static void call(ActorSystem actors, Runnable task) {
    actors.registerOnTermination(
        () -> {
          try {
            task.run();
          } catch (Throwable problem) {
            LOGGER.error("This run could not be concluded", problem);
          }
          return null;
        });
  }
}
