package dev.gatlingllm.gatling;

import ch.qos.logback.classic.LoggerContext;
import dev.gatlingllm.settings.SettingException;
import dev.gatlingllm.text.Redactor;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Prints one line for a setting or a feeder that stops a run. Gatling would print the message amid
 * the stack traces of its launcher, once in its log and once as the exception that ends the main
 * thread. Also keeps secrets out of the log.
 */
public final class ConsoleGuard {

  private static final String LAUNCHER = "io.gatling.app.Gatling$";

  /** Where Gatling's feeders throw, such as for a file that does not exist. */
  private static final String FEEDERS = "io.gatling.core.feeder.";

  /** Gatling's Maven plugin starts a run through it; it prints the stack trace of any exception. */
  private static final String MAVEN_LAUNCHER = "io.gatling.plugin.util.ForkMain";

  private static final String RULE = "=".repeat(120);

  private ConsoleGuard() {}

  /** Applies to the current thread, which builds the simulation, and to the log. */
  public static void install() {
    Thread builder = Thread.currentThread();
    UncaughtExceptionHandler others = builder.getUncaughtExceptionHandler();
    builder.setUncaughtExceptionHandler(
        (thread, error) ->
            mistakeIn(error)
                .ifPresentOrElse(
                    ConsoleGuard::print, () -> others.uncaughtException(thread, error)));
    // another logging library may have taken logback's place
    if (LoggerFactory.getILoggerFactory().getClass().getName().endsWith("LoggerContext")) {
      RedactedLog.add((LoggerContext) LoggerFactory.getILoggerFactory(), Redactor.ofProcess());
    }
  }

  /** A line between two rules is seen among what a build prints. */
  private static void print(Throwable mistake) {
    String line = String.valueOf(mistake.getMessage());
    System.err.println(String.join(System.lineSeparator(), RULE, line, RULE));
  }

  /**
   * Returns whether a line of Gatling's launcher is about a mistake that is printed. Ends the
   * process where the exception would not end the main thread.
   */
  static boolean isPrinted(String logger, Throwable error) {
    if (error == null || !logger.equals(LAUNCHER)) {
      return false;
    }
    Optional<Throwable> mistake = mistakeIn(error);
    if (mistake.isPresent() && isCaughtByMaven()) {
      print(mistake.get());
      System.exit(1);
    }
    return mistake.isPresent();
  }

  private static boolean isCaughtByMaven() {
    return StackWalker.getInstance()
        .walk(calls -> calls.anyMatch(call -> call.getClassName().equals(MAVEN_LAUNCHER)));
  }

  private static Optional<Throwable> mistakeIn(Throwable error) {
    return Stream.iterate(error, cause -> cause != null, Throwable::getCause)
        .filter(
            cause ->
                cause instanceof SettingException || cause.getClass().getName().startsWith(FEEDERS))
        .findFirst();
  }
}
