package dev.gatlingllm.gatling;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import dev.gatlingllm.text.Redactor;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.slf4j.Marker;
import org.slf4j.helpers.FormattingTuple;
import org.slf4j.helpers.MessageFormatter;

/**
 * Masks secrets and drops control characters in every line of the log, at every level and of every
 * library. Gatling logs whole requests with their headers: all of them at level DEBUG, and at level
 * ERROR those whose response it cannot handle.
 */
final class RedactedLog extends TurboFilter {

  private final Redactor redactor;

  private RedactedLog(Redactor redactor) {
    this.redactor = redactor;
  }

  static void add(LoggerContext log, Redactor redactor) {
    RedactedLog filter = new RedactedLog(redactor);
    filter.setContext(log);
    log.addTurboFilter(filter);
  }

  /** Logs a line that must change in place of the original, which is denied. */
  @Override
  public FilterReply decide(
      Marker marker,
      Logger logger,
      Level level,
      String format,
      Object[] parameters,
      Throwable thrown) {
    if (format == null || !level.isGreaterOrEqual(logger.getEffectiveLevel())) {
      return FilterReply.NEUTRAL;
    }
    if (ConsoleGuard.isPrinted(logger.getName(), thrown)) {
      return FilterReply.DENY;
    }
    // an exception may also be the last parameter
    FormattingTuple formatted = MessageFormatter.arrayFormat(format, parameters);
    Throwable error = thrown == null ? formatted.getThrowable() : thrown;
    String message = formatted.getMessage();
    String clean = redactor.printable(message);
    String trace = error == null ? "" : trace(error);
    String cleanTrace = redactor.printable(trace);
    if (clean.equals(message) && cleanTrace.equals(trace)) {
      return FilterReply.NEUTRAL;
    }
    boolean traceChanged = !cleanTrace.equals(trace);
    LoggingEvent event =
        new LoggingEvent(
            Logger.FQCN,
            logger,
            level,
            traceChanged ? clean + '\n' + cleanTrace.stripTrailing() : clean,
            traceChanged ? null : error,
            null);
    if (marker != null) {
      event.addMarker(marker);
    }
    logger.callAppenders(event);
    return FilterReply.DENY;
  }

  private static String trace(Throwable error) {
    StringWriter text = new StringWriter();
    error.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
