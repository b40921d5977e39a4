package dev.gatlingllm.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;

/** Leaves {@code [DONE]} out. */
final class EventsWithoutDone extends EventFilter {

  private static final ByteBuf DONE =
      Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("data: [DONE]\n\n", US_ASCII));

  @Override
  void events(ChannelHandlerContext context, ByteBuf events) {
    int done = ByteBufUtil.indexOf(DONE.duplicate(), events);
    if (done >= 0) {
      // nothing comes behind it
      events.writerIndex(done);
    }
    if (events.isReadable()) {
      pass(context, events);
    } else {
      events.release();
    }
  }
}
