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

  private static boolean read(ChunkReader reader, String chunk) {
    byte[] bytes = chunk.getBytes(UTF_8);
    return reader.readWhole(bytes, 0, bytes.length, NANOS);
  }

  private static List<Object> said(TokenTimeline timeline) {
    return List.of(
        timeline.text(),
        timeline.toolCallArguments(),
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
            "{\"error\":\"%s\"}");
    Arbitrary<String> texts =
        Arbitraries.oneOf(
            Arbitraries.of("a", " the", ",", ":", "index", "content", "x\":\"y", "\",\"x\":\""),
            Arbitraries.of(
                "\\n", "\\\"", "\\\\", "\\u00e9", "\\/\\b\\f\\r\\t", "\\", "\\x", "\\\\\\"),
            Arbitraries.of("", "é", "中", "😀", "\n", "\u0000", "\u007f", "\"", "\"}]}"),
            Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(4));
    return shapes
        .list()
        .ofMinSize(1)
        .ofMaxSize(2)
        .flatMap(
            few ->
                Combinators.combine(Arbitraries.of(few), texts)
                    .as((shape, text) -> shape.replace("%s", text))
                    .list()
                    .ofMaxSize(8));
  }

  @Test
  void recognisesAnotherText() {
    RepeatedChunk repeated = new RepeatedChunk();
    byte[] learnt = ChatChunks.content(" the").getBytes(UTF_8);
    byte[] other = ChatChunks.content("\\nend \\\"quoted\\\"").getBytes(UTF_8);

    repeated.learn(learnt, 0, learnt.length, Chunk.Kind.CONTENT, " the");

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
}
