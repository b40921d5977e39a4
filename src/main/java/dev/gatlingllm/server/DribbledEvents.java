package dev.gatlingllm.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/** Sends each byte as a chunk and a segment of its own. */
final class DribbledEvents extends EventFilter {

  @Override
  void events(ChannelHandlerContext context, ByteBuf events) {
    while (events.isReadable()) {
      pass(context, events.readRetainedSlice(1));
      context.flush();
    }
    events.release();
  }
}
