package dev.gatlingllm.gatling;

import io.gatling.core.CoreComponents;
import io.gatling.core.config.DataConfiguration;
import io.gatling.core.stats.writer.DataWriterType;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.duration.FiniteDuration;
import scala.runtime.BoxedUnit;

/**
 * The beat at which Gatling prints its status block, and so close behind it that a line of ours
 * follows the block. Gatling stops it when the load has ended.
 */
final class ConsoleRhythm {

  private static final Logger LOGGER = LoggerFactory.getLogger(ConsoleRhythm.class);

  /** By how much a beat follows Gatling's, which may start a little later than its own timer. */
  private static final long BEHIND_MILLIS = 200;

  private ConsoleRhythm() {}

  /** Calls a task at every beat; never where Gatling's console is off. */
  static void follow(CoreComponents core, Runnable task) {
    DataConfiguration data = core.configuration().data();
    if (!data.dataWriters().contains(DataWriterType.Console$.MODULE$)) {
      return;
    }
    FiniteDuration period = data.console().writePeriod();
    AtomicBoolean broken = new AtomicBoolean();
    core.actorSystem()
        .scheduler()
        .scheduleAtFixedRate(
            period.$plus(FiniteDuration.apply(BEHIND_MILLIS, TimeUnit.MILLISECONDS)),
            period,
            () -> {
              if (!broken.get()) {
                attempt(task, broken);
              }
              return BoxedUnit.UNIT;
            });
  }

  private static void attempt(Runnable task, AtomicBoolean broken) {
    try {
      task.run();
    } catch (RuntimeException problem) {
      broken.set(true);
      LOGGER.error("The live line of token figures ends here", problem);
    }
  }
}
