package dev.gatlingllm.bench;

/**
 * Reports an invalid benchmark or option before the first request. Has no stack trace, which would
 * bury the message in Gatling's output.
 */
final class UsageError extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  UsageError(String message) {
    super(message);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
