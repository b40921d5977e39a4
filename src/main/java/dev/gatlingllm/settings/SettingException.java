package dev.gatlingllm.settings;

import dev.gatlingllm.text.Redactor;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * An unknown setting, an invalid value, or settings that exclude each other. The message names the
 * setting, its value and what is allowed, without secrets.
 */
public final class SettingException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  /** Rejects settings, or what they apply to, with a whole message. */
  public SettingException(String message) {
    super(Redactor.ofProcess().redact(message));
  }

  /** Rejects the value of a setting for a reason that is found outside this package. */
  public SettingException(Setting<?> setting, Object value, String reason) {
    this(setting + " = " + shown(setting, value) + ": " + reason);
  }

  /**
   * Rejects the value of a setting for the reason that the cause gives. An {@link
   * IllegalArgumentException} is not kept as the cause: it adds nothing to its message, and as the
   * root cause it would be printed before the setting's name.
   */
  public SettingException(Setting<?> setting, Object value, Throwable cause) {
    super(
        Redactor.ofProcess()
            .redact(message(setting, shown(setting, value), String.valueOf(cause.getMessage()))),
        cause instanceof IllegalArgumentException ? null : cause);
  }

  /**
   * Returns what the value of a setting stands for.
   *
   * @throws SettingException for a value that {@code reader} rejects with an {@link
   *     IllegalArgumentException}
   */
  public static <V, T> T read(Setting<?> setting, V value, Function<V, T> reader) {
    try {
      return reader.apply(value);
    } catch (IllegalArgumentException e) {
      throw new SettingException(setting, value, e);
    }
  }

  /**
   * Returns what a user's input, such as the records of a feeder, stands for.
   *
   * @throws SettingException for an input that is rejected with an {@link IllegalArgumentException}
   */
  public static <T> T checked(Supplier<T> input) {
    try {
      return input.get();
    } catch (SettingException invalid) {
      throw invalid;
    } catch (IllegalArgumentException invalid) {
      throw new SettingException(String.valueOf(invalid.getMessage()));
    }
  }

  /** Returns a value as messages show it. Fields of a body may be secrets under any name. */
  private static Object shown(Setting<?> setting, Object value) {
    return setting == Setting.EXTRA_BODY ? "{…}" : value;
  }

  private static String message(Setting<?> setting, Object value, String reason) {
    if (reason.startsWith("must ")) {
      return setting + " " + reason;
    }
    String name = "llm." + reason;
    return name.startsWith(setting + " must ") ? name : setting + " = " + value + ": " + reason;
  }

  /** Does nothing: a stack trace would only bury the message. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
