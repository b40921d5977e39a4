package dev.gatlingllm.gatling;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import dev.gatlingllm.settings.SettingException;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Prints one line for a setting that stops a run. Gatling would print the message amid the stack
 * traces of its launcher, once in its log and once as the exception that ends the main thread.
 */
public final class StartupErrors {

  private StartupErrors() {}

  /** Applies to the current thread, which builds the simulation, and to Gatling's log. */
  public static void printInOneLine() {
    Thread builder = Thread.currentThread();
    UncaughtExceptionHandler others = builder.getUncaughtExceptionHandler();
    builder.setUncaughtExceptionHandler(
        (thread, error) ->
            invalidSetting(error)
                .ifPresentOrElse(
                    invalid -> System.err.println(invalid.getMessage()),
                    () -> others.uncaughtException(thread, error)));
    // another logging library may have taken logback's place
    if (LoggerFactory.getILoggerFactory().getClass().getName().endsWith("LoggerContext")) {
      LauncherFilter.add();
    }
  }

  private static Optional<Throwable> invalidSetting(Throwable error) {
    return Stream.iterate(error, cause -> cause != null, Throwable::getCause)
        .filter(SettingException.class::isInstance)
        .findFirst();
  }

  /** Keeps what the launcher logs about an invalid setting out of the log. */
  private static final class LauncherFilter extends TurboFilter {

    private static final String LAUNCHER = "io.gatling.app.Gatling$";

    static void add() {
      ((LoggerContext) LoggerFactory.getILoggerFactory()).addTurboFilter(new LauncherFilter());
    }

    @Override
    public FilterReply decide(
        Marker marker,
        Logger logger,
        Level level,
        String format,
        Object[] parameters,
        Throwable error) {
      return error != null && logger.getName().equals(LAUNCHER) && invalidSetting(error).isPresent()
          ? FilterReply.DENY
          : FilterReply.NEUTRAL;
    }
  }
}
