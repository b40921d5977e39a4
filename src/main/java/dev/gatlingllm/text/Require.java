package dev.gatlingllm.text;

/** Checks settings; every error names the setting, what is allowed, and the value. */
public final class Require {

  private Require() {}

  /**
   * Checks a condition.
   *
   * @param allowed what is allowed, such as "from 0 to 1"
   * @throws IllegalArgumentException unless the condition holds
   */
  public static void that(boolean holds, String setting, Object value, String allowed) {
    if (!holds) {
      throw new IllegalArgumentException(setting + " must be " + allowed + ", got " + value);
    }
  }
}
