package dev.gatlingllm.gatling;

import io.gatling.core.CoreComponents;
import io.gatling.core.actor.ActorSystem;
import io.gatling.core.config.DataConfiguration;
import io.gatling.core.stats.writer.DataWriterType;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.duration.FiniteDuration;
import scala.runtime.BoxedUnit;

/** Events of a Gatling run for which Gatling has no listeners, taken from its actor system. */
final class GatlingEvents {

  private static final Logger LOGGER = LoggerFactory.getLogger(GatlingEvents.class);

  /** Delay behind Gatling's own timer, which may start a little later than ours. */
  private static final long DELAY_MILLIS = 200;

  private GatlingEvents() {}

  /**
   * Runs a task each time Gatling has printed its status, until the load has ended; never where
   * Gatling's console is off. A task that fails is logged and not run again.
   */
  static void onStatusPrinted(CoreComponents core, Runnable task) {
    DataConfiguration data = core.configuration().data();
    if (!data.dataWriters().contains(DataWriterType.Console$.MODULE$)) {
      return;
    }
    FiniteDuration period = data.console().writePeriod();
    AtomicBoolean broken = new AtomicBoolean();
    core.actorSystem()
        .scheduler()
        .scheduleAtFixedRate(
            period.$plus(FiniteDuration.apply(DELAY_MILLIS, TimeUnit.MILLISECONDS)),
            period,
            () -> {
              if (!broken.get()) {
                broken.set(!succeeds(task, "The live line of token figures ends here"));
              }
              return BoxedUnit.UNIT;
            });
  }

  /**
   * Runs a task between the load and Gatling's report: every user has ended, and Gatling has closed
   * its log, which it reads next on the same thread. A task that fails is logged.
   */
  static void onLoadEnd(ActorSystem actors, Runnable task) {
    actors.registerOnTermination(
        () -> {
          succeeds(task, "The figures of this run are incomplete");
          return null;
        });
  }

  private static boolean succeeds(Runnable task, String failure) {
    try {
      task.run();
      return true;
    } catch (Throwable problem) {
      LOGGER.error(failure, problem);
      return false;
    }
  }
}
