package dev.gatlingllm.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles the requests of one connection one after the other, including pipelined ones. */
final class ConnectionHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionHandler.class);

  /** The number of waiting pipelined requests at which reading from the connection pauses. */
  private static final int MAX_WAITING = 32;

  /** The size of the waiting requests' bodies at which reading from the connection pauses. */
  private static final int MAX_WAITING_BYTES = 1 << 20;

  private final Routes routes;
  private final long delayNanos;
  private final IdleTimeout idle;
  private final ReceiveTimeout receive;
  private final Queue<HttpExchange> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private @Nullable HttpExchange current;

  /**
   * @param delayNanos how long each request is held before it counts as received
   * @param idle the timeout of the connection, which HTTP/2 streams share
   */
  ConnectionHandler(Routes routes, long delayNanos, IdleTimeout idle, ReceiveTimeout receive) {
    this.routes = routes;
    this.delayNanos = delayNanos;
    this.idle = idle;
    this.receive = receive;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    long receivedNanos = System.nanoTime() + delayNanos;
    var channel = context.channel();
    receive.requestReceived();
    waiting.add(new HttpExchange(channel, request, receivedNanos, () -> next(context)));
    waitingBytes += request.content().readableBytes();
    if (waiting.size() >= MAX_WAITING || waitingBytes >= MAX_WAITING_BYTES) {
      channel.config().setAutoRead(false);
    }
    if (current == null) {
      idle.requestStarted();
      handleNext();
    }
  }

  /** Called when the response to the current request is written. */
  private void next(ChannelHandlerContext context) {
    if (waiting.isEmpty()) {
      current = null;
      idle.requestEnded();
      context.channel().config().setAutoRead(true);
    } else {
      handleNext();
    }
  }

  private void handleNext() {
    HttpExchange exchange = waiting.remove();
    current = exchange;
    waitingBytes -= exchange.request().body().length;
    long held = exchange.request().receivedNanos() - System.nanoTime();
    if (held <= 0) {
      routes.handle(exchange);
      return;
    }
    Runnable handle =
        () -> {
          if (!exchange.isDisconnected()) {
            routes.handle(exchange);
          }
        };
    exchange.loop().schedule(handle, held, TimeUnit.NANOSECONDS);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    waiting.clear();
    if (current != null) {
      idle.requestEnded();
      current.handleDisconnect();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // clients disconnect all the time; no more than this is needed
    LOG.debug("Closing {}", context.channel(), cause);
    context.close();
  }
}
