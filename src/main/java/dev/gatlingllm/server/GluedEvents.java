package dev.gatlingllm.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;

/** Collects events, to send them as one chunk when told to. */
final class GluedEvents extends EventFilter {

  private ByteBuf glued = Unpooled.buffer();
  private ChannelHandlerContext context;

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    this.context = context;
  }

  @Override
  void events(ChannelHandlerContext context, ByteBuf events) {
    glued.writeBytes(events);
    events.release();
  }

  /** Sends what there is. */
  void letThrough() {
    end(context);
    context.flush();
  }

  @Override
  void end(ChannelHandlerContext context) {
    if (glued.isReadable()) {
      pass(context, glued);
      glued = Unpooled.buffer();
    }
  }
}
