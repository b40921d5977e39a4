package dev.gatlingllm;

import java.util.Locale;

/** What happens to an entry of a replayed file that cannot be used. */
public enum OnBrokenEntry {
  /** It stops the run before its first request. */
  FAIL("fail"),
  /** It is named in the log and left out. */
  SKIP("skip");

  private final String key;

  OnBrokenEntry(String key) {
    this.key = key;
  }

  /** The name in settings. */
  public String key() {
    return key;
  }

  /**
   * Reads the name in settings.
   *
   * @throws IllegalArgumentException if there is no such choice
   */
  public static OnBrokenEntry parse(String text) {
    for (OnBrokenEntry choice : values()) {
      if (choice.key.equals(text.strip().toLowerCase(Locale.ROOT))) {
        return choice;
      }
    }
    throw new IllegalArgumentException("\"" + text + "\" is neither; write fail or skip");
  }
}
