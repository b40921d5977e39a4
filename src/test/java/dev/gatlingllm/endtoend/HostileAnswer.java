package dev.gatlingllm.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a {@link HostileServer} sends for one request. Immutable, except for its body, which is read
 * once.
 *
 * @param interims the interim responses (1xx) before the response
 * @param headers by name; nothing is checked or added but the framing
 * @param body pieces that are sent as fast as the client reads; may be endless
 * @param raw whether the pieces are the whole response with its head, for HTTP/1.1 only
 */
record HostileAnswer(
    List<Integer> interims,
    int status,
    Map<String, String> headers,
    Iterator<byte[]> body,
    End end,
    boolean raw) {

  /** How the response ends. */
  enum End {
    COMPLETE,
    /** The connection, or the HTTP/2 stream, is closed in the middle of the body. */
    CUT,
    /** Nothing more is sent, and nothing is closed. */
    HANG
  }

  /** An event stream with status 200. Each piece is sent on its own. */
  static HostileAnswer stream(Stream<String> pieces) {
    return bytes(
        200, Map.of("Content-Type", "text/event-stream"), pieces.map(text -> text.getBytes(UTF_8)));
  }

  static HostileAnswer stream(String... pieces) {
    return stream(Stream.of(pieces));
  }

  static HostileAnswer json(int status, String body) {
    return page(status, "application/json", body);
  }

  static HostileAnswer page(int status, String contentType, String body) {
    return bytes(status, Map.of("Content-Type", contentType), Stream.of(body.getBytes(UTF_8)));
  }

  static HostileAnswer bytes(int status, Map<String, String> headers, Stream<byte[]> body) {
    return new HostileAnswer(List.of(), status, headers, body.iterator(), End.COMPLETE, false);
  }

  static HostileAnswer redirect(int status, String location) {
    return bytes(status, Map.of("Location", location), Stream.of());
  }

  /** Bytes as they are, head and framing included. */
  static HostileAnswer raw(Stream<byte[]> bytes) {
    return new HostileAnswer(List.of(), 0, Map.of(), bytes.iterator(), End.COMPLETE, true);
  }

  static HostileAnswer raw(String bytes) {
    return raw(Stream.of(bytes.getBytes(ISO_8859_1)));
  }

  HostileAnswer after(int interim) {
    List<Integer> more = new ArrayList<>(interims);
    more.add(interim);
    return new HostileAnswer(more, status, headers, body, end, raw);
  }

  HostileAnswer then(End end) {
    return new HostileAnswer(interims, status, headers, body, end, raw);
  }
}
