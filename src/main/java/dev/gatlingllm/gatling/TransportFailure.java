package dev.gatlingllm.gatling;

import java.net.UnknownHostException;

/** Describes what went wrong on the way to the server and back. */
final class TransportFailure {

  private TransportFailure() {}

  /** Returns the message of the innermost cause. */
  static String describe(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String message = cause.getMessage() == null ? "" : cause.getMessage();
    if (cause instanceof UnknownHostException) {
      return "unknown host " + message;
    }
    return message.isEmpty() ? cause.getClass().getSimpleName() : message;
  }
}
