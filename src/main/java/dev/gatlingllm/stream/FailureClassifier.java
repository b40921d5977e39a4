package dev.gatlingllm.stream;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why a response failed. The cause comes before its consequences: a status or an error
 * that the server sent outranks the way in which the connection ended after it.
 */
final class FailureClassifier {

  /** What servers call a response that they broke off. */
  private static final Set<String> BROKEN_OFF =
      Set.of(
          "error",
          "abort",
          "aborted",
          "cancelled",
          "canceled",
          "failed",
          "timeout",
          "network_error",
          "internal_error",
          "server_error",
          "insufficient_system_resource");

  private FailureClassifier() {}

  /**
   * Returns why a response with a complete body failed, or null for a good one. The excerpt of the
   * body is only made for a failure that quotes it.
   */
  static @Nullable Failure onEnd(TokenTimeline timeline, Supplier<String> excerpt) {
    Failure reported = reportedByServer(timeline, excerpt);
    if (reported != null) {
      return reported;
    }
    if (timeline.unreadable() != null) {
      return malformed(timeline.unreadable(), excerpt);
    }
    if (timeline.chunks() == 0 && timeline.isForeign()) {
      return new Failure("malformed", "no response of a known API: " + excerpt.get());
    }
    if (timeline.streamed() && !timeline.isComplete()) {
      return new Failure(
          "truncated",
          "the stream ended without "
              + Objects.requireNonNullElse(timeline.missingEvent(), "finish_reason or [DONE]"));
    }
    if (timeline.chunks() == 0 && !timeline.isWithoutTokens()) {
      String reason = timeline.finishReason();
      return new Failure(
          "no output",
          reason != null
              ? "no output, finish_reason " + reason
              : excerpt.get().isEmpty() ? "an empty body" : "no output and no finish_reason");
    }
    return null;
  }

  /**
   * Returns why a response failed that timed out or whose connection failed; null for a good one,
   * of which the connection failed after [DONE].
   *
   * @param limit the failure of a response that exceeded a limit of the client; null for others
   */
  static @Nullable Failure onTransportFailure(
      TokenTimeline timeline,
      Supplier<String> excerpt,
      @Nullable String message,
      @Nullable String limit) {
    if (timeline.isDone() && limit == null) {
      return onEnd(timeline, excerpt);
    }
    String cause = Objects.requireNonNullElse(message, "no cause given");
    Failure reported = reportedByServer(timeline, excerpt);
    if (reported != null) {
      return reported;
    }
    if (limit != null) {
      return new Failure(limit, cause);
    }
    if (timeline.unreadable() != null) {
      return malformed(timeline.unreadable(), excerpt);
    }
    String machine = timeline.status() == 0 ? limitOfMachine(cause) : null;
    if (machine != null) {
      return new Failure(machine, cause);
    }
    boolean cut = timeline.streamed() && timeline.chunks() > 0 && !timeline.isComplete();
    return new Failure(cut ? "truncated" : "connection", cause);
  }

  /** Returns the limit of this machine that kept a connection from being opened, or null. */
  private static @Nullable String limitOfMachine(String cause) {
    if (cause.contains("Too many open files")) {
      return Failure.OUT_OF_FILE_DESCRIPTORS;
    }
    // in the words of Linux and of macOS
    return cause.contains("Cannot assign requested address")
            || cause.contains("Can't assign requested address")
        ? Failure.OUT_OF_PORTS
        : null;
  }

  /** Returns the failure that the server itself reported, or null. */
  private static @Nullable Failure reportedByServer(
      TokenTimeline timeline, Supplier<String> excerpt) {
    ServerError error = timeline.error();
    int status = timeline.status();
    if (status != 0 && (status < 200 || status > 299)) {
      String said = excerpt.get();
      String words = said.isEmpty() ? HttpResponseStatus.valueOf(status).reasonPhrase() : said;
      String label = "http " + status;
      return error == null
          ? new Failure(label, words)
          : new Failure(error.label(label, Integer.toString(status)), error.messageOr(words));
    }
    if (error != null) {
      return new Failure(
          error.label("error frame", "error"), error.messageOr("an error without a message"));
    }
    String reason = timeline.finishReason();
    if (isBrokenOff(reason)) {
      return new Failure("error frame", "finish_reason " + reason);
    }
    return null;
  }

  /** Returns whether a finish_reason says that the server broke the response off. */
  static boolean isBrokenOff(@Nullable String reason) {
    return reason != null && BROKEN_OFF.contains(reason);
  }

  private static Failure malformed(String what, Supplier<String> excerpt) {
    return new Failure(
        "malformed", "unreadable: " + (what.equals(ResponseBody.THE_BODY) ? excerpt.get() : what));
  }
}
