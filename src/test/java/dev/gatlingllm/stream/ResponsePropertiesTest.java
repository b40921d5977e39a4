package dev.gatlingllm.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.fuzz.DamagedBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Properties of every response, good or bad, however the network splits it. */
class ResponsePropertiesTest {

  private static final List<String> EVENTS =
      List.of(
          "data: " + ChatChunks.delta("\"role\":\"assistant\"") + "\n\n",
          "data:" + ChatChunks.content("é😀") + "\n\n",
          "data: " + ChatChunks.content(" \\u00e9\\n") + "\n\n",
          "data: " + ChatChunks.delta("\"reasoning\":\"hm 🤔\"") + "\n\n",
          "data: "
              + ChatChunks.delta("\"tool_calls\":[{\"function\":{\"arguments\":\"{}\"}}]")
              + "\n\n",
          "data: {\"choices\":[\ndata: {\"text\":\"two lines\"}]}\n\n",
          "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":34,"
              + "\"prompt_tokens_details\":{\"cached_tokens\":16}}}\n\n",
          "data: " + ChatChunks.finish("stop") + "\n\n",
          "data: [DONE]\n\n",
          ": ping\n\n",
          "id: 1\nevent: message\n",
          "event: error\ndata: out of memory 💥\n\n",
          "data: {\"error\":{\"message\":\"boom\",\"type\":\"server_error\"}}\n\n",
          "{\"error\":\"bare\"}\n",
          "data: {broken\n\n",
          "data: " + ChatChunks.content("cut off by whatever comes"),
          "\n");

  private static final List<String> BODIES =
      List.of(
          "{\"choices\":[{\"message\":{\"content\":\"é😀\"},\"finish_reason\":\"stop\"}]}\n",
          "{\n  \"error\": {\n    \"message\": \"boom 💥\"\n  }\n}\n",
          ChatChunks.content("a")
              + "\n"
              + ChatChunks.content("b")
              + "\n"
              + ChatChunks.finish("stop")
              + "\n",
          "{\"choices\":[{\"message\":{\"content\":\"cut",
          "{\"choices\":[]}]",
          "<html><body>Bad Gateway</body></html>",
          "12",
          "");

  /** All that a timeline says but its times. */
  private record Content(
      String text,
      String toolArguments,
      int chunks,
      boolean firstOutput,
      boolean reasoning,
      boolean streamed,
      String finishReason,
      String id,
      List<Integer> usage,
      Failure ending) {

    static Content by(TokenTimeline timeline) {
      return new Content(
          timeline.text(),
          Served.toolArguments(timeline),
          timeline.chunks(),
          timeline.ttfoNanos() >= 0,
          timeline.hasReasoning(),
          timeline.streamed(),
          timeline.finishReason(),
          timeline.responseId(),
          List.of(timeline.inputTokens(), timeline.outputTokens(), timeline.cachedTokens()),
          timeline.failure());
    }
  }

  private record Case(int status, String contentType, byte[] body) {}

  @Property
  void doesNotDependOnHowTheNetworkSplits(
      @ForAll("responses") Case response, @ForAll Random random) {
    TokenTimeline whole =
        Served.head(response.status, response.contentType).piece(response.body).end();

    assertThat(Content.by(serve(response, random))).isEqualTo(Content.by(whole));
  }

  @Property
  void doesNotDependOnLineEnds(@ForAll("streams") String stream, @ForAll Random random) {
    Content content =
        Content.by(serve(new Case(200, Served.EVENTS, stream.getBytes(UTF_8)), random));

    for (String lineEnd : List.of("\r\n", "\r")) {
      byte[] body = stream.replace("\n", lineEnd).getBytes(UTF_8);
      assertThat(Content.by(serve(new Case(200, Served.EVENTS, body), random))).isEqualTo(content);
    }
  }

  @Property
  void keepsTheWholeText(@ForAll("texts") List<String> texts, @ForAll Random random) {
    // some servers send all of the text so far, and then it is the last chunk
    Assume.that(!isCumulative(texts));
    StringBuilder stream = new StringBuilder();
    for (String text : texts) {
      stream.append("data:").append(ChatChunks.content(text)).append("\n\n");
    }
    stream.append("data: ").append(ChatChunks.finish("stop"));
    TokenTimeline timeline =
        serve(new Case(200, Served.EVENTS, stream.toString().getBytes(UTF_8)), random);

    assertThat(timeline.text()).isEqualTo(String.join("", texts));
    assertThat(timeline.chunks()).isEqualTo(texts.size());
    assertThat(timeline.failure()).isNull();
  }

  private static boolean isCumulative(List<String> texts) {
    return IntStream.range(1, texts.size())
        .allMatch(i -> texts.get(i).startsWith(texts.get(i - 1)));
  }

  @Property
  void randomBytesNeverThrow(@ForAll byte[] body, @ForAll Random random) {
    for (String contentType : new String[] {Served.EVENTS, Served.JSON, null}) {
      assertThat(serve(new Case(200, contentType, body), random).hasEnded()).isTrue();
    }
  }

  @Property
  void damagedResponsesNeverThrow(@ForAll("damaged") Case response, @ForAll Random random) {
    TokenTimeline whole =
        Served.head(response.status, response.contentType).piece(response.body).end();

    assertThat(Content.by(serve(response, random))).isEqualTo(Content.by(whole));
  }

  /** Responses of real servers and gateways, and ours, with a few edits. */
  @Provide
  Arbitrary<Case> damaged() {
    Stream<byte[]> real =
        WireCase.all().stream().filter(WireCase::isPlain).map(ResponsePropertiesTest::body);
    Stream<byte[]> ours =
        Stream.concat(EVENTS.stream(), BODIES.stream()).map(s -> s.getBytes(UTF_8));
    return Combinators.combine(
            Arbitraries.of(200, 200, 200, 500),
            Arbitraries.of(Served.EVENTS, Served.JSON),
            DamagedBytes.of(Stream.concat(real, ours).toList()))
        .as(Case::new);
  }

  private static byte[] body(WireCase wire) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    wire.writes().forEach(body::writeBytes);
    return body.toByteArray();
  }

  /** Serves a response in random pieces, in heap and direct buffers as they come. */
  private static TokenTimeline serve(Case response, Random random) {
    Served served = Served.head(response.status, response.contentType);
    int longest = 1 + random.nextInt(60);
    int from = 0;
    while (from < response.body.length) {
      int length = Math.min(response.body.length - from, random.nextInt(longest + 1));
      ByteBuf piece = random.nextBoolean() ? Unpooled.buffer() : Unpooled.directBuffer();
      served.piece(piece.writeBytes(response.body, from, length));
      piece.release();
      from += length;
    }
    return served.end();
  }

  @Provide
  Arbitrary<Case> responses() {
    Arbitrary<Integer> statuses =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.just(200)), Tuple.of(1, Arbitraries.of(400, 429, 503)));
    Arbitrary<String> types =
        Arbitraries.of(Served.EVENTS, Served.JSON, "text/plain", "application/x-ndjson");
    Arbitrary<String> lineEnds = Arbitraries.of("\n", "\r\n", "\r");
    Arbitrary<String> bodies = Arbitraries.oneOf(streams(), bodies());
    return Combinators.combine(statuses, types, bodies, lineEnds)
        .as(
            (status, type, body, lineEnd) ->
                new Case(status, type, body.replace("\n", lineEnd).getBytes(UTF_8)));
  }

  @Provide
  Arbitrary<String> streams() {
    return Arbitraries.of(EVENTS).list().ofMaxSize(12).map(events -> String.join("", events));
  }

  private static Arbitrary<String> bodies() {
    return Arbitraries.of(BODIES);
  }

  @Provide
  Arbitrary<List<String>> texts() {
    return Arbitraries.strings()
        .withChars('a', ' ', 'é', '中', '\u2028')
        .ofMinLength(1)
        .ofMaxLength(6)
        .flatMap(text -> Arbitraries.of("", "😀", "👩‍🚀").map(emoji -> text + emoji))
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }
}
