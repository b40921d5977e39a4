package dev.gatlingllm.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** A chunk recognised from its bytes has the same content as a parsed one. */
class RepeatedChunkTest {

  private static final int NANOS = 7;

  @Property(tries = 3_000)
  void readsAStreamLikeItsSingleChunks(@ForAll("chunks") List<String> chunks) {
    TokenTimeline stream = new TokenTimeline();
    ChunkReader reader = new ChunkReader(stream);
    TokenTimeline oneByOne = new TokenTimeline();
    for (String chunk : chunks) {
      boolean readable = read(reader, chunk);

      // a reader that has seen no other chunk has nothing to recognise
      assertThat(readable).isEqualTo(read(new ChunkReader(oneByOne), chunk));
      assertThat(said(stream)).isEqualTo(said(oneByOne));
    }
  }

  /** Events in pieces of some events each, as most servers send them, against byte by byte. */
  @Property(tries = 3_000)
  void readsEventsLikeTheirBytes(
      @ForAll("chunks") List<String> chunks, @ForAll("frames") Frame frame) {
    Served pieces = new Served();
    Served bytes = new Served();
    StringBuilder piece = new StringBuilder();
    for (String chunk : chunks) {
      String event = frame.before + chunk + frame.after;
      piece.append(event);
      if (chunk.hashCode() % frame.pieceLength == 0) {
        pieces.receive(piece.toString());
        piece.setLength(0);
      }
      for (byte b : event.getBytes(UTF_8)) {
        bytes.receive(b);
      }
    }
    pieces.receive(piece.toString());

    assertThat(pieces.ended()).isEqualTo(bytes.ended());
  }

  private record Frame(String before, String after, int pieceLength) {}

  @Provide
  Arbitrary<Frame> frames() {
    return Combinators.combine(
            Arbitraries.of(
                "data: ",
                "data:",
                "",
                "event: message\ndata: ",
                "id: 1\r\ndata: ",
                ": ping\n\ndata: ",
                "event: error\ndata: ",
                "data: {\"choices\":[{\"text\":\"x\"}]}\n\ndata: "),
            Arbitraries.of("\n\n", "\r\n\r\n", "\n", "\r", "\n\nevent: message\n", ""),
            Arbitraries.integers().between(1, 3))
        .as(Frame::new);
  }

  /** A response that is received in pieces. */
  private static final class Served {

    private final TokenTimeline timeline = new TokenTimeline();
    private final ResponseReader reader = new ResponseReader(timeline, Integer.MAX_VALUE);

    Served() {
      reader.onHead(200, "text/event-stream");
    }

    void receive(String piece) {
      receive(piece.getBytes(UTF_8));
    }

    void receive(byte... bytes) {
      reader.onBytes(bytes, 0, bytes.length, NANOS);
    }

    List<Object> ended() {
      reader.onEnd(NANOS);
      return List.of(said(timeline), String.valueOf(timeline.failure()), timeline.finishNanos());
    }
  }

  private static boolean read(ChunkReader reader, String chunk) {
    byte[] bytes = chunk.getBytes(UTF_8);
    return reader.readWhole(bytes, 0, bytes.length, NANOS);
  }

  private static List<Object> said(TokenTimeline timeline) {
    return List.of(
        timeline.text(),
        timeline.textAndArguments(),
        timeline.chunks(),
        timeline.ttfoNanos(),
        timeline.hasReasoning(),
        String.valueOf(timeline.responseId()),
        String.valueOf(timeline.finishReason()),
        timeline.outputTokens(),
        String.valueOf(timeline.error()));
  }

  /** Each shape takes a text in place of its %s; most chunks of a stream have the same shape. */
  @Provide
  Arbitrary<List<String>> chunks() {
    Arbitrary<String> shapes =
        Arbitraries.of(
            "{\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}",
            "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":null}]}",
            "{\"choices\":[{\"delta\":{\"role\":\"a\",\"content\":\"%s\",\"x\":[1,{\"y\":\"a\"}]}}]}",
            "{\"choices\":[{\"text\":\"%s\",\"logprobs\":{\"tokens\":[\"%s\"]}}],\"usage\":null}",
            "{\"choices\":[{\"text\":\"%s\",\"index\":1}]}",
            "{\"choices\":[{\"text\":\"%s\",\"index\":0},{\"text\":\"%s\",\"index\":1}]}",
            "{\"choices\":[{\"delta\":{\"reasoning\":\"%s\"}}]}",
            "{\"choices\":[{\"delta\":{\"reasoning\":\"%s\",\"content\":\"a\"}}]}",
            "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"function\":{\"arguments\":\"%s\"}}]}}]}",
            "{\"choices\":[{\"delta\":{\"content\":\"%s\"},\"finish_reason\":\"stop\"}]}",
            "{\"choices\":[{\"text\":\"%s\"}],\"usage\":{\"completion_tokens\":3}}",
            "{\"choices\":[{\"text\":\"a\"}],\"x\":\"%s\"}",
            "{\"choices\":[{\"text\":\"\\u0061\"}],\"x\":\"%s\"}",
            "{\"choices\":[{\"text\":\"%s\"}]}{\"choices\":[{\"text\":\"b\"}]}",
            "{\"choices\":[{\"text\":\"b\"}]} {\"choices\":[{\"text\":\"%s\"}]}",
            "{\"choices\":[{\"text\":\"%s\"}]} x",
            "{\"choices\":[{\"text\":\"%s\"}],\"object\":\"error\"}",
            "{\"sequence_number\":1,\"choices\":[{\"text\":\"%s\"}]}",
            "{\"sequence_number\":20,\"choices\":[{\"text\":\"%s\"}]}",
            "{\"sequence_number\":03,\"choices\":[{\"text\":\"%s\"}]}",
            "{\"choices\":[{\"text\":\"%s\"}],\"created\": 1732}",
            "{\"choices\":[{\"text\":\"%s\"}],\"created\": 1733}",
            "{\"choices\":[{\"text\":\"%s\"}],\"created\": 1733.5}",
            "{\"error\":\"%s\"}");
    Arbitrary<String> texts =
        Arbitraries.oneOf(
            Arbitraries.of("a", " the", ",", ":", "index", "content", "x\":\"y", "\",\"x\":\""),
            Arbitraries.of(
                "\\n", "\\\"", "\\\\", "\\u00e9", "\\/\\b\\f\\r\\t", "\\", "\\x", "\\\\\\"),
            Arbitraries.of(
                "",
                "é",
                "中",
                "😀",
                "\\ud83d\\ude00",
                "\\ud83d",
                "\\u00e",
                "\n",
                "\u0000",
                "\u007f",
                "\"",
                "\"}]}"),
            Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(4));
    return shapes
        .list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .flatMap(
            few ->
                Combinators.combine(Arbitraries.of(few), texts)
                    .as((shape, text) -> shape.replace("%s", text))
                    .list()
                    .ofMaxSize(12));
  }

  private static RepeatedChunk learnt(String chunk, String text) {
    RepeatedChunk repeated = new RepeatedChunk();
    byte[] bytes = chunk.getBytes(UTF_8);
    repeated.learn(bytes, 0, bytes.length, Chunk.Kind.CONTENT, text);
    return repeated;
  }

  @Test
  void recognisesAnotherText() {
    RepeatedChunk repeated = learnt(ChatChunks.content(" the"), " the");
    byte[] other = ChatChunks.content("\\nend \\\"quoted\\\"").getBytes(UTF_8);

    assertThat(repeated.recognises(other, 0, other.length)).isTrue();
    assertThat(repeated.text()).hasToString("\nend \"quoted\"");
    assertThat(repeated.kind()).isEqualTo(Chunk.Kind.CONTENT);
  }

  @Test
  void doesNotLearnFromATextThatOccursTwice() {
    RepeatedChunk repeated = new RepeatedChunk();
    byte[] twice = ChatChunks.delta("\"content\":\"a\",\"x\":\"a\"").getBytes(UTF_8);

    repeated.learn(twice, 0, twice.length, Chunk.Kind.CONTENT, "a");

    assertThat(repeated.recognises(twice, 0, twice.length)).isFalse();
  }

  @Test
  void stopsLearningIfAllChunksDiffer() {
    RepeatedChunk repeated = new RepeatedChunk();
    byte[] last = {};
    for (int i = 0; i < 50; i++) {
      last = ("{\"choices\":[{\"text\":\"a\"}],\"n\":" + i + "}").getBytes(UTF_8);
      repeated.learn(last, 0, last.length, Chunk.Kind.CONTENT, "a");
    }

    assertThat(repeated.recognises(last, 0, last.length)).isFalse();
  }

  @Test
  void recognisesTextsOutsideAscii() {
    RepeatedChunk repeated = learnt(ChatChunks.content("中"), "中");
    byte[] other = ChatChunks.content("é文😀\\u00e9").getBytes(UTF_8);

    assertThat(repeated.recognises(other, 0, other.length)).isTrue();
    assertThat(repeated.text()).hasToString("é文😀é");
  }

  @Test
  void recognisesChunksThatAreNumbered() {
    String numbered = "{\"type\":\"delta\",\"sequence_number\":%d,\"delta\":\"%s\",\"created\":%d}";
    RepeatedChunk repeated = learnt(numbered.formatted(9, "a", 1_732_700_000), "a");
    byte[] other = numbered.formatted(10, "b", 1_732_700_001).getBytes(UTF_8);
    byte[] unlike = numbered.formatted(10, "b", -1).getBytes(UTF_8);

    assertThat(repeated.recognises(other, 0, other.length)).isTrue();
    assertThat(repeated.recognises(unlike, 0, unlike.length)).isFalse();
  }

  @Test
  void recognisesAnEventWithTheLinesAroundItsChunk() {
    RepeatedChunk repeated = new RepeatedChunk();
    byte[] learnt = ("event: a\ndata: " + ChatChunks.content("a") + "\n\n").getBytes(UTF_8);
    byte[] others =
        ("event: a\ndata: " + ChatChunks.content("b") + "\n\n").repeat(2).getBytes(UTF_8);
    int start = "event: a\ndata: ".length();

    repeated.learn(learnt, start, learnt.length - start - 2, Chunk.Kind.CONTENT, "a");
    repeated.learnEvent(learnt, 0, learnt.length);

    assertThat(repeated.recognisesEvent(others, 0, others.length)).isEqualTo(learnt.length);
    assertThat(repeated.text()).hasToString("b");
    assertThat(repeated.recognisesEvent(others, 1, others.length)).isNegative();
  }
}
