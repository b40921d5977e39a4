package dev.gatlingllm.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

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
 * Changes how the events of one stream are sent, for faults of the stage {@link
 * FaultKind.Stage#TRANSPORT}. Removes itself from the pipeline when the stream ends.
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

  /** Omits the event that contains a text; each of those events is a write of its own. */
  static final class Without extends EventFilter {

    private final ByteBuf text;

    Without(String text) {
      this.text = Unpooled.copiedBuffer(text, US_ASCII);
    }

    @Override
    void write(ChannelHandlerContext context, ByteBuf events) {
      if (ByteBufUtil.indexOf(text, events) < 0) {
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

    @SuppressWarnings("NullAway.Init") // set when the filter is added
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
