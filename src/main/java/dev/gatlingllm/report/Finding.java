package dev.gatlingllm.report;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * Something that a reader of a run's figures should know before trusting or comparing them.
 *
 * @param kind what it is about, a stable name for programs such as {@code cache-not-hit}
 * @param level how much it weighs
 * @param text one or two plain sentences; may hold a server's words, which are untrusted
 */
public record Finding(String kind, Level level, String text) {

  /** How much a finding weighs. */
  public enum Level {
    /** Figures mean something else than they seem to, or the server or the client is in trouble. */
    WARNING,
    /** Good to know. */
    NOTE;

    /** Its name in files and pages. */
    @JsonValue
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A warning, its text with places for figures. */
  public static Finding warning(String kind, String text, Object... figures) {
    return new Finding(kind, Level.WARNING, String.format(Locale.ROOT, text, figures));
  }

  /** A note, its text with places for figures. */
  public static Finding note(String kind, String text, Object... figures) {
    return new Finding(kind, Level.NOTE, String.format(Locale.ROOT, text, figures));
  }
}
