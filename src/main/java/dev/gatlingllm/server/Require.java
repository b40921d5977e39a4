package dev.gatlingllm.server;

/** Refuses settings in one voice: the setting, the value, and what would be right. */
final class Require {

  private Require() {}

  static void that(boolean holds, String setting, Object value, String allowed) {
    if (!holds) {
      throw new IllegalArgumentException(setting + " must be " + allowed + ", not " + value);
    }
  }
}
