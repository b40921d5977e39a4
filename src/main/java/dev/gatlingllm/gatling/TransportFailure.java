package dev.gatlingllm.gatling;

import java.net.UnknownHostException;

/** Says in a user's words what went wrong between here and the server. */
final class TransportFailure {

  private TransportFailure() {}

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
