package dev.gatlingllm.gatling;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Drops interim responses (1xx) of an HTTP/1.1 connection. Gatling's client takes one for the
 * response: the next request on the connection would get the response to this one. Also limits the
 * head of a response, which Gatling's client reads without end. Runs on the event loop of the
 * connection.
 */
final class InterimResponses extends ChannelInboundHandlerAdapter {

  /** As Gatling's own, but for the limit. */
  private static final HttpDecoderConfig CODEC =
      new HttpDecoderConfig().setMaxHeaderSize(1 << 20).setValidateHeaders(false);

  private final ChunkedBodies bodies = new ChunkedBodies();
  private boolean continueExpected;
  private boolean dropping;

  private InterimResponses() {}

  /**
   * Notes that a request is about to be written; does nothing on an HTTP/2 connection.
   *
   * @param continueExpected whether the request asks for 100 (Continue) before its body
   * @param reader takes the body of the response if it is a stream; null for nobody
   */
  static void beforeWrite(
      Channel channel, boolean continueExpected, ChunkedBodies.@Nullable Reader reader) {
    ChannelHandlerContext codec = channel.pipeline().context(HttpClientCodec.class);
    if (codec == null) {
      return;
    }
    InterimResponses responses = channel.pipeline().get(InterimResponses.class);
    if (responses == null) {
      responses = new InterimResponses();
      channel
          .pipeline()
          .replace(codec.handler(), codec.name(), new HttpClientCodec(CODEC, false, false));
      channel.pipeline().addAfter(codec.name(), "gatling-llm-interim", responses);
      channel.pipeline().addBefore(codec.name(), "gatling-llm-bodies", responses.bodies);
      RecvByteBufAllocator usual = channel.config().getRecvByteBufAllocator();
      channel.config().setRecvByteBufAllocator(new BodyBuffer(usual, responses.bodies::readsBody));
    }
    responses.continueExpected = continueExpected;
    responses.bodies.expect(continueExpected ? null : reader);
  }

  /** Fails the request under way on an HTTP/1.1 connection and closes the connection. */
  static void fail(Channel channel, Throwable cause) {
    // not from the head of the pipeline, where a handler of Gatling's drops every exception
    channel.pipeline().context(InterimResponses.class).fireExceptionCaught(cause);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpResponse response) {
      dropping = isInterim(response.status()) && !isExpected(response.status());
      if (!dropping) {
        bodies.onHead(response);
      }
    }
    boolean drop = dropping;
    if (message instanceof LastHttpContent) {
      dropping = false;
    }
    if (drop) {
      ReferenceCountUtil.release(message);
    } else {
      if (message instanceof LastHttpContent) {
        // before the next request is written, which may happen in the call below
        bodies.onEnd();
      }
      context.fireChannelRead(message);
    }
  }

  static boolean isInterim(HttpResponseStatus status) {
    return status.codeClass() == HttpStatusClass.INFORMATIONAL
        && status.code() != HttpResponseStatus.SWITCHING_PROTOCOLS.code();
  }

  private boolean isExpected(HttpResponseStatus status) {
    boolean expected = continueExpected && status.code() == HttpResponseStatus.CONTINUE.code();
    continueExpected &= !expected;
    return expected;
  }
}
