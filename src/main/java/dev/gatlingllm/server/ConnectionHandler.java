package dev.gatlingllm.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import java.util.ArrayDeque;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles the requests of one connection one after the other, including pipelined ones. */
final class ConnectionHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionHandler.class);

  /** The number of waiting pipelined requests at which reading from the connection pauses. */
  private static final int MAX_WAITING = 32;

  private final Routes routes;
  private final Queue<HttpExchange> waiting = new ArrayDeque<>();
  private HttpExchange current;

  ConnectionHandler(Routes routes) {
    this.routes = routes;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    long receivedNanos = System.nanoTime();
    var channel = context.channel();
    waiting.add(new HttpExchange(channel, request, receivedNanos, () -> next(context)));
    if (waiting.size() >= MAX_WAITING) {
      channel.config().setAutoRead(false);
    }
    if (current == null) {
      next(context);
    }
  }

  private void next(ChannelHandlerContext context) {
    current = waiting.poll();
    if (current != null) {
      routes.handle(current);
    } else {
      context.channel().config().setAutoRead(true);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    waiting.clear();
    if (current != null) {
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
