package dev.gatlingllm.gatling;

import dev.gatlingllm.stream.HttpChunks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.InvalidChunkTerminationException;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * Reads streams of events past Netty's HTTP decoder and Gatling's handlers, whose objects and
 * buffers cost as much per token as its decoding: from the bytes of the connection to the listener
 * of the request. The decoder gets the head of the response and, at the end, the last chunk of its
 * body, as if it had no other. Other bodies, and what is unusual in a stream, are left to the
 * decoder.
 *
 * <p>Stands before the decoder of an HTTP/1.1 connection; runs on its event loop.
 */
final class ChunkedBodies extends ChannelInboundHandlerAdapter implements HttpChunks.Data {

  /** Takes the bytes of a body. */
  interface Reader {
    /**
     * Reads bytes, which are valid only during the call.
     *
     * @param nanos {@link System#nanoTime()} when they were read from the connection
     * @return whether more is wanted; if not, the reader closes the connection
     */
    boolean onBody(byte[] bytes, int offset, int length, long nanos);
  }

  private enum Stage {
    /** Everything is the decoder's. */
    PASSING,
    /** The decoder gets the head, and its end is looked for. */
    HEAD,
    /** The bytes are of a body that the reader takes. */
    BODY,
    /** The connection is about to close. */
    DROPPING
  }

  /** Bytes that are copied at once, because a reader needs an array. */
  private static final int SLICE = 8 * 1024;

  /** Shared by the connections of a thread. */
  private static final ThreadLocal<byte[]> SCRATCH = ThreadLocal.withInitial(() -> new byte[SLICE]);

  private final HttpChunks chunks = new HttpChunks();
  private Stage stage = Stage.PASSING;
  private @Nullable Reader reader;

  /** Whether the head has begun, and whether a line of it has not: the end is an empty line. */
  private boolean begun;

  private boolean atLineStart;
  private boolean afterCarriageReturn;

  /** Whether the last response was a stream; the next one mostly is the same. */
  private boolean streams = true;

  private long readNanos;
  private boolean passedOn;

  /**
   * Expects a response.
   *
   * @param next takes the body if it is a stream of events; null to leave it to the decoder
   */
  void expect(@Nullable Reader next) {
    reader = next;
    stage = next != null && streams ? Stage.HEAD : Stage.PASSING;
    expectHead();
  }

  private void expectHead() {
    begun = false;
    atLineStart = false;
    afterCarriageReturn = false;
  }

  /** Decides about the body, when the decoder has read the head of a final response. */
  void onHead(HttpResponse head) {
    streams = isPlainStream(head.headers());
    if (stage == Stage.HEAD) {
      stage = streams ? Stage.BODY : Stage.PASSING;
      chunks.begin();
    }
  }

  /**
   * Forgets who took the body, when the decoder has read its end: connections are kept for long.
   */
  void onEnd() {
    reader = null;
  }

  boolean readsBody() {
    return stage == Stage.BODY;
  }

  private static boolean isPlainStream(HttpHeaders headers) {
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
    return type != null
        && type.startsWith(HttpHeaderValues.TEXT_EVENT_STREAM.toString())
        && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(
            headers.get(HttpHeaderNames.TRANSFER_ENCODING))
        && !headers.contains(HttpHeaderNames.CONTENT_ENCODING);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (stage == Stage.PASSING || !(message instanceof ByteBuf bytes)) {
      passOn(context, message);
      return;
    }
    readNanos = System.nanoTime();
    try {
      while (bytes.isReadable() && stage == Stage.HEAD) {
        int end = endOfHead(bytes);
        passOn(context, bytes.readRetainedSlice(end - bytes.readerIndex()));
        if (stage == Stage.BODY) {
          // this handler asks for each read: Netty would ask through all handlers of the connection
          context.channel().config().setAutoRead(false);
        }
      }
      if (stage == Stage.BODY) {
        readBody(context, bytes);
      } else if (stage == Stage.PASSING && bytes.isReadable()) {
        passOn(context, bytes.readRetainedSlice(bytes.readableBytes()));
      }
    } finally {
      bytes.release();
    }
  }

  private void passOn(ChannelHandlerContext context, Object message) {
    passedOn = true;
    context.fireChannelRead(message);
  }

  /** Returns the index after the head, or the end of the bytes. */
  private int endOfHead(ByteBuf bytes) {
    for (int i = bytes.readerIndex(); i < bytes.writerIndex(); i++) {
      byte b = bytes.getByte(i);
      if (!begun) {
        // as the decoder, which skips these before the status line
        begun = !Character.isISOControl(b & 0xFF) && !Character.isWhitespace(b);
      } else if (b == '\n') {
        if (atLineStart) {
          expectHead();
          return i + 1;
        }
        atLineStart = true;
        afterCarriageReturn = false;
      } else {
        atLineStart &= b == '\r' && !afterCarriageReturn;
        afterCarriageReturn = b == '\r';
      }
    }
    return bytes.writerIndex();
  }

  private void readBody(ChannelHandlerContext context, ByteBuf bytes) {
    byte[] scratch = SCRATCH.get();
    while (bytes.isReadable() && stage == Stage.BODY) {
      int length = Math.min(SLICE, bytes.readableBytes());
      bytes.getBytes(bytes.readerIndex(), scratch, 0, length);
      bytes.skipBytes(chunks.read(scratch, 0, length, this));
      if (chunks.hasEnded() && stage == Stage.BODY) {
        context.channel().config().setAutoRead(true);
        endBody(context, bytes);
      }
    }
  }

  private void endBody(ChannelHandlerContext context, ByteBuf bytes) {
    if (chunks.isMalformed()) {
      // the decoder has not read the data that should have ended here
      stage = Stage.DROPPING;
      passOn(context, malformed());
      return;
    }
    stage = Stage.PASSING;
    byte[] size = chunks.unusedSize();
    ByteBuf rest = context.alloc().buffer(size.length + bytes.readableBytes());
    passOn(context, rest.writeBytes(size).writeBytes(bytes));
  }

  /** Returns what the decoder makes of a chunk without its end. */
  private static LastHttpContent malformed() {
    LastHttpContent content = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
    content.setDecoderResult(DecoderResult.failure(new InvalidChunkTerminationException()));
    return content;
  }

  @Override
  public boolean onData(byte[] bytes, int offset, int length) {
    boolean more = reader != null && reader.onBody(bytes, offset, length, readNanos);
    if (!more) {
      stage = Stage.DROPPING;
    }
    return more;
  }

  /** Tells the handlers that all was read, if they got any of it. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (stage == Stage.BODY) {
      context.read();
    }
    if (passedOn || stage != Stage.BODY) {
      passedOn = false;
      context.fireChannelReadComplete();
    }
  }
}
