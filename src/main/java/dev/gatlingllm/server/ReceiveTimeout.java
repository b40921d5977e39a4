package dev.gatlingllm.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection, or an HTTP/2 stream, whose request has begun but does not become complete
 * within some time.
 */
final class ReceiveTimeout extends ChannelInboundHandlerAdapter {

  private final long nanos;
  private boolean complete;
  private @Nullable Future<?> close;

  /**
   * @param nanos the time from the first byte of a request to its last
   */
  ReceiveTimeout(long nanos) {
    this.nanos = nanos;
  }

  /** Called when a request is complete. */
  void requestReceived() {
    complete = true;
    if (close != null) {
      close.cancel(false);
      close = null;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    complete = false;
    context.fireChannelRead(message);
    // most requests arrive in one piece and need no timer
    if (!complete && close == null) {
      closeLater(context);
    }
  }

  private void closeLater(ChannelHandlerContext context) {
    close =
        context
            .executor()
            .schedule(
                () -> {
                  if (context.channel().config().isAutoRead()) {
                    context.close();
                  } else {
                    // the rest may have arrived, but is not read yet
                    closeLater(context);
                  }
                },
                nanos,
                TimeUnit.NANOSECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    requestReceived();
  }
}
