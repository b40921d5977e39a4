package dev.gatlingllm.gatling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.LiveFigures;
import dev.gatlingllm.stream.Failure;
import io.gatling.http.client.HttpListener;
import io.gatling.http.client.Request;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimedListenerTest {

  private final PendingResponse pending =
      new PendingResponse(PendingResponseTest.tx(), Attempt.ofRequest(0));
  private final List<String> passedOn = new ArrayList<>();
  private final TimedListener listener =
      new TimedListener(recording(passedOn), pending, new LiveFigures());

  private static HttpListener recording(List<String> calls) {
    return new HttpListener() {
      @Override
      public void onFinalClientRequest(Request request) {}

      @Override
      public void onProtocolAwareness(boolean http2) {}

      @Override
      public void onSend() {}

      @Override
      public void onWrite(Channel channel) {
        calls.add("write");
      }

      @Override
      public void onHttpResponse(HttpResponseStatus status, HttpHeaders headers) {
        calls.add(status.toString());
      }

      @Override
      public void onHttpResponseBodyChunk(ByteBuf chunk, boolean last) {
        calls.add(last ? "end" : "body");
      }

      @Override
      public void onThrowable(Throwable cause) {
        calls.add(cause.getMessage());
      }
    };
  }

  private Channel write() {
    Channel channel = new EmbeddedChannel();
    listener.onWrite(channel);
    return channel;
  }

  @Test
  void writesAgainWithoutRestartingTheClockWhereTheServerClosedAnIdleConnection() {
    write();
    long written = pending.timeline.writtenNanos();
    Channel second = write();

    assertThat(second.isOpen()).isTrue();
    assertThat(passedOn).containsExactly("write", "write");
    assertThat(pending.timeline.writtenNanos()).isEqualTo(written);
    assertThat(pending.resent).isTrue();
  }

  /** Writes the request on a connection that was used before, which then stays open for a time. */
  private void writeOnReusedConnection(long openMillis) {
    EmbeddedChannel reused = new EmbeddedChannel();
    reused.freezeTime();
    PendingResponse earlier = new PendingResponse(PendingResponseTest.tx(), Attempt.ofRequest(0));
    new TimedListener(recording(new ArrayList<>()), earlier, new LiveFigures()).onWrite(reused);
    listener.onWrite(reused);
    reused.advanceTimeBy(openMillis, TimeUnit.MILLISECONDS);
    reused.runScheduledPendingTasks();
    reused.close();
  }

  @Test
  void writesAgainWhereAReusedConnectionClosesAtOnce() {
    writeOnReusedConnection(40);

    assertThat(write().isOpen()).isTrue();
    assertThat(pending.resent).isTrue();
  }

  @Test
  void failsARequestThatTheServerHadTimeToRead() {
    writeOnReusedConnection(60);
    Channel second = write();
    listener.onThrowable(new IOException("Premature close"));

    assertThat(second.isOpen()).isFalse();
    assertThat(passedOn).containsExactly("write", "Premature close");
    assertThat(pending.failure())
        .isEqualTo(
            new Failure("connection", "the server closed the connection without a response"));
    assertThat(pending.resent).isFalse();
  }

  @Test
  void failsARequestThatTheServerHadTimeToReadOnAConnectionThatOtherRequestsUsed() {
    EmbeddedChannel usedByUntimedRequests = new EmbeddedChannel();
    usedByUntimedRequests.freezeTime();
    listener.onWrite(usedByUntimedRequests);
    usedByUntimedRequests.advanceTimeBy(60, TimeUnit.MILLISECONDS);
    usedByUntimedRequests.runScheduledPendingTasks();
    usedByUntimedRequests.close();

    assertThat(write().isOpen()).isFalse();
    assertThat(pending.resent).isFalse();
  }

  @Test
  void writesAgainWhatTheServerDidNotProcess() {
    writeOnReusedConnection(60);
    listener.markUnprocessed();

    assertThat(write().isOpen()).isTrue();
    assertThat(pending.resent).isTrue();
  }

  @Test
  void doesNotWriteAgainInMidStream() {
    write();
    listener.onHttpResponse(HttpResponseStatus.OK, EmptyHttpHeaders.INSTANCE);

    assertThat(write().isOpen()).isFalse();
  }

  @Test
  void ignoresInterimResponses() {
    write();
    listener.onHttpResponse(HttpResponseStatus.EARLY_HINTS, EmptyHttpHeaders.INSTANCE);
    listener.onHttpResponse(HttpResponseStatus.OK, EmptyHttpHeaders.INSTANCE);

    assertThat(passedOn).containsExactly("write", "200 OK");
    assertThat(pending.timeline.status()).isEqualTo(200);
  }

  @Test
  void endsAStreamThatLacksOnlyTheEndOfItsBody() {
    write();
    listener.onHttpResponse(
        HttpResponseStatus.OK, new DefaultHttpHeaders().set("Content-Type", "text/event-stream"));
    String stream = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: [DONE]\n\n";
    listener.onHttpResponseBodyChunk(Unpooled.copiedBuffer(stream, UTF_8), false);
    listener.onThrowable(new IOException("Premature close"));

    assertThat(passedOn).containsExactly("write", "200 OK", "body", "end");
    assertThat(pending.describeFailure()).isNull();
  }

  @Test
  void failsARequestWhoseStreamWasClosed() {
    write();
    listener.onHttpResponse(HttpResponseStatus.OK, EmptyHttpHeaders.INSTANCE);

    assertThat(listener.breakOff("HTTP/2 stream was reset")).isTrue();
    listener.onHttpResponseBodyChunk(Unpooled.EMPTY_BUFFER, true);
    assertThat(passedOn).containsExactly("write", "200 OK", "HTTP/2 stream was reset");
    assertThat(pending.failure().message()).isEqualTo("HTTP/2 stream was reset");
    assertThat(listener.breakOff("again")).isFalse();
  }

  @Test
  void namesTheCauseAtTheBottom() {
    Throwable thrown = new IOException("outer", new ConnectException("Connection refused"));

    assertThat(TimedListener.describe(thrown)).isEqualTo("Connection refused");
  }

  @Test
  void saysThatAHostIsUnknown() {
    assertThat(TimedListener.describe(new UnknownHostException("llm.example")))
        .isEqualTo("unknown host llm.example");
  }

  @Test
  void namesTheClassOfACauseWithoutAMessage() {
    assertThat(TimedListener.describe(new ClosedChannelException()))
        .isEqualTo("ClosedChannelException");
  }
}
