package dev.gatlingllm.stream;

import static dev.gatlingllm.stream.ChatChunks.content;
import static dev.gatlingllm.stream.ChatChunks.finish;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses that would take the memory or the time of all others. */
class ResponseLimitsTest {

  private static final int MIB = 1 << 20;

  /** A response without end: a beginning, and what follows again and again. */
  private static Arguments endless(String name, String contentType, String begin, String more) {
    return Arguments.of(name, contentType, begin, more);
  }

  static Stream<Arguments> endlessResponses() {
    String text = "x".repeat(60_000);
    return Stream.of(
        endless("line of data", Served.EVENTS, "data: ", text),
        endless("line of a comment", Served.EVENTS, ": ", text),
        endless("line of unknown field", Served.EVENTS, "", text),
        endless("event of many lines", Served.EVENTS, "", "data: " + text + "\n"),
        endless("text", Served.EVENTS, "", "data: " + content(text) + "\n\n"),
        endless(
            "arguments of a tool",
            Served.EVENTS,
            "",
            "data: "
                + ChatChunks.delta(
                    "\"tool_calls\":[{\"function\":{\"arguments\":\"" + text + "\"}}]")
                + "\n\n"),
        endless("chunks", Served.EVENTS, "", ("data: " + content("a") + "\n\n").repeat(1_000)),
        endless(
            "chunks of reasoning",
            Served.EVENTS,
            "",
            ("data: " + ChatChunks.delta("\"reasoning\":\"a\"") + "\n\n").repeat(1_000)),
        endless(
            "choices in one event",
            Served.EVENTS,
            "data: {\"choices\":[",
            "{\"text\":\"a\"},".repeat(4_000)),
        endless("event of blanks", Served.EVENTS, "data: {", " ".repeat(60_000)),
        endless("lines of JSON", "application/x-ndjson", "", content(text) + "\n"),
        endless("string of JSON", Served.JSON, "{\"choices\":[{\"text\":\"", text),
        endless("ignored string of JSON", Served.JSON, "{\"system\":\"", text),
        endless("name of a field", Served.JSON, "{\"", text),
        endless("number", Served.JSON, "{\"created\":1", "1".repeat(60_000)),
        endless("nesting", Served.JSON, "", "{\"choices\":[".repeat(5_000)),
        endless("array of JSON", Served.JSON, "{\"data\":[1", ",1".repeat(30_000)),
        endless("page", "text/html", "<html>", text));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("endlessResponses")
  void givesUpOnAnEndlessResponse(String name, String contentType, String begin, String more) {
    for (int status : List.of(200, 500)) {
      Served served = Served.head(status, contentType).piece(begin);
      byte[] bytes = more.getBytes(UTF_8);
      long sent = 0;
      while (!served.isBroken()) {
        served.piece(Unpooled.wrappedBuffer(bytes));
        sent += bytes.length;
        assertThat(sent).as(name).isLessThan(200L * MIB);
      }
      assertThat(served.end().failure().kind()).isEqualTo(status == 200 ? "malformed" : "http 500");
    }
  }

  @Test
  void givesUpOnEndlessComments() {
    Served served =
        Served.head(200, Served.EVENTS, 8 * MIB).piece("data: " + content("a") + "\n\n");
    while (!served.isBroken()) {
      served.piece(": still here\n".repeat(4_000));
    }

    assertThat(served.end().failure())
        .isEqualTo(new Failure("malformed", "unreadable: a body of more than 8192 KiB"));
  }

  @Test
  void keepsAResponseThatIsDoneWhateverFollows() {
    Served served = Served.events(content("a"), finish("stop"), "[DONE]").piece("data: ");
    while (!served.isBroken()) {
      served.piece("x".repeat(60_000));
    }

    assertThat(served.end().failure()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "finish_reason"})
  void isMalformedWithALongWord(String field) {
    String word = "x".repeat(TokenTimeline.MAX_WORD);
    String good =
        "{\""
            + field
            + "\":\""
            + word
            + "\",\"choices\":[{\"text\":\"a\",\""
            + field
            + "\":\""
            + word
            + "\"}]}";
    String bad = good.replace(word, word + "x");

    assertThat(Served.events(good, finish("stop")).end().failure()).isNull();
    Served served = Served.events(bad, finish("stop"));
    assertThat(served.isBroken()).isTrue();
    assertThat(served.end().failure())
        .isEqualTo(
            new Failure("malformed", "unreadable: " + field + " of more than 1,000 characters"));
  }

  @Test
  void readsNothingAfterAChunkThatBreaksALimit() {
    String bad = content("a").replace("\"c1\"", "\"" + "x".repeat(2_000) + "\"");
    TokenTimeline timeline =
        Served.head(200, "application/x-ndjson").piece(bad + "\n" + content("b") + "\n").end();

    assertThat(timeline.text()).isEqualTo("a");
    assertThat(timeline.responseId()).isNull();
  }

  /** A parser keeps the names of fields, and takes longer for each new one. */
  @Test
  void isMalformedWithALongNameOfAField() {
    String name = "x".repeat(ChunkReader.MAX_NAME - 3);

    assertThat(Served.events("{\"" + name + "\":1,\"choices\":[]}").isBroken()).isFalse();
    assertThat(Served.events("{\"" + name + "xxxxxxxxx\":1,\"choices\":[]}").isBroken()).isTrue();
  }

  @Test
  void readsLongResponses() {
    String text = "word ".repeat(10);
    Served served = Served.head(200, Served.EVENTS);
    for (int i = 0; i < 50_000; i++) {
      served.piece("data: " + content(text) + "\n\n");
    }
    TokenTimeline timeline = served.piece("data: " + finish("stop") + "\n\n").end();

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.text()).hasSize(2_500_000);
    assertThat(timeline.chunks()).isEqualTo(50_000);
  }

  @Test
  void readsOneLongEvent() {
    String text = "x".repeat(3 * MIB);

    assertThat(Served.events(content(text), finish("stop")).end().text()).isEqualTo(text);
    assertThat(Served.json(content(text)).end().text()).isEqualTo(text);
  }

  @Test
  void isBrokenByAnUnreadableEvent() {
    Served served = Served.events(content("a"));
    assertThat(served.isBroken()).isFalse();
    served.piece("data: {\"choices\":[{\n\n");
    assertThat(served.isBroken()).isTrue();
  }

  @Test
  void readsAShortErrorToItsEnd() {
    Served served = Served.head(502, "text/html").piece("<html>" + "x".repeat(10_000));

    assertThat(served.isBroken()).isFalse();
  }
}
