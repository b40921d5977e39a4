package dev.gatlingllm.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection that has had no request for some time. HTTP/2 streams count as requests of
 * their connection. Used on the event loop of the connection.
 */
final class IdleTimeout extends ChannelInboundHandlerAdapter {

  private final long nanos;
  private int requests;
  private long idleSince = System.nanoTime();
  private @Nullable Future<?> check;

  /**
   * @param nanos how long a connection can be idle
   */
  IdleTimeout(long nanos) {
    this.nanos = nanos;
  }

  void requestStarted() {
    requests++;
  }

  void requestEnded() {
    requests--;
    idleSince = System.nanoTime();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    checkAfter(context, nanos);
  }

  /** Schedules one check for many requests, because most requests come long before it. */
  private void checkAfter(ChannelHandlerContext context, long wait) {
    check = context.executor().schedule(() -> check(context), wait, TimeUnit.NANOSECONDS);
  }

  private void check(ChannelHandlerContext context) {
    long left = requests > 0 ? nanos : idleSince + nanos - System.nanoTime();
    if (left <= 0) {
      context.close();
    } else {
      checkAfter(context, left);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (check != null) {
      check.cancel(false);
    }
  }
}
