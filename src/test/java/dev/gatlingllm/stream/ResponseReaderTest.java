package dev.gatlingllm.stream;

import static dev.gatlingllm.stream.ChatChunks.content;
import static dev.gatlingllm.stream.ChatChunks.delta;
import static dev.gatlingllm.stream.ChatChunks.finish;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseReaderTest {

  private static final String ROLE = delta("\"role\":\"assistant\",\"content\":\"\"");

  @Test
  void timesOnlyChunksWithOutput() {
    TokenTimeline timeline =
        Served.events(
                ROLE,
                delta("\"reasoning_content\":\"hm\""),
                content("Hel"),
                content("lo"),
                finish("stop"),
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3}}",
                "[DONE]")
            .end();

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.failure()).isNull();
    assertThat(timeline.streamed()).isTrue();
    assertThat(timeline.status()).isEqualTo(200);
    assertThat(timeline.writtenNanos()).isEqualTo(-1);
    assertThat(timeline.chunkNanosCopy()).containsExactly(1, 2, 3);
    assertThat(timeline.chunks()).isEqualTo(3);
    assertThat(timeline.ttfoNanos()).isEqualTo(3);
    assertThat(timeline.hasReasoning()).isTrue();
    assertThat(timeline.text()).isEqualTo("Hello");
    assertThat(timeline.outputTokens()).isEqualTo(3);
    assertThat(timeline.endNanos()).isEqualTo(Served.END);
  }

  @Test
  void timesAPlainResponseAtItsLastByte() {
    TokenTimeline timeline =
        Served.json("{\"id\":\"c1\",\"choices\":[{\"finish_reason\":\"stop\",\"message\":")
            .piece("{\"role\":\"assistant\",\"content\":\"Hel")
            .piece("lo\"}}]}")
            .end();

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.streamed()).isFalse();
    assertThat(timeline.chunkNanosCopy()).containsExactly(2);
    assertThat(timeline.text()).isEqualTo("Hello");
  }

  @Test
  void doesNotChangeTheBuffer() {
    byte[] bytes = ("xx" + "data: " + content("a") + "\n\n").getBytes(UTF_8);
    for (ByteBuf buffer : new ByteBuf[] {Unpooled.buffer(), Unpooled.directBuffer()}) {
      buffer.writeBytes(bytes).skipBytes(2);
      TokenTimeline timeline = Served.head(200, Served.EVENTS).piece(buffer).end();

      assertThat(timeline.text()).isEqualTo("a");
      assertThat(buffer.readerIndex()).isEqualTo(2);
      assertThat(buffer.refCnt()).isEqualTo(1);
      buffer.release();
    }
  }

  @Test
  void readsDirectBuffersOfAnySize() {
    String text = "😀".repeat(20_000);
    ByteBuf direct = Unpooled.directBuffer();
    direct.writeBytes(("data: " + content(text) + "\n\n").getBytes(UTF_8));

    assertThat(Served.head(200, Served.EVENTS).piece(direct).end().text()).isEqualTo(text);
    direct.release();
  }

  // what makes a response good

  @Test
  void acceptsAFinishReasonAsTheEnd() {
    assertThat(Served.events(content("a"), finish("length")).end().failure()).isNull();
  }

  @Test
  void acceptsDoneAsTheEnd() {
    assertThat(Served.events(content("a"), "[DONE]").end().failure()).isNull();
  }

  @Test
  void readsALastEventWithoutABlankLine() {
    TokenTimeline timeline =
        Served.events(content("a")).piece("data: " + finish("stop").strip()).end();
    assertThat(timeline.failure()).isNull();
  }

  @Test
  void countsToolCallsAsOutput() {
    TokenTimeline timeline =
        Served.events(
                delta("\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]"),
                delta("\"tool_calls\":[{\"function\":{\"arguments\":\"{\\\"a\\\":\"}}]"),
                delta("\"tool_calls\":[{\"function\":{\"arguments\":\"1}\"}}]"),
                finish("tool_calls"))
            .end();

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.chunks()).isEqualTo(3);
    assertThat(Served.toolArguments(timeline)).isEqualTo("{\"a\":1}");
    assertThat(timeline.text()).isEmpty();
  }

  @Test
  void ignoresEventsAfterDone() {
    TokenTimeline timeline = Served.events(content("a"), "[DONE]", content("b"), "junk").end();
    assertThat(timeline.failure()).isNull();
    assertThat(timeline.text()).isEqualTo("a");
  }

  // statuses

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          400 | {"error":{"message":"too long","type":"BadRequestError","code":400}} | http 400 BadRequestError | too long
          404 | {"object":"error","message":"no such model","type":"NotFoundError","code":404} | http 404 NotFoundError | no such model
          429 | {"error":{"message":"slow down","type":null,"code":"rate_limit_exceeded"}} | http 429 rate_limit_exceeded | slow down
          429 | {"error":"Model is overloaded","error_type":"overloaded"} | http 429 overloaded | Model is overloaded
          422 | {"detail":[{"msg":"field required","type":"missing"}]} | http 422 missing | field required
          401 | {"detail":"Not authenticated"} | http 401 | Not authenticated
          503 | {"error":{"message":"busy","type":"Internal Server Error","code":503}} | http 503 | busy
          500 | data: {"error":{"message":"boom","type":"server_error"}} | http 500 server_error | boom
          502 | <html>  <h1>Bad Gateway</h1> | http 502 | <html> <h1>Bad Gateway</h1>
          503 | {"error": {"message": | http 503 | {"error": {"message":
          503 | `` | http 503 | Service Unavailable
          400 | {"error":{"message":"","type":"<script>"}} | http 400 | {"error":{"message":"","type":"<script>"}}
          """)
  void failsForAStatusOtherThan2xx(int status, String body, String kind, String message) {
    assertThat(Served.head(status, Served.JSON).piece(body).end().failure())
        .isEqualTo(new Failure(kind, message));
    assertThat(Served.head(status, Served.EVENTS).piece(body).breakOff().failure().kind())
        .as("the status outranks how the connection ended")
        .startsWith("http " + status);
  }

  @Test
  void shortensExcerpts() {
    Failure ending = Served.head(500, null).piece("😀".repeat(5_000)).end().failure();
    assertThat(ending.message()).hasSizeLessThanOrEqualTo(200).endsWith("😀…");
  }

  @Test
  void usesOnlyShortWordsInLabels() {
    String type = "x".repeat(41);
    Failure ending =
        Served.head(500, Served.JSON)
            .piece("{\"error\":{\"type\":\"" + type + "\",\"code\":\"E_1.2-3\"}}")
            .end()
            .failure();
    assertThat(ending.kind()).isEqualTo("http 500 E_1.2-3");
  }

  @Test
  void readsOnlyTheBeginningOfAnEndlessError() {
    Served served = Served.head(500, Served.JSON).piece("{\"error\":{\"message\":\"");
    for (int i = 0; i < 100; i++) {
      served.piece("x".repeat(1_024));
    }
    Failure ending = served.piece("\"}}").end().failure();

    assertThat(ending.kind()).isEqualTo("http 500");
    assertThat(ending.message()).startsWith("{\"error\":{\"message\":\"xxx").hasSize(200);
  }

  // errors inside of a 200

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          data: {"error":{"message":"boom","type":"server_error"}}\\n\\n | error frame server_error | boom
          data: {"error":{"message":"boom","code":500}}\\n\\n | error frame 500 | boom
          data: {"object":"error","message":"boom","type":"Internal Server Error"}\\n\\n | error frame | boom
          data: {"error":"boom"}\\n\\n | error frame | boom
          data: {"detail":"boom"}\\n\\n | error frame | boom
          data: {"message":"boom"}\\n\\n | error frame | boom
          data: {"error":{}}\\n\\n | error frame | an error without a message
          event: error\\ndata: {"message":"boom"}\\n\\n | error frame | boom
          event: error\\ndata: {"reason":"boom"}\\n\\n | error frame | {"reason":"boom"}
          event: error\\ndata: boom\\n\\n | error frame | boom
          event: error\\n: boom\\n\\ndata: [DONE]\\n\\n | error frame | boom
          event: error\\n: ping\\n: pong\\ndata: boom\\n\\n | error frame | boom
          {"error":{"message":"boom","type":"server_error"}}\\n | error frame server_error | boom
          {\\n  "error": {\\n    "message": "boom"\\n  }\\n} | error frame | boom
          """)
  void findsAnErrorInsideA200(String body, String kind, String message) {
    String stream = body.replace("\\n", "\n");
    Failure expected = new Failure(kind, message);

    assertThat(Served.head(200, Served.EVENTS).piece(stream).end().failure()).isEqualTo(expected);
    if (!stream.startsWith("{\n")) {
      assertThat(Served.events(ROLE, content("a")).piece(stream).end().failure())
          .isEqualTo(expected);
    }
    assertThat(Served.head(200, Served.EVENTS).piece(stream).breakOff().failure())
        .as("the error outranks how the connection ended")
        .isEqualTo(expected);
  }

  @Test
  void keepsAnErrorAfterARegularEnd() {
    assertThat(
            Served.events(content("a"), "{\"error\":\"boom\"}", finish("stop"), "[DONE]")
                .end()
                .failure())
        .isEqualTo(new Failure("error frame", "boom"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"abort", "error"})
  void failsForAnAbortedResponse(String reason) {
    assertThat(Served.events(content("a"), finish(reason), "[DONE]").end().failure())
        .isEqualTo(new Failure("error frame", "finish_reason " + reason));
  }

  // malformed

  @Test
  void isMalformedWithABrokenChunk() {
    Failure ending =
        Served.events(content("a"), "{\"choices\":[{", content("b"), finish("stop"), "[DONE]")
            .end()
            .failure();
    assertThat(ending).isEqualTo(new Failure("malformed", "unreadable: {\"choices\":[{"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>Sign in</html>",
        "{\"choices\":[{\"message\":{\"content\":\"a\"}}",
        "{\"choices\":[{\"message\":{\"content\":\"a\"}}]}}",
        "\"hello\"",
        "internal error"
      })
  void isMalformedWithoutJson(String body) {
    assertThat(Served.json(body).end().failure())
        .isEqualTo(new Failure("malformed", "unreadable: " + body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"choices\":[{\"text\":\"a\", }]}", "{\"choices\":[{\"text\":\"a\"}], }"})
  void readsACommaTooManyWhereverThePiecesEnd(String body) {
    for (int at = 0; at <= body.length(); at++) {
      TokenTimeline timeline =
          Served.head(200, Served.JSON)
              .piece(body.substring(0, at))
              .piece(body.substring(at))
              .end();
      assertThat(timeline.failure()).as("cut at %d", at).isNull();
    }
  }

  @Test
  void isMalformedWithAFieldWithoutAValue() {
    TokenTimeline timeline =
        Served.head(200, Served.JSON)
            .piece("{\"choices\":[{\"text\":\"a\",\"finish_reason\":")
            .piece("}]}")
            .end();
    assertThat(timeline.failure().kind()).isEqualTo("malformed");
  }

  // truncated

  @Test
  void isTruncatedWithoutAnEnd() {
    assertThat(Served.events(ROLE, content("a")).end().failure().kind()).isEqualTo("truncated");
    assertThat(Served.events(ROLE, content("a")).breakOff().failure())
        .isEqualTo(new Failure("truncated", "Remotely closed"));
    assertThat(Served.events().end().failure().kind()).isEqualTo("truncated");
    assertThat(Served.events().piece(": ping\n\n").end().failure().kind()).isEqualTo("truncated");
  }

  @Test
  void isTruncatedIfItEndsInsideAnEvent() {
    TokenTimeline timeline =
        Served.events(content("a"))
            .piece("data: {\"choices\":[{\"finish_reason\":\"stop\",\"delta\":{\"content\":\"b\"}")
            .end();
    assertThat(timeline.failure().kind()).isEqualTo("truncated");
    assertThat(timeline.text()).isEqualTo("a");
  }

  @Test
  void isMalformedIfItsLastEventIsWholeButUnreadable() {
    String event = "data: {\"choices\":x}\n";

    for (String rest : List.of("", "retry: 1")) {
      assertThat(Served.head(200, Served.EVENTS).piece(event + rest).end().failure().kind())
          .isEqualTo("malformed");
      assertThat(Served.head(200, Served.EVENTS).piece(event).piece(rest).end().failure().kind())
          .isEqualTo("malformed");
    }
  }

  // no output

  @Test
  void failsWithoutOutput() {
    assertThat(Served.events(ROLE, finish("stop"), "[DONE]").end().failure())
        .isEqualTo(new Failure("no output", "no output, finish_reason stop"));
    assertThat(Served.events("[DONE]").end().failure().kind()).isEqualTo("no output");
    assertThat(Served.json("{\"choices\":[]}").end().failure())
        .isEqualTo(new Failure("no output", "no output and no finish_reason"));
    assertThat(Served.json(" \n").end().failure().kind()).isEqualTo("no output");
    assertThat(Served.head(204, null).end().failure().kind()).isEqualTo("no output");
  }

  // transport

  @Test
  void timesOutAlsoAfterOutput() {
    assertThat(Served.events(ROLE).timeOut().failure())
        .isEqualTo(new Failure("timeout", "Request timeout after 600000 ms"));
    assertThat(Served.events(ROLE, content("a")).timeOut().failure().kind()).isEqualTo("timeout");
  }

  @Test
  void blamesTheConnectionForOtherTransportFailures() {
    assertThat(Served.events(ROLE).breakOff().failure())
        .isEqualTo(new Failure("connection", "Remotely closed"));
    assertThat(Served.json("{\"choices\":[{").breakOff().failure().kind()).isEqualTo("connection");

    TokenTimeline unopened = new TokenTimeline();
    new ResponseReader(unopened, Integer.MAX_VALUE).onTransportFailure(null, null, 1);
    assertThat(unopened.failure()).isEqualTo(new Failure("connection", "no cause given"));
  }

  @ParameterizedTest
  @CsvSource({
    "newSocketStream(..) failed with error(-24): Too many open files, out of file descriptors",
    "connect(..) failed with error(-99): Cannot assign requested address, out of ports",
    "Can't assign requested address: /127.0.0.1:8000, out of ports",
    "Connection refused: /127.0.0.1:8000, connection"
  })
  void tellsALimitOfTheMachineFromAFailureOfTheServer(String message, String kind) {
    TokenTimeline timeline = new TokenTimeline();
    new ResponseReader(timeline, Integer.MAX_VALUE).onTransportFailure(message, null, 1);

    assertThat(timeline.failure()).isEqualTo(new Failure(kind, message));
  }

  // framing

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/plain", "application/octet-stream"})
  void readsAStreamWithAnyContentType(String contentType) {
    TokenTimeline timeline =
        Served.head(200, contentType)
            .piece("\n")
            .piece("data: " + content("a") + "\n\ndata: [DONE]\n\n")
            .end();
    assertThat(timeline.failure()).isNull();
    assertThat(timeline.streamed()).isTrue();
  }

  @Test
  void readsLinesOfJsonAsChunks() {
    TokenTimeline timeline =
        Served.head(200, Served.EVENTS)
            .piece(content("a") + "\n")
            .piece(content("b") + "\n")
            .piece(finish("stop"))
            .end();
    assertThat(timeline.failure()).isNull();
    assertThat(timeline.chunkNanosCopy()).containsExactly(0, 1);
    assertThat(timeline.text()).isEqualTo("ab");
  }

  /** The parser of an earlier response accepts no byte order mark, a new one does. */
  @Test
  void skipsByteOrderMarksInData() {
    TokenTimeline timeline =
        Served.events("\uFEFF" + content("a"), "\uFEFF" + finish("stop"), "\uFEFF[DONE]").end();
    assertThat(timeline.failure()).isNull();
    assertThat(timeline.text()).isEqualTo("a");
    assertThat(timeline.finishReason()).isEqualTo("stop");
  }

  @Test
  void isTruncatedIfLinesOfJsonStop() {
    assertThat(
            Served.head(200, "application/x-ndjson")
                .piece(content("a") + "\n{\"choi")
                .end()
                .failure()
                .kind())
        .isEqualTo("truncated");
  }

  @Test
  void keepsTheFirstEnd() {
    Served served = Served.events(content("a"), finish("stop"));
    served.end();
    assertThat(served.piece("data: late\n\n").breakOff().failure()).isNull();
  }
}
