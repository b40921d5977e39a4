package dev.gatlingllm.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;

/** Sees the events of one stream before the connection does, and leaves when that has ended. */
abstract class EventFilter extends ChannelOutboundHandlerAdapter {

  @Override
  public final void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof LastHttpContent) {
      end(context);
      context.write(message, promise);
      context.pipeline().remove(this);
    } else if (message instanceof HttpContent content) {
      events(context, content.content());
    } else {
      context.write(message, promise);
    }
  }

  /** Takes the next events, whose buffer is this filter's from now on. */
  abstract void events(ChannelHandlerContext context, ByteBuf events);

  /** No more events come. */
  void end(ChannelHandlerContext context) {}

  static void pass(ChannelHandlerContext context, ByteBuf events) {
    context.write(new DefaultHttpContent(events), context.voidPromise());
  }
}
