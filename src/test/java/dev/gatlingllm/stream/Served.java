package dev.gatlingllm.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * One response, served to a reader; piece {@code i} of its body arrives at nanosecond {@code i}.
 */
final class Served {

  static final String EVENTS = "text/event-stream; charset=utf-8";
  static final String JSON = "application/json";

  /** When the end, or the failure, comes. */
  static final long END = 1_000_000;

  private final TokenTimeline timeline = new TokenTimeline();
  private final ResponseReader reader;
  private long nanos;

  private Served(int status, String contentType, int maxBytes) {
    reader = new ResponseReader(timeline, maxBytes);
    timeline.written(-1);
    reader.onHead(status, contentType);
  }

  static Served head(int status, String contentType) {
    return head(status, contentType, Integer.MAX_VALUE);
  }

  static Served head(int status, String contentType, int maxBytes) {
    return new Served(status, contentType, maxBytes);
  }

  /** A stream of these events' data, in whole and well-formed, each in a piece of its own. */
  static Served events(String... data) {
    Served served = head(200, EVENTS);
    for (String event : data) {
      served.piece("data: " + event + "\n\n");
    }
    return served;
  }

  /**
   * A stream of these events, in single quotes, each named after its type.
   *
   * @param type matches the whole event, with the type as its group 1
   */
  static Served named(String type, String... events) {
    Served served = head(200, EVENTS);
    for (String event : events) {
      String json = event.replace('\'', '"');
      served.piece("event: " + json.replaceFirst(type, "$1") + "\ndata: " + json + "\n\n");
    }
    return served;
  }

  static Served json(String body) {
    return head(200, JSON).piece(body);
  }

  Served piece(String text) {
    return piece(text.getBytes(UTF_8));
  }

  Served piece(byte[] bytes) {
    return piece(Unpooled.wrappedBuffer(bytes));
  }

  Served piece(ByteBuf bytes) {
    reader.onBytes(bytes, nanos++);
    return this;
  }

  /** Returns what a timeline keeps of calls of tools. */
  static String toolArguments(TokenTimeline timeline) {
    return timeline.textAndArguments().substring(timeline.text().length());
  }

  boolean isBroken() {
    return reader.isBroken();
  }

  TokenTimeline end() {
    reader.onEnd(END);
    return timeline;
  }

  TokenTimeline timeOut() {
    reader.onTransportFailure("Request timeout after 600000 ms", Failure.TIMEOUT, END);
    return timeline;
  }

  TokenTimeline breakOff() {
    reader.onTransportFailure("Remotely closed", null, END);
    return timeline;
  }
}
