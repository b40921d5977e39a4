package dev.gatlingllm.settings;

/** A setting that cannot be meant. The message names the setting, its value and the remedy. */
public final class SettingException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  /** A mistake in a setting. */
  public SettingException(String setting, Object value, String remedy) {
    super(setting + " = " + value + ": " + remedy);
  }

  /**
   * A mistake in a setting, found by somebody else. What was thrown for bad input says no more than
   * its message, and as the root cause it would be printed before the setting's name.
   */
  public SettingException(String setting, Object value, Throwable cause) {
    super(
        setting + " = " + value + ": " + cause.getMessage(),
        cause instanceof IllegalArgumentException ? null : cause);
  }

  /** The message is the whole story: a stack trace would bury it. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
