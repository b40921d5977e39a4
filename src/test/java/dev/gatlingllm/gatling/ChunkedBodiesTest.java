package dev.gatlingllm.gatling;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ChunkedBodiesTest {

  private static final String HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n";

  /** A connection as Gatling's client has it, and what came out of it. */
  private static final class Connection {

    private final EmbeddedChannel channel = new EmbeddedChannel(new HttpClientCodec());
    private final StringBuilder read = new StringBuilder();
    private final StringBuilder decoded = new StringBuilder();
    private final boolean past;
    private int wanted = Integer.MAX_VALUE;

    /**
     * @param past whether streams are read past the decoder
     */
    Connection(boolean past) {
      this.past = past;
    }

    void send() {
      send(HttpMethod.POST);
    }

    void send(HttpMethod method) {
      InterimResponses.beforeWrite(channel, false, past ? this::onBody : null);
      channel.writeOutbound(
          new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, "/v1/completions"));
      channel.releaseOutbound();
    }

    WeakReference<Object> sendWithOwnReader() {
      AtomicInteger taken = new AtomicInteger();
      ChunkedBodies.Reader reader = (bytes, offset, length, nanos) -> taken.addAndGet(length) > 0;
      InterimResponses.beforeWrite(channel, false, reader);
      return new WeakReference<>(reader);
    }

    private boolean onBody(byte[] bytes, int offset, int length, long nanos) {
      read.append(new String(bytes, offset, length, ISO_8859_1));
      return read.length() < wanted;
    }

    void receive(String bytes) {
      channel.writeInbound(Unpooled.copiedBuffer(bytes, ISO_8859_1));
      for (Object message; (message = channel.readInbound()) != null; ) {
        take((HttpObject) message);
        ReferenceCountUtil.release(message);
      }
    }

    private void take(HttpObject message) {
      if (message instanceof HttpResponse response) {
        decoded.append('<').append(response.status().code()).append('>');
      }
      if (message instanceof HttpContent content) {
        read.append(content.content().toString(ISO_8859_1));
      }
      if (message.decoderResult().isFailure()) {
        decoded.append('<').append(message.decoderResult().cause()).append('>');
      } else if (message instanceof LastHttpContent last) {
        last.trailingHeaders().forEach(trailer -> decoded.append(trailer.getKey()));
        decoded.append("<end>");
      }
    }
  }

  private static Connection received(boolean past, String... responses) {
    Connection connection = new Connection(past);
    for (String response : responses) {
      connection.send();
      connection.receive(response);
    }
    return connection;
  }

  private static String chunked(String... data) {
    StringBuilder body = new StringBuilder();
    for (String part : data) {
      body.append(Integer.toHexString(part.length())).append("\r\n").append(part).append("\r\n");
    }
    return body.toString();
  }

  @Test
  void readsAStreamPastTheDecoder() {
    Connection connection =
        received(true, HEAD + "\r\n" + chunked("data: 1\n\n", "data: 2\n\n") + "0\r\n\r\n");

    assertThat(connection.read).hasToString("data: 1\n\ndata: 2\n\n");
    assertThat(connection.decoded).hasToString("<200><end>");
  }

  @Test
  void readsOneResponseAfterTheOther() {
    String stream = HEAD + "\r\n" + chunked("data: 1\n\n") + "0\r\n\r\n";
    String json = "HTTP/1.1 429 Too Many\r\nContent-Length: 2\r\n\r\n{}";

    Connection connection = received(true, stream, stream, json, stream, stream);

    assertThat(connection.read)
        .hasToString("data: 1\n\n".repeat(2) + "{}" + "data: 1\n\n".repeat(2));
    assertThat(connection.decoded)
        .hasToString("<200><end><200><end><429><end><200><end><200><end>");
  }

  @Test
  void leavesInterimResponsesToTheDecoder() {
    Connection connection = new Connection(true);
    connection.send();

    connection.receive("HTTP/1.1 103 Early Hints\r\nContent-Type: text/event-stream\r\n\r\n");
    connection.receive(HEAD + "\r\n" + chunked("data: 1\n\n") + "0\r\n\r\n");

    assertThat(connection.read).hasToString("data: 1\n\n");
    assertThat(connection.decoded).hasToString("<200><end>");
  }

  @Test
  void leavesACompressedStreamToTheDecoder() {
    Connection connection = new Connection(true);
    connection.wanted = 0; // the reader would drop what follows its first bytes
    connection.send();

    connection.receive(
        HEAD + "Content-Encoding: gzip\r\n\r\n" + chunked("zip", "ped") + "0\r\n\r\n");

    assertThat(connection.read).hasToString("zipped");
    assertThat(connection.decoded).hasToString("<200><end>");
  }

  /** A head may announce a stream that does not follow, as in the response to HEAD. */
  @Test
  void readsOnAfterAResponseWithoutItsBody() {
    String noContent = HEAD.replace("200 OK", "204 No Content") + "\r\n";
    for (HttpMethod method : List.of(HttpMethod.HEAD, HttpMethod.POST)) {
      Connection connection = new Connection(true);
      connection.send(method);
      connection.receive(method.equals(HttpMethod.HEAD) ? HEAD + "\r\n" : noContent);
      connection.send();
      connection.receive("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{");

      assertThat(connection.channel.config().isAutoRead()).isTrue();
      connection.receive("}");
      assertThat(connection.read).hasToString("{}");
      assertThat(connection.decoded.toString()).endsWith("<end><200><end>");
    }
  }

  @Test
  @SuppressWarnings("deprecation") // a handle is Netty's own way, and only said to change
  void readsOnAfterABufferCouldNotBeMade() {
    Connection connection = received(true, HEAD + "\r\n");
    RecvByteBufAllocator.Handle handle =
        connection.channel.config().getRecvByteBufAllocator().newHandle();
    ByteBuf kept = handle.allocate(connection.channel.alloc());

    ByteBufAllocator full =
        (ByteBufAllocator)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ByteBufAllocator.class},
                (proxy, method, arguments) -> {
                  throw new OutOfMemoryError("no memory for buffers");
                });
    assertThatThrownBy(() -> handle.allocate(full)).isInstanceOf(OutOfMemoryError.class);
    kept.release();

    ByteBuf next = handle.allocate(connection.channel.alloc());
    assertThat(next.isWritable()).isTrue();
    assertThat(next.release()).isFalse();
  }

  @Test
  void keepsNothingOfAResponseThatHasEnded() {
    Connection connection = new Connection(true);
    WeakReference<Object> reader = connection.sendWithOwnReader();

    connection.receive(HEAD + "\r\n" + chunked("data: 1\n\n") + "0\r\n\r\n");
    for (int i = 0; i < 100 && reader.get() != null; i++) {
      System.gc();
    }

    assertThat(connection.decoded).hasToString("<200><end>");
    assertThat(reader.get()).isNull();
  }

  @Test
  @SuppressWarnings("deprecation") // a handle is Netty's own way, and only said to change
  void readsBodiesIntoOneBufferAndAllElseAsBefore() {
    Connection connection = new Connection(true);
    connection.send();
    RecvByteBufAllocator.Handle handle =
        connection.channel.config().getRecvByteBufAllocator().newHandle();
    ByteBufAllocator buffers = connection.channel.alloc();
    ByteBuf ofHead = handle.allocate(buffers);
    connection.receive(HEAD + "\r\n" + chunked("data: 1\n\n"));

    ByteBuf first = handle.allocate(buffers).writeByte('a');
    first.release();
    ByteBuf second = handle.allocate(buffers);
    ByteBuf whileKept = handle.allocate(buffers);

    assertThat(second).isSameAs(first).isNotSameAs(ofHead);
    assertThat(second.readableBytes()).isZero();
    assertThat(whileKept).isNotSameAs(second);
    assertThat(connection.channel.config().isAutoRead()).isFalse();
    connection.receive("0\r\n\r\n");
    assertThat(connection.channel.config().isAutoRead()).isTrue();
    assertThat(handle.allocate(buffers)).isNotSameAs(whileKept);
  }

  @Test
  void dropsWhatItsReaderDoesNotWant() {
    Connection connection = new Connection(true);
    connection.wanted = 9;
    connection.send();

    connection.receive(HEAD + "\r\n" + chunked("data: 1\n\n", "data: 2\n\n"));
    connection.receive(chunked("data: 3\n\n") + "0\r\n\r\n");

    assertThat(connection.read).hasToString("data: 1\n\n");
    assertThat(connection.decoded).hasToString("<200>");
  }

  @Provide
  Arbitrary<String> bodies() {
    Arbitrary<String> chunk =
        Arbitraries.strings()
            .withChars("data: {}\r\n09")
            .ofMinLength(1)
            .ofMaxLength(40)
            .map(ChunkedBodiesTest::chunked);
    Arbitrary<String> unusual =
        Arbitraries.of(
            "A\r\n0123456789\r\n",
            "0005\r\nabcde\r\n",
            "000000000005\r\nabcde\r\n",
            "5;name=value\r\nabcde\r\n",
            "5 \r\nabcde\r\n",
            "5\r\nabcdeX\r\n",
            "5\r\nabcde\nX",
            "5\r\nabcde\rX",
            "5\r\nabcde5\r\nabcde\r\n",
            "2000\r\n" + "x".repeat(0x2000) + "\r\n",
            "10001\r\n" + "y".repeat(0x10001) + "\r\n");
    Arbitrary<String> end =
        Arbitraries.of(
            "0\r\n\r\n",
            "0\r\nTrailer: 1\r\n\r\n",
            "000\r\n\r\n",
            "",
            "x\r\n",
            "\r\n",
            "-1\r\n",
            "5");
    return Combinators.combine(
            Arbitraries.frequencyOf(
                    net.jqwik.api.Tuple.of(6, chunk), net.jqwik.api.Tuple.of(1, unusual))
                .list()
                .ofMaxSize(12),
            end)
        .as((chunks, last) -> String.join("", chunks) + last);
  }

  /** The decoder alone is the standard: whatever the network cuts, nothing else may come out. */
  @Property(tries = 500)
  void readsWhatTheDecoderWouldRead(@ForAll("bodies") String body, @ForAll long seed) {
    String response = "\r\n" + HEAD + "\r\n" + body;
    Connection decoder = new Connection(false);
    Connection past = new Connection(true);
    Random random = new Random(seed);
    decoder.send();
    past.send();

    for (int from = 0; from < response.length(); ) {
      int most = random.nextInt(4) == 0 ? 40_000 : 30;
      int to = Math.min(response.length(), from + 1 + random.nextInt(most));
      decoder.receive(response.substring(from, to));
      past.receive(response.substring(from, to));
      from = to;
    }

    assertThat(past.read.toString()).isEqualTo(decoder.read.toString());
    assertThat(past.decoded.toString()).isEqualTo(decoder.decoded.toString());
  }

  /** A malformed end of a chunk fails the response, as with the decoder. */
  @Test
  void failsWhereDataIsNotFollowedByALineEnd() {
    for (String wrong :
        List.of(
            "5\r\nabcdeX\r\n0\r\n\r\n",
            "5\r\nabcde3\r\nabc\r\n0\r\n\r\n",
            "5\r\nabcde\r3\r\nabc\r\n0\r\n\r\n",
            "5\r\nabcdefgh\r\n3\r\nabc\r\n")) {
      Connection connection = received(true, HEAD + "\r\n" + wrong);

      assertThat(connection.read).hasToString("abcde");
      assertThat(connection.decoded)
          .hasToString(received(false, HEAD + "\r\n" + wrong).decoded.toString())
          .contains("InvalidChunkTerminationException");
    }
  }
}
