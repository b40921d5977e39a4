package dev.gatlingllm.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A streamed response on a connection of its own. It only finds the ends of events: the cheapest
 * client that knows when each token arrived.
 */
final class RawStream extends SimpleChannelInboundHandler<ByteBuf> {

  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

  private final long[] arrivals;
  private final Runnable onEnd;
  private String id;
  private int events;
  private boolean afterLineEnd;

  /**
   * @param tokens of the response, each in an event of its own
   * @param onEnd called after the last token
   */
  RawStream(int tokens, Runnable onEnd) {
    this.arrivals = new long[tokens];
    this.onEnd = onEnd;
  }

  /** Returns the server's id of the response; null before it has begun. */
  String id() {
    return id;
  }

  /** Returns when each token arrived, by {@link System#nanoTime()}. */
  long[] arrivals() {
    return arrivals;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
    long now = System.nanoTime();
    if (id == null) {
      Matcher matcher = ID.matcher(bytes.toString(StandardCharsets.UTF_8));
      id = matcher.find() ? matcher.group(1) : null;
    }
    bytes.forEachByte(
        next -> {
          boolean lineEnd = next == '\n';
          if (lineEnd && afterLineEnd) {
            event(now);
          }
          afterLineEnd = lineEnd;
          return true;
        });
  }

  private void event(long now) {
    if (events < arrivals.length) {
      arrivals[events++] = now;
      if (events == arrivals.length) {
        onEnd.run();
      }
    }
  }
}
