package dev.gatlingllm.gatling;

import com.typesafe.scalalogging.Logger;
import com.typesafe.scalalogging.Logger$;
import io.gatling.core.CoreComponents;
import io.gatling.core.action.Action;
import io.gatling.core.action.BlockExit;
import io.gatling.core.session.Session;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * A step of a scenario. What Gatling's richer action traits add cannot be inherited in Java and
 * stands here: leaving a block that must be left, and telling of a step that cannot be done.
 */
abstract class Step implements Action {

  private final String name;
  private final CoreComponents core;
  private Logger logger = Logger$.MODULE$.apply(LoggerFactory.getLogger(getClass()));

  Step(String name, CoreComponents core) {
    this.name = name;
    this.core = core;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Logger logger() {
    return logger;
  }

  @Override
  public final void com$typesafe$scalalogging$StrictLogging$_setter_$logger_$eq(Logger logger) {
    this.logger = logger;
  }

  @Override
  public final void $bang(Session session) {
    Option<BlockExit> exit = BlockExit.mustExit(session);
    if (exit.isDefined()) {
      exit.get().exitBlock(core.statsEngine(), core.clock().nowMillis());
    } else {
      Action.super.$bang(session);
    }
  }

  /** Counts a step that could not be done among Gatling's errors. */
  final void logCrash(Session session, String request, String message) {
    core.statsEngine().logRequestCrash(session.scenario(), session.groups(), request, message);
  }

  /** What an exception says, or what it is where it says nothing. */
  static String messageOf(RuntimeException cause) {
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
