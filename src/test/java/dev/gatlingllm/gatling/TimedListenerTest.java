package dev.gatlingllm.gatling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.gatling.Leavers.Departure;
import dev.gatlingllm.gatling.TimedListener.Limits;
import dev.gatlingllm.metrics.LiveFigures;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.stream.Failure;
import io.gatling.http.client.HttpListener;
import io.gatling.http.client.Request;
import io.gatling.http.client.impl.NoopHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimedListenerTest {

  private static final String CHUNK = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";

  private static final Limits LIMITS = new Limits(Duration.ofSeconds(30), Integer.MAX_VALUE, false);

  private final PendingResponse pending =
      new PendingResponse(PendingResponseTest.tx(), Attempt.ofRequest(0, null));
  private final List<String> passedOn = new ArrayList<>();
  private TimedListener listener =
      new TimedListener(recording(passedOn), pending, new LiveFigures(), LIMITS);

  @Test
  void notesTheReplicaThatAHeaderNames() {
    pending.replicaHeader = "x-served-by";

    listener.onHttpResponse(
        HttpResponseStatus.OK, new DefaultHttpHeaders().add("X-Served-By", "replica-2"));

    assertThat(pending.replica).isEqualTo("replica-2");
  }

  @Test
  void notesTheDateOfTheResponse() {
    listener.onHttpResponse(
        HttpResponseStatus.OK,
        new DefaultHttpHeaders().add("date", "Fri, 27 Nov 2026 11:00:00 GMT"));

    assertThat(pending.date).isEqualTo("Fri, 27 Nov 2026 11:00:00 GMT");
    assertThat(pending.headNanos).isNotZero();
  }

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

  @Test
  void measuresConnectingFromSendingToWriting() {
    listener.onSend();
    long sent = pending.timeline.writtenNanos();
    write();
    assertThat(pending.connectNanos).isBetween(0L, pending.timeline.writtenNanos() - sent);
  }

  @Test
  void doesNotConnectWhereAConnectionIsKept() {
    listener.onSend();
    writeOnReusedConnection(0);
    write();
    assertThat(pending.newConnection).as("of the second write").isTrue();
    assertThat(pending.connectNanos).isEqualTo(Response.UNKNOWN);
  }

  @Test
  void noModelReadsARequestThatIsNeverWritten() {
    listener.onSend();
    listener.onThrowable(new ConnectException("Connection refused"));
    assertThat(pending.isRefused()).isTrue();

    write();
    assertThat(pending.isRefused()).isFalse();
  }

  @Test
  void suspectsThatAServerExpectsTlsOnlyBeforeItHasSentATokenInTheRun() {
    LiveFigures live = new LiveFigures();
    listener = new TimedListener(recording(passedOn), pending, live, LIMITS);
    write();
    listener.onThrowable(new IOException("Premature close"));
    assertThat(pending.describeFailure()).endsWith("its URL must begin with https://");

    PendingResponse later =
        new PendingResponse(PendingResponseTest.tx(), Attempt.ofRequest(0, null));
    listener = new TimedListener(recording(passedOn), later, live, LIMITS);
    write();
    live.recordChunks(1);
    listener.onThrowable(new IOException("Premature close"));
    assertThat(later.describeFailure()).isEqualTo("connection: Premature close");
  }

  /** Writes the request on a connection that was used before, which then stays open for a time. */
  private void writeOnReusedConnection(long openMillis) {
    EmbeddedChannel reused = new EmbeddedChannel();
    reused.freezeTime();
    PendingResponse earlier =
        new PendingResponse(PendingResponseTest.tx(), Attempt.ofRequest(0, null));
    new TimedListener(recording(new ArrayList<>()), earlier, new LiveFigures(), LIMITS)
        .onWrite(reused);
    listener.onWrite(reused);
    passTime(reused, openMillis);
    reused.close();
  }

  /** Lets time pass on an event loop that is not busy. */
  private static void passTime(EmbeddedChannel connection, long millis) {
    for (int i = 0; i < millis; i++) {
      connection.advanceTimeBy(1, TimeUnit.MILLISECONDS);
      connection.runScheduledPendingTasks();
    }
  }

  @Test
  void writesAgainWhereABusyEventLoopLearnsOfTheCloseLate() {
    EmbeddedChannel reused = new EmbeddedChannel();
    reused.freezeTime();
    listener.onWrite(reused);
    reused.advanceTimeBy(100, TimeUnit.MILLISECONDS);
    reused.runScheduledPendingTasks();
    reused.close();

    assertThat(write().isOpen()).isTrue();
    assertThat(pending.resent).isTrue();
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
    passTime(usedByUntimedRequests, 60);
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
    receive(CHUNK + "data: [DONE]\n\n");
    listener.onThrowable(new IOException("Premature close"));

    assertThat(passedOn).containsExactly("write", "200 OK", "body", "end");
    assertThat(pending.describeFailure()).isNull();
  }

  /** A connection whose last handler fails the request, as Gatling's does. */
  private EmbeddedChannel writeAndReceiveHead(String contentType) {
    EmbeddedChannel connection =
        new EmbeddedChannel(
            NoopHandler.INSTANCE,
            new HttpClientCodec(),
            new ChannelInboundHandlerAdapter() {
              @Override
              public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                listener.onThrowable(cause);
                context.close();
              }
            });
    connection.freezeTime();
    listener.onWrite(connection);
    listener.onHttpResponse(
        HttpResponseStatus.OK, new DefaultHttpHeaders().set("Content-Type", contentType));
    return connection;
  }

  private void receive(String bytes) {
    listener.onHttpResponseBodyChunk(Unpooled.copiedBuffer(bytes, UTF_8), false);
  }

  @Test
  void closesTheConnectionOfAMalformedResponse() {
    EmbeddedChannel connection = writeAndReceiveHead("text/event-stream");
    receive(CHUNK);
    receive("data: {\n\n");
    receive(CHUNK);
    connection.runPendingTasks();

    assertThat(passedOn)
        .containsExactly("write", "200 OK", "body", "the response was not read to its end");
    assertThat(connection.isOpen()).isFalse();
    assertThat(pending.failure()).isEqualTo(new Failure("malformed", "unreadable: {"));
  }

  @Test
  void leavesTheNextRequestAloneWhereAMalformedResponseEndsByItself() {
    EmbeddedChannel connection = writeAndReceiveHead("text/event-stream");
    receive("data: {\n\n");
    listener.onHttpResponseBodyChunk(Unpooled.EMPTY_BUFFER, true);
    connection.runPendingTasks();

    assertThat(passedOn).containsExactly("write", "200 OK", "the response was not read to its end");
    assertThat(connection.isOpen()).isTrue();
  }

  @Test
  void acceptsAResponseThatGoesOnAfterItIsDone() {
    EmbeddedChannel connection = writeAndReceiveHead("text/event-stream");
    receive(CHUNK + "data: [DONE]\n\n");
    for (int mebibyte = 0; mebibyte < 6; mebibyte++) {
      receive(": " + "x".repeat(1 << 20));
    }
    connection.runPendingTasks();

    assertThat(passedOn).startsWith("write", "200 OK", "body").endsWith("end");
    assertThat(connection.isOpen()).isFalse();
    assertThat(pending.describeFailure()).isNull();
  }

  /**
   * Lets the event loop notice that an hour has passed; the clock of the listener is the real one.
   */
  private static void passAnHour(EmbeddedChannel connection) {
    connection.advanceTimeBy(1, TimeUnit.HOURS);
    connection.runScheduledPendingTasks();
    connection.runPendingTasks();
  }

  private void limitTime(Duration chunkTimeout) {
    listener =
        new TimedListener(
            recording(passedOn),
            pending,
            new LiveFigures(),
            new Limits(chunkTimeout, Integer.MAX_VALUE, false));
  }

  @Test
  void failsAStreamThatStalls() {
    limitTime(Duration.ofNanos(1));
    EmbeddedChannel connection = writeAndReceiveHead("text/event-stream");
    receive(CHUNK);
    receive(": comments are no progress\n\n");
    passAnHour(connection);

    assertThat(pending.failure()).isEqualTo(new Failure("stalled", "no chunk for 1ns"));
    assertThat(connection.isOpen()).isFalse();
    assertThat(passedOn).containsExactly("write", "200 OK", "body", "body", "no chunk for 1ns");
  }

  @Test
  void waitsForAChunkFromTheLastOneOn() {
    limitTime(Duration.ofMinutes(50));
    EmbeddedChannel connection = writeAndReceiveHead("text/event-stream");
    receive(CHUNK);
    passAnHour(connection);

    assertThat(pending.timeline.hasEnded()).isFalse();
    listener.onHttpResponseBodyChunk(Unpooled.copiedBuffer("data: [DONE]\n\n", UTF_8), true);
    passAnHour(connection);
    assertThat(pending.describeFailure()).isNull();
    assertThat(connection.isOpen()).isTrue();
  }

  private PendingResponse leaveAfter(int tokens, Duration time) {
    PendingResponse abandoned =
        new PendingResponse(
            PendingResponseTest.tx(),
            Attempt.ofRequest(0, new Departure(tokens, time.toNanos(), true)));
    listener = new TimedListener(recording(passedOn), abandoned, new LiveFigures(), LIMITS);
    return abandoned;
  }

  @Test
  void leavesAfterSomeTokens() {
    PendingResponse abandoned = leaveAfter(2, Duration.ZERO);
    EmbeddedChannel connection = writeAndReceiveHead("text/event-stream");
    receive(CHUNK);
    connection.runPendingTasks();
    assertThat(connection.isOpen()).isTrue();

    receive(CHUNK);
    receive(CHUNK);
    connection.runPendingTasks();
    assertThat(connection.isOpen()).isFalse();
    assertThat(abandoned.abandoned).isTrue();
    assertThat(abandoned.timeline.chunks()).isEqualTo(2);
    assertThat(abandoned.timeline.failure()).isNull();
    assertThat(passedOn).containsExactly("write", "200 OK", "body", "the user has left");
  }

  @Test
  void leavesAfterATime() {
    PendingResponse abandoned = leaveAfter(0, Duration.ofMinutes(50));
    EmbeddedChannel connection = writeAndReceiveHead("text/event-stream");
    assertThat(connection.isOpen()).isTrue();

    passAnHour(connection);
    assertThat(abandoned.abandoned).isTrue();
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void doesNotLeaveAResponseThatHasEnded() {
    PendingResponse abandoned = leaveAfter(1, Duration.ZERO);
    EmbeddedChannel connection = writeAndReceiveHead("text/event-stream");
    receive(CHUNK + "data: [DONE]\n\n");
    listener.onHttpResponseBodyChunk(Unpooled.EMPTY_BUFFER, true);
    connection.runPendingTasks();

    assertThat(abandoned.abandoned).isFalse();
    assertThat(connection.isOpen()).isTrue();
  }

  @Test
  void waitsLongForTheFirstChunk() {
    limitTime(Duration.ofNanos(1));
    EmbeddedChannel connection = writeAndReceiveHead("text/event-stream");
    receive(": queued\n\n");
    passAnHour(connection);

    assertThat(pending.timeline.hasEnded()).isFalse();
  }

  @Test
  void doesNotWaitForTheRestOfAnError() {
    limitTime(Duration.ofNanos(1));
    EmbeddedChannel connection = writeAndReceiveHead("text/event-stream");
    listener.onHttpResponse(HttpResponseStatus.BAD_GATEWAY, EmptyHttpHeaders.INSTANCE);
    receive("Bad");
    passAnHour(connection);

    assertThat(pending.failure()).isEqualTo(new Failure("http 502", "Bad"));
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void isMalformedWhereItIsNoValidHttp() {
    writeAndReceiveHead("text/event-stream");
    listener.onThrowable(new TooLongHttpHeaderException("too long"));

    assertThat(pending.failure()).isEqualTo(new Failure("malformed", "unreadable: too long"));
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
