package dev.gatlingllm.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Changes how the events of one stream are sent, for the faults {@code no-done}, {@code dribble}
 * and {@code glue}. Removes itself from the pipeline when the stream ends.
 */
abstract class EventFilter extends ChannelOutboundHandlerAdapter {

  @Override
  public final void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof LastHttpContent) {
      end(context);
      context.write(message, promise);
      context.pipeline().remove(this);
    } else if (message instanceof HttpContent content) {
      write(context, content.content());
    } else {
      context.write(message, promise);
    }
  }

  /** Handles the next events. The filter must release the buffer. */
  abstract void write(ChannelHandlerContext context, ByteBuf events);

  /** Called when there are no more events. */
  void end(ChannelHandlerContext context) {}

  static void send(ChannelHandlerContext context, ByteBuf events) {
    context.write(new DefaultHttpContent(events), context.voidPromise());
  }

  /** Omits {@code [DONE]}. */
  static final class WithoutDone extends EventFilter {

    private static final ByteBuf DONE =
        Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(ServerSentEvents.DONE));

    @Override
    void write(ChannelHandlerContext context, ByteBuf events) {
      int done = ByteBufUtil.indexOf(DONE.duplicate(), events);
      if (done >= 0) {
        // it is always the last event
        events.writerIndex(done);
      }
      if (events.isReadable()) {
        send(context, events);
      } else {
        events.release();
      }
    }
  }

  /** Sends each byte in a chunk and a segment of its own. */
  static final class Dribble extends EventFilter {

    @Override
    void write(ChannelHandlerContext context, ByteBuf events) {
      while (events.isReadable()) {
        send(context, events.readRetainedSlice(1));
        context.flush();
      }
      events.release();
    }
  }

  /** Collects events and sends them as one chunk when {@link #flush()} is called. */
  static final class Glue extends EventFilter {

    private ByteBuf collected = Unpooled.buffer();
    private ChannelHandlerContext context;

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      this.context = context;
    }

    @Override
    void write(ChannelHandlerContext context, ByteBuf events) {
      collected.writeBytes(events);
      events.release();
    }

    void flush() {
      end(context);
      context.flush();
    }

    @Override
    void end(ChannelHandlerContext context) {
      if (collected.isReadable()) {
        send(context, collected);
        collected = Unpooled.buffer();
      }
    }
  }
}
