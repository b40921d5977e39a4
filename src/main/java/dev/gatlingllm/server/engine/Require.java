package dev.gatlingllm.server.engine;

/** Refuses settings in one voice: the setting, the value, and what would be right. */
public final class Require {

  private Require() {}

  /**
   * @param allowed what would be right, as in "from 0 to 1"
   * @throws IllegalArgumentException unless the condition holds
   */
  public static void that(boolean holds, String setting, Object value, String allowed) {
    if (!holds) {
      throw new IllegalArgumentException(setting + " must be " + allowed + ", not " + value);
    }
  }
}
