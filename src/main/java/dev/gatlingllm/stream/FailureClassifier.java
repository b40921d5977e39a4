package dev.gatlingllm.stream;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Judges a reply that has ended. The cause comes before its consequences: a status or an error that
 * the server stated outranks the way in which the connection then ended.
 */
final class FailureClassifier {

  private FailureClassifier() {}

  /**
   * The verdict on a reply whose body came to its end; the excerpt, the beginning of that, is only
   * made for a failure that quotes it.
   */
  static Failure onEnd(TokenTimeline timeline, Supplier<String> excerpt) {
    Failure stated = statedByServer(timeline, excerpt);
    if (stated != null) {
      return stated;
    }
    if (timeline.unreadable() != null) {
      return malformed(timeline, excerpt);
    }
    if (timeline.streamed() && !timeline.isComplete()) {
      return new Failure("truncated", "the stream ended without finish_reason or [DONE]");
    }
    if (timeline.chunks() == 0) {
      return new Failure("no output", noOutputMessage(timeline));
    }
    return null;
  }

  /** The verdict on a reply that timed out, or whose connection failed. */
  static Failure onTransportFailure(
      TokenTimeline timeline, Supplier<String> excerpt, String message, boolean timeout) {
    String cause = Objects.requireNonNullElse(message, "no cause given");
    Failure stated = statedByServer(timeline, excerpt);
    if (stated != null) {
      return stated;
    }
    if (timeout) {
      return new Failure(timeline.chunks() == 0 ? "timeout" : "stalled", cause);
    }
    if (timeline.unreadable() != null) {
      return malformed(timeline, excerpt);
    }
    boolean cut = timeline.streamed() && timeline.chunks() > 0 && !timeline.isComplete();
    return new Failure(cut ? "truncated" : "connection", cause);
  }

  /** The failure that the server itself stated, or null. */
  private static Failure statedByServer(TokenTimeline timeline, Supplier<String> excerpt) {
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
          error.label("error frame", null), error.messageOr("an error without a message"));
    }
    String reason = timeline.finishReason();
    if ("error".equals(reason) || "abort".equals(reason)) {
      return new Failure("error frame", "finish_reason " + reason);
    }
    return null;
  }

  private static Failure malformed(TokenTimeline timeline, Supplier<String> excerpt) {
    String what = timeline.unreadable();
    return new Failure(
        "malformed", "unreadable: " + (what.equals(ReplyBody.THE_BODY) ? excerpt.get() : what));
  }

  private static String noOutputMessage(TokenTimeline timeline) {
    return timeline.finishReason() == null
        ? "no output and no finish_reason"
        : "no output, finish_reason " + Excerpt.of(timeline.finishReason());
  }
}
