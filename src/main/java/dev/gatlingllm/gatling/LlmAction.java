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
 * An action of a scenario. Java cannot inherit what Gatling's richer action traits add, so it is
 * here: leaving a block that must be left, and crashing a virtual user whose action throws, so that
 * the user goes on with a failed session.
 */
abstract class LlmAction implements Action {

  private final String name;
  private final CoreComponents core;
  private final Action next;
  private Logger logger = Logger$.MODULE$.apply(LoggerFactory.getLogger(getClass()));

  LlmAction(String name, CoreComponents core, Action next) {
    this.name = name;
    this.core = core;
    this.next = next;
  }

  /** Does the action's work on the event loop of the user, and lets the user go on. */
  abstract void run(Session session);

  @Override
  public final void execute(Session session) {
    try {
      run(session);
    } catch (Throwable problem) {
      crash(session, problem);
    }
  }

  /** Returns the action that follows. */
  final Action next() {
    return next;
  }

  /**
   * Crashes a user whose action threw an exception or, unlike Gatling, an error: otherwise the user
   * would hang until the end of the run.
   */
  final void crash(Session session, Throwable problem) {
    if (problem instanceof Error) {
      logger().underlying().error("{} failed", name, problem);
    }
    crash(session, messageOf(problem));
  }

  /** Logs the crash, counts it among Gatling's errors, and lets the user go on as failed. */
  void crash(Session session, String message) {
    logger().underlying().error("{}: {}", name, message);
    logCrash(session, name, message);
    next.$bang(session.markAsFailed());
  }

  /** Counts a request that could not be made among Gatling's errors. */
  final void logCrash(Session session, String request, String message) {
    core.statsEngine()
        .logRequestCrash(
            session.scenario(), session.groups(), request, TimedRequest.clean(message));
  }

  /** Returns an exception's message, or its description where it has none. */
  static String messageOf(Throwable problem) {
    return problem instanceof Error || problem.getMessage() == null
        ? problem.toString()
        : problem.getMessage();
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
}
