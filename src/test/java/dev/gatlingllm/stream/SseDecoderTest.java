package dev.gatlingllm.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.fuzz.DamagedBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SseDecoderTest {

  private record Event(String name, String data) {}

  private final List<Event> events = new ArrayList<>();
  private final SseDecoder decoder =
      new SseDecoder(
          (name, bytes, offset, length) ->
              events.add(new Event(name, new String(bytes, offset, length, UTF_8))));

  private List<Event> decode(String... pieces) {
    for (String piece : pieces) {
      byte[] bytes = piece.getBytes(UTF_8);
      decoder.decode(bytes, 0, bytes.length);
    }
    return events;
  }

  static Stream<Arguments> streams() {
    return Stream.of(
        Arguments.of("a space after the colon is not data", "data: a\n\n", List.of("a")),
        Arguments.of("no space after the colon", "data:a\n\n", List.of("a")),
        Arguments.of("a second space is data", "data:  a\n\n", List.of(" a")),
        Arguments.of("CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", List.of("a", "b")),
        Arguments.of("CR", "data: a\r\rdata: b\r\r", List.of("a", "b")),
        Arguments.of(
            "mixed line ends", "data: a\r\n\ndata: b\n\rdata: c\r\r\n", List.of("a", "b", "c")),
        Arguments.of("data lines are joined", "data: a\ndata:\ndata: b\n\n", List.of("a\n\nb")),
        Arguments.of("a field without a colon is empty", "data\n\n", List.of("")),
        Arguments.of("comments", ": ping\n\n:\ndata: a\n: pong\n\n", List.of("a")),
        Arguments.of("other fields", "id: 7\nretry: 10\nfoo: x\ndata: a\n\n", List.of("a")),
        Arguments.of("fields that only begin alike", "data2: a\ndat: b\n\n", List.of()),
        Arguments.of("events without data", "event: ping\n\ndata: a\n\n", List.of("a")),
        Arguments.of("blank lines", "\n\n\ndata: a\n\n\n\n", List.of("a")),
        Arguments.of("a byte order mark at the start", "\uFEFFdata: a\n\n", List.of("a")),
        Arguments.of("a byte order mark later on", "\n\uFEFFdata: a\n\n", List.of()),
        Arguments.of("a bare line of JSON", "{\"error\":1}\n\n", List.of("{\"error\":1}")),
        Arguments.of("an event that the end cuts off", "data: a\n\ndata: b", List.of("a", "b")),
        Arguments.of("an event whose blank line is missing", "data: a\n", List.of("a")),
        Arguments.of("nothing at all", "", List.of()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("streams")
  void readsEventsOfAStream(String name, String stream, List<String> data) {
    decode(stream);
    decoder.end();

    assertThat(events).extracting(Event::data).isEqualTo(data);
  }

  @Test
  void passesANameWithItsEventOnly() {
    decode("event: error\ndata: a\n\ndata: b\n\nevent:error\ndata: c\n\nevent: done\ndata: d\n\n");

    assertThat(events)
        .containsExactly(
            new Event("error", "a"),
            new Event(null, "b"),
            new Event("error", "c"),
            new Event("done", "d"));
  }

  @Test
  void passesAnEventOnWhenItsBlankLineBegins() {
    assertThat(decode("data: a\r\n", "\r")).hasSize(1);
    assertThat(decode("\ndata: b\r\n\r\n")).hasSize(2);
  }

  @Test
  void passesDataOnWithoutACopy() {
    byte[] incoming = "data: one\n\ndata: two\n\n".getBytes(UTF_8);
    List<byte[]> lent = new ArrayList<>();
    new SseDecoder((name, bytes, offset, length) -> lent.add(bytes))
        .decode(incoming, 0, incoming.length);

    assertThat(lent).hasSize(2).allSatisfy(bytes -> assertThat(bytes).isSameAs(incoming));
  }

  @Test
  void copiesIncompleteData() {
    byte[] incoming = "data: one\n".getBytes(UTF_8);
    decoder.decode(incoming, 0, incoming.length);
    incoming[6] = 'X';

    assertThat(decode("\n")).containsExactly(new Event(null, "one"));
  }

  @Property
  void keepsOnlyTheIncompleteLineAndEvent(
      @ForAll("lines") String stream, @ForAll @IntRange(min = 1, max = 9) int pieceLength) {
    byte[] bytes = stream.getBytes(UTF_8);
    int[] largest = {0};
    SseDecoder counted = new SseDecoder((name, data, offset, length) -> largest[0]++);
    int blankLineEnd = 0;
    for (int from = 0; from < bytes.length; from += pieceLength) {
      int to = Math.min(bytes.length, from + pieceLength);
      counted.decode(bytes, from, to - from);
      for (int i = Math.max(1, from); i < to; i++) {
        if (bytes[i] == '\n' && bytes[i - 1] == '\n') {
          blankLineEnd = i + 1;
        }
      }
      assertThat(counted.pendingBytes()).isLessThanOrEqualTo(to - blankLineEnd);
    }
  }

  @Provide
  Arbitrary<String> lines() {
    return Arbitraries.of("data: abc", "data:é😀", ": comment", "event: x", "", "\n", "id: 1")
        .list()
        .ofMaxSize(40)
        .map(lines -> String.join("\n", lines));
  }

  @Property
  void survivesAnyBytesInAnyPieces(
      @ForAll("hostile") byte[] bytes, @ForAll @IntRange(min = 1, max = 9) int pieceLength) {
    for (int from = 0; from < bytes.length; from += pieceLength) {
      decoder.decode(bytes, from, Math.min(pieceLength, bytes.length - from));
    }
    decoder.end();
  }

  @Provide
  Arbitrary<byte[]> hostile() {
    Arbitrary<byte[]> parts =
        Arbitraries.of("data", "event", ":", " ", "\r", "\n", "\uFEFF", "{", "\0", "ÿ", "id")
            .list()
            .ofMaxSize(60)
            .map(words -> String.join("", words).getBytes(UTF_8));
    return Arbitraries.oneOf(
        parts,
        DamagedBytes.of(
            "data: {\"a\": \"{\\\"}\"}\r\n\r\nevent: error\ndata: a\ndata: b\n\n",
            ": ping\n\ndata"));
  }
}
