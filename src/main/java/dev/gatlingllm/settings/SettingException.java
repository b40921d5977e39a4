package dev.gatlingllm.settings;

/** A setting that cannot be meant. The message names the setting, its value and the remedy. */
public final class SettingException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  /** A mistake in a setting. */
  public SettingException(String setting, Object value, String remedy) {
    super(setting + " = " + value + ": " + remedy);
  }

  /** A mistake in a setting, found by somebody else. */
  public SettingException(String setting, Object value, Throwable cause) {
    super(setting + " = " + value + ": " + cause.getMessage(), cause);
  }

  /** The message is the whole story: a stack trace would bury it. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
