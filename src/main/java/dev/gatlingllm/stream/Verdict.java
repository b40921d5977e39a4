package dev.gatlingllm.stream;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Judges a reply that has ended. The cause comes before its consequences: a status or an error that
 * the server stated outranks the way in which the connection then ended.
 */
final class Verdict {

  private Verdict() {}

  /**
   * The verdict on a reply whose body came to its end; the excerpt, the beginning of that, is only
   * made for a failure that quotes it.
   */
  static ReplyEnding onEnd(TokenTimeline timeline, Supplier<String> excerpt) {
    ReplyEnding stated = statedByServer(timeline, excerpt);
    if (stated != null) {
      return stated;
    }
    if (timeline.unreadable() != null) {
      return malformed(timeline, excerpt);
    }
    if (timeline.streamed() && !timeline.isComplete()) {
      return new ReplyEnding("truncated", "the stream ended without finish_reason or [DONE]");
    }
    if (timeline.chunks() == 0) {
      return new ReplyEnding("no output", noOutputMessage(timeline));
    }
    return ReplyEnding.GOOD;
  }

  /** The verdict on a reply that timed out, or whose connection failed. */
  static ReplyEnding onTransportFailure(
      TokenTimeline timeline, Supplier<String> excerpt, String message, boolean timeout) {
    String cause = Objects.requireNonNullElse(message, "no cause given");
    ReplyEnding stated = statedByServer(timeline, excerpt);
    if (stated != null) {
      return stated;
    }
    if (timeout) {
      return new ReplyEnding(timeline.chunks() == 0 ? "timeout" : "stalled", cause);
    }
    if (timeline.unreadable() != null) {
      return malformed(timeline, excerpt);
    }
    boolean cut = timeline.streamed() && timeline.chunks() > 0 && !timeline.isComplete();
    return new ReplyEnding(cut ? "truncated" : "connection", cause);
  }

  /** The failure that the server itself stated, or null. */
  private static ReplyEnding statedByServer(TokenTimeline timeline, Supplier<String> excerpt) {
    ServerError error = timeline.error();
    int status = timeline.status();
    if (status != 0 && (status < 200 || status > 299)) {
      String said = excerpt.get();
      String words = said.isEmpty() ? HttpResponseStatus.valueOf(status).reasonPhrase() : said;
      String label = "http " + status;
      return error == null
          ? new ReplyEnding(label, words)
          : new ReplyEnding(error.label(label, Integer.toString(status)), error.messageOr(words));
    }
    if (error != null) {
      return new ReplyEnding(
          error.label("error frame", null), error.messageOr("an error without a message"));
    }
    String reason = timeline.finishReason();
    if ("error".equals(reason) || "abort".equals(reason)) {
      return new ReplyEnding("error frame", "finish_reason " + reason);
    }
    return null;
  }

  private static ReplyEnding malformed(TokenTimeline timeline, Supplier<String> excerpt) {
    String what = timeline.unreadable();
    return new ReplyEnding(
        "malformed", "unreadable: " + (what.equals(ReplyBody.THE_BODY) ? excerpt.get() : what));
  }

  private static String noOutputMessage(TokenTimeline timeline) {
    return timeline.finishReason() == null
        ? "no output and no finish_reason"
        : "no output, finish_reason " + Excerpt.of(timeline.finishReason());
  }
}
