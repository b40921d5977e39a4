package dev.gatlingllm.report;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.gatlingllm.text.Plurals;
import java.util.Locale;

/**
 * Something that a reader of a run's figures should know before trusting or comparing them.
 *
 * @param kind what it is about, a stable name for programs such as {@code cache-not-hit}
 * @param level how serious it is
 * @param text a few sentences; may contain a server's text, which is untrusted
 */
public record Finding(String kind, Level level, String text) {

  /** The kind of a server that worked for others, too. */
  public static final String OTHER_LOAD = "server-other-load";

  /** The kind of an open load of conversations of which fewer ended than came. */
  public static final String BUILDING_UP = "load-building-up";

  /** How serious a finding is. */
  public enum Level {
    /** Figures may mislead, or the server or the load generator has a problem. */
    WARNING,
    /** Good to know. */
    NOTE;

    /** Returns the name in files and pages. */
    @JsonValue
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Returns a warning.
   *
   * @param text a format of {@link Plurals#format}
   */
  public static Finding warning(String kind, String text, Object... figures) {
    return new Finding(kind, Level.WARNING, Plurals.format(text, figures));
  }

  /**
   * Returns a note.
   *
   * @param text a format of {@link Plurals#format}
   */
  public static Finding note(String kind, String text, Object... figures) {
    return new Finding(kind, Level.NOTE, Plurals.format(text, figures));
  }

  /** Returns the same finding of one run of several. */
  public Finding of(String run) {
    return new Finding(kind, level, run + ": " + text);
  }
}
