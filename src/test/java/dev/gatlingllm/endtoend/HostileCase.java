package dev.gatlingllm.endtoend;

import static dev.gatlingllm.endtoend.HostileAnswer.json;
import static dev.gatlingllm.endtoend.HostileAnswer.page;
import static dev.gatlingllm.endtoend.HostileAnswer.raw;
import static dev.gatlingllm.endtoend.HostileAnswer.redirect;
import static dev.gatlingllm.endtoend.HostileAnswer.stream;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.gatlingllm.endtoend.HostileAnswer.End;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.Deflater;

/**
 * One thing that a hostile or broken server does, and what the client must make of it. {@link
 * HostileServerIT} runs all of {@link #all} over both APIs and both HTTP versions. To add a case,
 * add a line to the group of cases that it belongs to.
 *
 * @param name the request's name in the reports; it identifies the case
 * @param result {@code OK}, or a regular expression for the kind of failure
 * @param http1Only whether it cannot be said in HTTP/2
 */
record HostileCase(String name, String result, boolean http1Only, Script script) {

  /**
   * Executable if a page takes it for markup: it leaves a mark that {@link HostileServerIT} finds.
   */
  static final String MARKUP =
      "</script><script>document.documentElement.dataset.pwned=1</script>"
          + "<img src=x onerror=document.documentElement.dataset.pwned=1>\u2028`';\"${1}";

  /** The start of a line that a server tries to forge. */
  static final String FORGED = "FORGED-LINE";

  /** Escape sequences of a terminal, a bidirectional override, and lines of the server's own. */
  static final String CONTROL =
      "\u001b[31mred\u001b]0;title\u0007\u202ebidi\u0000\r\n"
          + FORGED
          + " [ERROR]\n\u001e{\"say\":\"FORGED-SCORE\"}\n";

  private static final int MIB = 1 << 20;

  /** Answers one request. */
  interface Script {
    HostileAnswer answer(Asked asked);
  }

  /**
   * What a server knows of a request.
   *
   * @param chat whether it came to the chat API
   * @param key the API key that it carried
   * @param head its address and headers
   * @param elsewhere another server's base URL
   */
  record Asked(boolean chat, String key, String head, String elsewhere) {

    /** Returns an event with one chunk of text, as JSON that is not yet escaped. */
    String chunk(String text) {
      return chunk("\"id\":\"r1\"", text, "null");
    }

    String chunk(String fields, String text, String finish) {
      String content = '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
      return "data: {%s,\"choices\":[{\"index\":0,%s,\"finish_reason\":%s}]}\n\n"
          .formatted(
              fields,
              chat ? "\"delta\":{\"content\":" + content + "}" : "\"text\":" + content,
              finish);
    }

    /** Returns the last chunk of a good response and {@code [DONE]}. */
    String end() {
      return chunk("\"id\":\"r1\"", "", "\"stop\"") + "data: [DONE]\n\n";
    }

    HostileAnswer good() {
      return stream(chunk("It"), chunk(" is"), end());
    }
  }

  /** Returns how long the client waits: not long where nothing else can end the response. */
  Duration patience() {
    return Duration.ofSeconds(result.contains("timeout") ? 2 : 60);
  }

  private static HostileAnswer endless(String piece) {
    byte[] bytes = piece.getBytes(UTF_8);
    return HostileAnswer.bytes(
        200, Map.of("Content-Type", "text/event-stream"), Stream.generate(() -> bytes));
  }

  private static HostileCase of(String name, String result, Script script) {
    return new HostileCase(name, result, false, script);
  }

  private static HostileCase http1(String name, String result, Script script) {
    return new HostileCase(name, result, true, script);
  }

  /** Returns all cases by name. */
  static Map<String, HostileCase> all() {
    Map<String, HostileCase> all = new LinkedHashMap<>();
    Stream.of(secrets(), controls(), markup(), bounds(), framing(), usage(), redirects(), good())
        .flatMap(List::stream)
        .forEach(
            hostile -> {
              if (all.put(hostile.name(), hostile) != null) {
                throw new IllegalStateException("two cases are named " + hostile.name());
              }
            });
    return all;
  }

  /** The key and the prompt must not go elsewhere. */
  static List<HostileCase> redirects() {
    List<HostileCase> cases = new ArrayList<>();
    for (int status : new int[] {301, 302, 303, 307, 308}) {
      cases.add(
          of(
              "redirect " + status,
              "http " + status,
              asked -> redirect(status, asked.elsewhere() + "/v1/chat/completions")));
    }
    cases.add(of("redirect to a bad location", "http 302", asked -> redirect(302, "foo://")));
    cases.add(of("redirect to nowhere", "http 302", asked -> redirect(302, "")));
    cases.add(
        of(
            "redirect to the key",
            "http 307",
            asked -> redirect(307, asked.elsewhere() + "/?key=" + asked.key())));
    return cases;
  }

  /** The key comes back in every place that ends up in a report. */
  static List<HostileCase> secrets() {
    return List.of(
        of(
            "key in an error",
            "http 401 kind",
            asked -> error(401, "no such key: " + asked.key(), "kind")),
        of(
            "key at the cut of a message",
            "http 400",
            asked -> page(400, "text/html", "x".repeat(180) + asked.key())),
        of(
            "key at the cut of a long message",
            "http 400 kind",
            asked -> error(400, "x".repeat(980) + " " + asked.key(), "kind")),
        of("key as an error type", "http 400.*", asked -> error(400, "no", asked.key())),
        of(
            "key as an error code",
            "http 400.*",
            asked -> json(400, "{\"error\":{\"code\":\"" + asked.key() + "\"}}")),
        of(
            "key in an error frame",
            "error frame.*",
            asked ->
                stream(
                    asked.chunk("a"),
                    "data: {\"error\":{\"message\":\"%s\",\"type\":\"%s\"}}\n\n"
                        .formatted(asked.key(), asked.key()))),
        of(
            "key as the response's id",
            "OK",
            asked ->
                stream(asked.chunk("\"id\":\"" + asked.key() + '"', "a", "null"), asked.end())),
        of(
            "key as the model",
            "OK",
            asked ->
                stream(asked.chunk("\"model\":\"" + asked.key() + '"', "a", "null"), asked.end())),
        of(
            "key as the finish reason",
            "OK",
            asked ->
                stream(
                    asked.chunk("\"id\":\"r\"", "a", '"' + asked.key() + '"'), "data: [DONE]\n\n")),
        of("key as the text", "OK", asked -> stream(asked.chunk(asked.key()), asked.end())),
        of(
            "key as JSON that is none",
            "malformed",
            asked -> stream("data: " + asked.key() + "\n\n")),
        of("request in an error", "http 400 kind", asked -> error(400, asked.head(), "kind")),
        of(
            "request in a page",
            "http 404",
            asked -> page(404, "text/html", "x".repeat(100) + asked.head())),
        of(
            "key in other writings",
            "http 400",
            asked ->
                page(
                    400,
                    "text/plain",
                    escaped(asked.key())
                        + ' '
                        + URLEncoder.encode(asked.key(), UTF_8)
                        + ' '
                        + Base64.getEncoder().encodeToString(asked.key().getBytes(UTF_8)))),
        http1(
            "key as the status line",
            "http 400",
            asked -> raw("HTTP/1.1 400 " + asked.key() + "\r\nContent-Length: 0\r\n\r\n")));
  }

  /** The server's text tries to be a line of the console, of a log or of a protocol. */
  private static List<HostileCase> controls() {
    return List.of(
        of("control characters in an error", "http 500 kind", asked -> error(500, CONTROL, "kind")),
        of("control characters as a type", "http 500", asked -> error(500, "no", CONTROL)),
        of("control characters in a page", "http 502", asked -> page(502, "text/html", CONTROL)),
        of(
            "control characters in an error frame",
            "error frame",
            asked -> stream("data: " + error(CONTROL, CONTROL) + "\n\n")),
        of(
            "control characters as JSON that is none",
            "malformed",
            asked -> stream("data: {\u001b[31m\u202e\u0007\u001e\n\n")),
        of(
            "control characters as an id",
            "OK",
            asked -> stream(asked.chunk("\"id\":" + quoted(CONTROL), "a", "null"), asked.end())),
        of(
            "control characters as a finish reason",
            "OK",
            asked ->
                stream(asked.chunk("\"id\":\"r\"", "a", quoted(CONTROL)), "data: [DONE]\n\n")));
  }

  /** The server's text tries to be markup of a page. */
  private static List<HostileCase> markup() {
    return List.of(
        of("markup in an error", "http 400 kind", asked -> error(400, MARKUP, "kind")),
        of("markup as a type", "http 400", asked -> error(400, "no", MARKUP)),
        of("markup in a page", "http 400", asked -> page(400, "text/html", MARKUP)),
        of(
            "markup in an error frame",
            "error frame",
            asked -> stream("data: " + error(MARKUP, MARKUP) + "\n\n")),
        of(
            "markup as an id",
            "OK",
            asked -> stream(asked.chunk("\"id\":" + quoted(MARKUP), "a", "null"), asked.end())),
        of(
            "markup as the model",
            "OK",
            asked -> stream(asked.chunk("\"model\":" + quoted(MARKUP), "a", "null"), asked.end())),
        of(
            "markup as a finish reason",
            "OK",
            asked -> stream(asked.chunk("\"id\":\"r\"", "a", quoted(MARKUP)), "data: [DONE]\n\n")));
  }

  /** The response is larger, deeper or longer than memory or patience. */
  private static List<HostileCase> bounds() {
    return List.of(
        of("endless chunks", "malformed", asked -> endless(asked.chunk("word ").repeat(500))),
        of("endless text", "malformed", asked -> endless(asked.chunk("x".repeat(100_000)))),
        of(
            "endless line",
            "malformed",
            asked ->
                stream(
                    Stream.concat(
                        Stream.of("data: "), Stream.generate(() -> "x".repeat(100_000))))),
        of(
            "endless comments",
            "malformed|timeout",
            asked -> stream(Stream.generate(() -> ": ping\n".repeat(1_000)))),
        of(
            "endless blank lines",
            "malformed|timeout",
            asked -> stream(Stream.generate(() -> "\n".repeat(10_000)))),
        of(
            "endless event of many lines",
            "malformed",
            asked ->
                stream(Stream.generate(() -> ("data: " + "x".repeat(1_000) + "\n").repeat(100)))),
        of(
            "endless JSON body",
            "malformed",
            asked ->
                HostileAnswer.bytes(
                    200,
                    Map.of("Content-Type", "application/json"),
                    Stream.concat(
                        Stream.of(new byte[] {'{', '"'}),
                        Stream.generate(() -> "x".repeat(100_000).getBytes(UTF_8))))),
        of(
            "endless error body",
            "http 500",
            asked ->
                HostileAnswer.bytes(
                    500,
                    Map.of("Content-Type", "application/json"),
                    Stream.generate(() -> "x".repeat(100_000).getBytes(UTF_8)))),
        of(
            "gzip bomb as an event",
            "malformed",
            asked ->
                HostileAnswer.bytes(
                    200,
                    Map.of("Content-Type", "text/event-stream", "Content-Encoding", "gzip"),
                    bomb())),
        of(
            "gzip bomb as a body",
            "malformed",
            asked ->
                HostileAnswer.bytes(
                    200,
                    Map.of("Content-Type", "application/json", "Content-Encoding", "gzip"),
                    bomb())),
        of(
            "deep JSON in an event",
            "malformed",
            asked -> stream("data: " + "[".repeat(400_000) + "\n\n")),
        of("deep JSON body", "malformed|no output", asked -> json(200, "{\"a\":".repeat(400_000))),
        of("deep JSON error", "http 500", asked -> json(500, "{\"error\":".repeat(400_000))),
        of(
            "id of 15 MB",
            "OK|malformed",
            asked ->
                stream(
                    asked.chunk("\"id\":\"" + "x".repeat(15 * MIB) + '"', "a", "null"),
                    asked.end())),
        of(
            "finish reason of 500 KB",
            "OK|malformed",
            asked ->
                stream(
                    asked.chunk("\"id\":\"r\"", "a", '"' + "x".repeat(MIB / 2) + '"'),
                    "data: [DONE]\n\n")),
        of(
            "choice with a huge index",
            "OK|malformed",
            asked ->
                stream(
                    asked.chunk("a").replace("\"index\":0", "\"index\":2147483647"), asked.end())),
        of("no chunk after the first", "stalled", asked -> stream(asked.chunk("a")).then(End.HANG)),
        of("no chunk at all", "timeout", asked -> stream().then(End.HANG)));
  }

  /** The frame around the response is broken. */
  private static List<HostileCase> framing() {
    List<HostileCase> cases = new ArrayList<>();
    for (int interim : new int[] {100, 102, 103}) {
      cases.add(of("interim response " + interim, "OK", asked -> asked.good().after(interim)));
    }
    for (int status : new int[] {0, -1, 999}) {
      cases.add(
          http1(
              "status " + status,
              ".+",
              asked -> raw("HTTP/1.1 " + status + " x\r\nContent-Length: 0\r\n\r\n")));
    }
    cases.addAll(
        List.of(
            http1(
                "bytes that are not HTTP",
                "connection",
                asked -> raw("hello\r\n\r\n").then(End.CUT)),
            http1(
                "header of 1 MB",
                "no output|connection|truncated|malformed",
                asked ->
                    raw("HTTP/1.1 200 OK\r\nX-Long: " + "x".repeat(MIB) + "\r\n\r\n")
                        .then(End.CUT)),
            http1(
                "chunk size that is no number",
                "truncated|malformed|connection",
                asked ->
                    raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
                        .then(End.CUT)),
            http1(
                "body shorter than its length",
                "truncated",
                asked ->
                    raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                            + "Content-Length: 9999\r\n\r\n"
                            + asked.chunk("a"))
                        .then(End.CUT)),
            http1(
                "second response that nobody asked for",
                "http 500",
                asked ->
                    raw(
                        "HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n"
                            + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")),
            of("nothing", "truncated", asked -> stream()),
            http1(
                "no content",
                "no output|truncated|http 204",
                asked -> raw("HTTP/1.1 204 x\r\n\r\n")),
            of("cut in mid-stream", "truncated", asked -> stream(asked.chunk("a")).then(End.CUT)),
            of(
                "text that is not UTF-8",
                "malformed",
                asked ->
                    HostileAnswer.bytes(
                        200,
                        Map.of("Content-Type", "text/event-stream"),
                        Stream.of(
                            asked.chunk("\u00e9").getBytes(ISO_8859_1),
                            asked.end().getBytes(UTF_8)))),
            of(
                "retry after the end of the world",
                "http 429",
                asked ->
                    HostileAnswer.bytes(
                        429,
                        Map.of("Retry-After", "9999999999"),
                        Stream.of("{}".getBytes(UTF_8))))));
    return cases;
  }

  /** The server's counts are impossible. */
  private static List<HostileCase> usage() {
    List<HostileCase> cases = new ArrayList<>();
    for (String count :
        new String[] {"2147483647", "9223372036854775808", "-5", "1e999", "\"7\"", "null"}) {
      cases.add(
          of(
              "usage of " + count.replace("\"", "") + (count.startsWith("\"") ? " as text" : ""),
              "OK",
              asked ->
                  stream(
                      asked.chunk("a"),
                      asked.chunk("\"id\":\"r1\"", "", "\"stop\""),
                      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":%s,\"completion_tokens\":%s}}\n\n"
                          .formatted(count, count),
                      "data: [DONE]\n\n")));
    }
    return cases;
  }

  /** After all of that, a good response is still good. */
  private static List<HostileCase> good() {
    return List.of(of("good response", "OK", Asked::good));
  }

  private static HostileAnswer error(int status, String message, String type) {
    return json(status, error(message, type));
  }

  private static String error(String message, String type) {
    return "{\"error\":{\"message\":" + quoted(message) + ",\"type\":" + quoted(type) + "}}";
  }

  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  /** Returns each character as JSON's escape of six characters. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.chars().forEach(c -> escaped.append("\\u%04x".formatted(c)));
    return escaped.toString();
  }

  /** Returns an endless event whose kilobytes unpack to megabytes. */
  private static Stream<byte[]> bomb() {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    byte[] megabyte = "x".repeat(MIB).getBytes(UTF_8);
    byte[] header = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, -1};
    byte[] start = deflated(deflater, "data: ".getBytes(UTF_8));
    byte[] first = deflated(deflater, megabyte);
    // refers to the megabyte before it, and so can be repeated
    byte[] next = deflated(deflater, megabyte);
    deflater.end();
    return Stream.concat(Stream.of(header, start, first), Stream.generate(() -> next));
  }

  private static byte[] deflated(Deflater deflater, byte[] bytes) {
    byte[] compressed = new byte[bytes.length + 100];
    deflater.setInput(bytes);
    int length = deflater.deflate(compressed, 0, compressed.length, Deflater.SYNC_FLUSH);
    return Arrays.copyOf(compressed, length);
  }
}
